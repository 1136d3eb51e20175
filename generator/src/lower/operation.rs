//! Stage 4, operations: name, path, parameters, body and result.

use openapiv3::{Parameter as ParameterNode, ReferenceOr, RequestBody};
use serde_json::Value;

use super::place::Hint;
use super::{Lowerer, docs};
use crate::diagnostic::{Code, Place, Spot};
use crate::document::OperationNode;
use crate::ir::{Body, Docs, Operation, Parameter, ParameterPlace, PathPart, TypeRef};
use crate::names::{Case, Scope};
use crate::source::Page;

/// The methods that every request has.
const REQUEST_METHODS: [&str; 9] = [
    "call",
    "clone",
    "header",
    "into_future",
    "max_retries",
    "query_parameter",
    "send",
    "timeout",
    "with_raw_response",
];

/// Why an operation is left out: where, and in words.
pub(super) struct LeftOut(pub(super) Place, pub(super) String);

impl Lowerer<'_> {
    /// Lowers an operation; one that cannot be called rightly is left out and reported.
    pub(super) fn operation(
        &mut self,
        input: usize,
        node: &OperationNode,
        methods: &mut Scope,
        types: &mut Scope,
    ) -> Option<Operation> {
        match self.callable(input, node, methods, types) {
            Ok(operation) => Some(operation),
            Err(LeftOut(place, why)) => {
                let call = format!("{} {}", node.method, node.path);
                let message = format!("`{call}` is left out: {why}");
                self.warn(Code::OperationLeftOut, place, message, "`client.request` can send it");
                None
            }
        }
    }

    fn callable(
        &mut self,
        input: usize,
        node: &OperationNode,
        methods: &mut Scope,
        types: &mut Scope,
    ) -> Result<Operation, LeftOut> {
        let words = method_words(node);
        let hint = Hint::new(format!("{} {words}", super::service::service_words(node)));
        let mut names = Scope::with(REQUEST_METHODS.into_iter().chain(["with_response", "client"]));
        let (arguments, options) = self.parameters(input, node, &hint, &mut names)?;
        let path = path_parts(&node.path, &arguments).map_err(|name| {
            let place = Place { input, spot: Spot::Key(node.at.clone()) };
            LeftOut(place, format!("its path has `{{{name}}}`, for which there is no parameter"))
        })?;
        let body = self.body(input, node, &hint, &mut names)?;
        let success = self.success(input, node, &hint)?;
        Ok(Operation {
            method: methods.claim(&words, Case::Snake),
            request: types.claim(&words, Case::Camel),
            http_method: node.method.clone(),
            path,
            template: node.path.clone(),
            reference: self.page_of(input).and_then(|page| page.reference.clone()),
            docs: operation_docs(node, self.page_of(input).and_then(|page| page.title.as_deref())),
            deprecated: node.operation.deprecated,
            arguments,
            options,
            body,
            success,
        })
    }

    fn page_of(&self, input: usize) -> Option<&Page> {
        self.document.parts.iter().find(|part| part.input == input)?.page.as_ref()
    }

    fn parameters(
        &mut self,
        input: usize,
        node: &OperationNode,
        hint: &Hint,
        names: &mut Scope,
    ) -> Result<(Vec<Parameter>, Vec<Parameter>), LeftOut> {
        let mut arguments = Vec::new();
        let mut options = Vec::new();
        let order = |parameter: &ParameterNode| match parameter {
            ParameterNode::Path { .. } => 0,
            ParameterNode::Query { .. } => 1,
            ParameterNode::Header { .. } | ParameterNode::Cookie { .. } => 2,
        };
        let mut nodes: Vec<_> = node.parameters.iter().collect();
        nodes.sort_by_key(|(_, parameter)| order(parameter));
        for (at, parameter) in nodes {
            if super::parameter::is_of_the_client(parameter) {
                continue;
            }
            let data = parameter.parameter_data_ref();
            let place = Place { input, spot: Spot::Node(at.clone()) };
            if matches!(parameter, ParameterNode::Path { .. }) && !node.path.contains(&format!("{{{}}}", data.name)) {
                let message =
                    format!("the path parameter `{}` is left out: `{}` has no such part", data.name, node.path);
                self.warn(Code::ParameterLeftOut, place, message, "add it to the path, or take it out");
                continue;
            }
            let required = data.required || matches!(parameter, ParameterNode::Path { .. });
            match self.parameter(input, parameter, hint) {
                Ok((place, ty)) => {
                    let parameter = Parameter {
                        ident: names.claim(&data.name, Case::Snake),
                        wire: data.name.clone(),
                        place,
                        ty,
                        docs: docs::from_markdown(data.description.as_deref().unwrap_or_default()),
                        deprecated: data.deprecated.unwrap_or_default(),
                    };
                    if required { arguments.push(parameter) } else { options.push(parameter) }
                }
                Err(why) if required => {
                    return Err(LeftOut(place, format!("its parameter `{}` {why}", data.name)));
                }
                Err(why) => {
                    let message = format!("the parameter `{}` is left out: it {why}", data.name);
                    self.warn(Code::ParameterLeftOut, place, message, "`query_parameter` and `header` can send it");
                }
            }
        }
        Ok((arguments, options))
    }

    fn body(
        &mut self,
        input: usize,
        node: &OperationNode,
        hint: &Hint,
        names: &mut Scope,
    ) -> Result<Option<Body>, LeftOut> {
        let Some((at, body)) = &node.body else { return Ok(None) };
        let Some(ty) = self.json_body(input, body, hint) else {
            let types: Vec<_> = body.content.keys().map(|name| format!("`{name}`")).collect();
            let place = Place { input, spot: Spot::Node(at.clone()) };
            return Err(LeftOut(place, format!("its body is {}, and only JSON can be sent yet", types.join(" or "))));
        };
        let docs = docs::from_markdown(body.description.as_deref().unwrap_or_default());
        Ok(Some(Body { ident: names.claim("body", Case::Snake), ty, required: body.required, docs }))
    }

    fn json_body(&mut self, input: usize, body: &RequestBody, hint: &Hint) -> Option<TypeRef> {
        let (_, media_type) = body.content.iter().find(|(name, _)| super::response::is_json(name))?;
        Some(match &media_type.schema {
            Some(schema) => self.http_schema(input, schema, &hint.of("request")).into_type(),
            None => TypeRef::Value,
        })
    }

    /// The type of a schema of the HTTP half, which is a reference to where it stood.
    pub(super) fn http_schema(
        &mut self,
        input: usize,
        schema: &ReferenceOr<openapiv3::Schema>,
        hint: &Hint,
    ) -> super::Lowered {
        let id = match schema {
            ReferenceOr::Reference { reference } => self.document.schemas.at_reference(input, reference),
            ReferenceOr::Item(_) => None,
        };
        match id {
            Some(id) => self.schema(id, hint),
            None => super::Lowered::new(TypeRef::Value),
        }
    }
}

