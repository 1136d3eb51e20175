//! Stage 4, operations: name, path, parameters, body and result.

use super::content::answered_by;
use super::media_type::{self, Kind};
use super::parameter::Parameters;
use super::place::Hint;
use super::reserved::REQUEST_METHODS;
use super::response::Responses;
use super::{Lowerer, docs};
use crate::diagnostic::{Code, Place, Spot};
use crate::document::OperationNode;
use crate::document::http::{self, MediaType};
use crate::ir::{Docs, IdempotencyKey, Operation, Parameter, ParameterPlace, Parts, PathPart, TypeRef};
use crate::names::{Case, Scope};
use crate::source::Page;

/// One of the media types of a body.
pub(super) struct Alternative<'n> {
    pub(super) place: &'n Place,
    pub(super) body: &'n http::Body,
    pub(super) content: &'n MediaType,
}

impl Lowerer<'_> {
    /// Lowers an operation: a method for each kind of content that it takes, and for each further one that it gives.
    pub(super) fn operation(
        &mut self,
        input: usize,
        node: &OperationNode,
        methods: &mut Scope,
        types: &mut Scope,
    ) -> Vec<Operation> {
        let place = node.body.as_ref().map(|(at, _)| Place { input, spot: Spot::Node(at.clone()) });
        let bodies = self.bodies(node, place.as_ref());
        let mut operations = Vec::new();
        for (index, body) in bodies.iter().enumerate() {
            let word = body.as_ref().filter(|_| index > 0).map(|body| self.content_word(input, body.content));
            operations.push(self.method(input, node, body.as_ref(), word, methods, types));
        }
        for content in self.other_answers(input, node) {
            let word = self.content_word(input, &content);
            let node = answered_by(node, &content.name);
            let body = bodies.first().and_then(Option::as_ref);
            let operation = self.method(input, &node, body, Some(word), methods, types);
            let docs = operation.docs.paragraph(format!("The response is asked for as `{}`.", content.name));
            let others = operation.accept.as_deref().into_iter().flat_map(|accept| accept.split(", "));
            let others = others.filter(|other| *other != "*/*" && *other != content.name);
            // Those are for other statuses, so that a server that can choose sends this one (RFC 9110, section 12.4.2).
            let others = others.map(|other| format!("{other};q=0.5"));
            let accept = [content.name.clone()].into_iter().chain(others).collect::<Vec<_>>().join(", ");
            operations.push(Operation { accept: Some(accept), docs, ..operation });
        }
        operations
    }

    /// The kinds of content of the body of an operation; `None` stands for no body.
    fn bodies<'n>(&mut self, node: &'n OperationNode, place: Option<&'n Place>) -> Vec<Option<Alternative<'n>>> {
        let (Some((_, body)), Some(place)) = (&node.body, place) else { return vec![None] };
        let contents = self.alternatives_of_body(place, body);
        if contents.is_empty() {
            let message = "no media type of the body is named; the request is sent without one";
            self.warn(
                Code::MissingKeyword,
                place.clone(),
                message,
                "`content` says what the body is, by its media type",
            );
            return vec![None];
        }
        contents.into_iter().map(|content| Some(Alternative { place, body, content })).collect()
    }

    /// Lowers an operation with one of the kinds of content of its body; what tells it from the others is added to its
    /// name.
    fn method(
        &mut self,
        input: usize,
        node: &OperationNode,
        alternative: Option<&Alternative<'_>>,
        word: Option<String>,
        methods: &mut Scope,
        types: &mut Scope,
    ) -> Operation {
        let own_words = self.method_words(input, node);
        let mut words = self.operation_words(node).unwrap_or(&own_words).to_owned();
        if let Some(word) = &word {
            words = format!("{words} {word}");
        }
        let hint = Hint::new(format!("{} {words}", super::service::service_words(node)));
        let mut names = Scope::with(REQUEST_METHODS);
        let mut parameters = self.parameters(input, node, &hint, &mut names);
        let path = path_parts(&node.path, &parameters.arguments);
        let parts = match &alternative {
            Some(Alternative { body, content, .. }) if media_type::kind(&content.name) == Kind::Multipart => {
                if body.required { Parts::Required } else { Parts::Optional }
            }
            _ => Parts::None,
        };
        let multipart = alternative.filter(|_| parts != Parts::None);
        let multipart = multipart.map(|alternative| media_type::essence(&alternative.content.name));
        let is_sibling = word.is_some();
        let body = alternative.and_then(|alternative| self.body(node, alternative, &hint, &mut names, &mut parameters));
        let place = Place { input, spot: Spot::Key(node.at.clone()) };
        let security = self.operation_security(input, node);
        let method = match is_sibling {
            true => methods.claim(&words, Case::Snake),
            false => self.claim_method(node, &own_words, methods),
        };
        let request = types.claim(&words, Case::Camel);
        self.response_headers(input, node);
        let Responses { success, stream, accept, errors } = self.responses(input, node, &words, &hint, types);
        let stream_flag = self.stream_flag(body.as_ref(), stream.as_ref());
        let pagination = self.pagination(input, node, &parameters, &success);
        Operation {
            method,
            request,
            place,
            id: node.operation.operation_id.clone(),
            tags: node.operation.tags.clone(),
            http_method: node.method.clone(),
            path,
            template: node.path.clone(),
            reference: self.page_of(input).and_then(|page| page.reference.clone()),
            docs: operation_docs(node, self.page_of(input).and_then(|page| page.title.as_deref())),
            deprecated: node.operation.deprecated,
            idempotency_key: idempotency_key(&node.method, &parameters),
            arguments: parameters.arguments,
            options: parameters.options,
            constants: parameters.constants,
            body,
            parts,
            multipart: multipart.filter(|media_type| media_type != "multipart/form-data"),
            success,
            pagination,
            stream,
            stream_flag,
            accept,
            errors,
            security,
            server: self.operation_server(input, node),
            is_sibling,
        }
    }

    pub(super) fn page_of(&self, input: usize) -> Option<&Page> {
        self.document.parts.iter().find(|part| part.input == input)?.page.as_ref()
    }

    /// The type of a schema of the HTTP half, by the reference that was left where it stood.
    pub(super) fn http_schema(&mut self, input: usize, schema: Option<&String>, hint: &Hint) -> super::Lowered {
        let id = schema.and_then(|reference| self.document.schemas.at_reference(input, reference));
        match id {
            Some(id) => self.schema(id, self.place_hint(id).as_ref().unwrap_or(hint)),
            None => super::Lowered::new(TypeRef::Value),
        }
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

/// The key by which the server knows that a repetition is one.
fn idempotency_key(method: &str, parameters: &Parameters) -> Option<IdempotencyKey> {
    let is_key = |parameter: &&Parameter| {
        let name = parameter.wire.to_ascii_lowercase();
        parameter.place == ParameterPlace::Header && matches!(name.as_str(), "idempotency-key" | "x-idempotency-key")
    };
    if !matches!(method, "POST" | "PATCH") {
        return None;
    }
    match parameters.options.iter().find(is_key) {
        Some(key) => Some(IdempotencyKey::Generated(key.wire.clone())),
        None => parameters.arguments.iter().any(|argument| is_key(&argument)).then_some(IdempotencyKey::Given),
    }
}

/// The parts of a path template; each of its names has an argument.
fn path_parts(template: &str, arguments: &[Parameter]) -> Vec<PathPart> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, tail)) = rest.split_once('{') {
        let Some((name, tail)) = tail.split_once('}') else { break };
        let is_argument = |argument: &Parameter| argument.place == ParameterPlace::Path && argument.wire == name;
        parts.push(PathPart::Text(text.to_owned()));
        parts.extend(arguments.iter().position(is_argument).map(PathPart::Argument));
        rest = tail;
    }
    parts.push(PathPart::Text(rest.to_owned()));
    parts.retain(|part| *part != PathPart::Text(String::new()));
    parts
}