/// The words that name an operation within its service.
fn method_words(node: &OperationNode) -> String {
    if let Some(Value::String(name)) = node.operation.extensions.get("x-fern-sdk-method-name") {
        return name.clone();
    }
    match &node.operation.operation_id {
        Some(id) if !id.is_empty() => id.clone(),
        _ => format!("{} {}", node.method, node.path.replace(['{', '}'], " ")),
    }
}

fn operation_docs(node: &OperationNode, title: Option<&str>) -> Docs {
    let summary = docs::from_markdown(node.operation.summary.as_deref().or(title).unwrap_or_default());
    let description = docs::from_markdown(node.operation.description.as_deref().unwrap_or_default());
    match (summary.is_empty(), description.is_empty()) {
        (true, _) => description,
        (false, true) => summary,
        (false, false) if description.0.first().is_some_and(|first| first.starts_with(&summary.0[0])) => description,
        (false, false) => {
            let mut lines = summary.0;
            lines.push(String::new());
            lines.extend(description.0);
            Docs(lines)
        }
    }
}

/// The parts of a path template; an error is the name of a parameter that is not declared.
fn path_parts(template: &str, arguments: &[Parameter]) -> Result<Vec<PathPart>, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, tail)) = rest.split_once('{') {
        let Some((name, tail)) = tail.split_once('}') else { break };
        let is_argument = |argument: &Parameter| argument.place == ParameterPlace::Path && argument.wire == name;
        let argument = arguments.iter().position(is_argument).ok_or(name)?;
        parts.extend([PathPart::Text(text.to_owned()), PathPart::Argument(argument)]);
        rest = tail;
    }
    parts.push(PathPart::Text(rest.to_owned()));
    parts.retain(|part| *part != PathPart::Text(String::new()));
    Ok(parts)
}
