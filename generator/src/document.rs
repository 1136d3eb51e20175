//! Stage 3, [`Value`] → [`Document`]: typed nodes, references resolved. The HTTP half is read by `openapiv3`, whose
//! types say what OpenAPI 3.0 says; schemas are read by [`schema`], whose type says what JSON Schema 2020-12 says.

pub(crate) mod schema;

use indexmap::IndexMap;
use openapiv3::{Parameter, RequestBody, Response, SecurityScheme, Server};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::keywords::Kind;
use crate::dialect::walk::walk;
use crate::pointer::Pointer;
use crate::source::{Page, Source};
use schema::Schemas;

/// The methods of a path item, in the order of the specification (OpenAPI 3.1.1, section 4.8.9).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// All that the texts say, typed.
pub(crate) struct Document {
    pub(crate) parts: Vec<Part>,
    pub(crate) schemas: Schemas,
}

/// What one text says, its schemas apart.
pub(crate) struct Part {
    /// The index of the text among the inputs.
    pub(crate) input: usize,
    pub(crate) page: Option<Page>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) servers: Vec<Server>,
    /// The descriptions of the tags.
    pub(crate) tags: IndexMap<String, String>,
    pub(crate) security_schemes: Vec<SecurityScheme>,
    pub(crate) operations: Vec<OperationNode>,
    /// How many operations the text describes, those included that could not be read.
    pub(crate) operations_found: usize,
}

/// An operation with what it refers to.
pub(crate) struct OperationNode {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) at: Pointer,
    /// The operation without the parts below.
    pub(crate) operation: openapiv3::Operation,
    pub(crate) parameters: Vec<(Pointer, Parameter)>,
    pub(crate) body: Option<(Pointer, RequestBody)>,
    /// The responses by their key: a status, a range or `default`.
    pub(crate) responses: Vec<(String, Pointer, Response)>,
}

/// Reads all texts; what cannot be read is left out and reported.
pub(crate) fn read(sources: Vec<Source>, diagnostics: &mut Diagnostics) -> Document {
    let mut schemas = Schemas::default();
    let mut shells = Vec::new();
    for mut source in sources {
        lift_schemas(&mut source, &mut schemas);
        shells.push(source);
    }
    schemas.link(&mut shells, diagnostics);
    let parts = shells.into_iter().map(|shell| Reader { source: &shell, diagnostics }.part()).collect();
    Document { parts, schemas }
}

/// Takes every schema out of the HTTP half and leaves a reference to its place.
fn lift_schemas(source: &mut Source, schemas: &mut Schemas) {
    let input = source.input;
    walk(&mut source.value, Kind::Root, &Pointer::root(), &mut |kind, at, node| {
        if kind == Kind::Schema {
            let schema = std::mem::replace(node, json!({ "$ref": at.to_reference() }));
            // What is left is a reference, so that the walk goes no deeper.
            schemas.read(input, at, schema);
        }
    });
}

struct Reader<'s, 'd> {
    source: &'s Source,
    diagnostics: &'d mut Diagnostics,
}

impl Reader<'_, '_> {
    fn part(mut self) -> Part {
        let root = &self.source.value;
        let text = |pointer: &str| root.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let (operations, operations_found) = self.operations();
        Part {
            input: self.source.input,
            page: self.source.page.clone(),
            title: text("/info/title"),
            description: text("/info/description"),
            servers: self.all("/servers"),
            tags: tags(root),
            security_schemes: self.security_schemes(),
            operations,
            operations_found,
        }
    }

    fn warn(&mut self, code: Code, at: &Pointer, message: String, help: &str) {
        let place = Place { input: self.source.input, spot: Spot::Node(at.clone()) };
        self.diagnostics.push(Diagnostic::new(Severity::Warning, code, place, message).help(help));
    }

    fn operations(&mut self) -> (Vec<OperationNode>, usize) {
        let mut operations = Vec::new();
        let mut found = 0;
        let source = self.source;
        let at = Pointer::root().key("paths");
        for (path, item) in at.get(&source.value).and_then(Value::as_object).into_iter().flatten() {
            let Some((item, at)) = self.follow(item, at.key(path)) else { continue };
            for method in METHODS {
                let Some(operation) = item.get(method).and_then(Value::as_object) else { continue };
                found += 1;
                let at = at.key(method);
                operations.extend(self.operation(method, path, item, at, operation));
            }
        }
        (operations, found)
    }

    fn operation(
        &mut self,
        method: &'static str,
        path: &str,
        item: &Value,
        at: Pointer,
        node: &Map<String, Value>,
    ) -> Option<OperationNode> {
        let mut plain = node.clone();
        for key in ["parameters", "requestBody", "callbacks", "security", "servers"] {
            plain.remove(key);
        }
        plain.insert("responses".to_owned(), json!({}));
        let operation = self.typed(&Value::Object(plain), &at, "the operation")?;
        let mut parameters = self.parameters(item, &at.parent().unwrap_or_default());
        for (at, parameter) in self.parameters(&Value::Object(node.clone()), &at) {
            // A parameter of the operation replaces that of the path with the same name and place.
            let same = |other: &Parameter| {
                other.parameter_data_ref().name == parameter.parameter_data_ref().name
                    && std::mem::discriminant(other) == std::mem::discriminant(&parameter)
            };
            parameters.retain(|(_, other)| !same(other));
            parameters.push((at, parameter));
        }
        let body = node.get("requestBody").and_then(|body| {
            let (body, at) = self.follow(body, at.key("requestBody"))?;
            Some((at.clone(), self.typed(body, &at, "the request body")?))
        });
        let responses = self.responses(node.get("responses"), &at.key("responses"));
        Some(OperationNode { method, path: path.to_owned(), at, operation, parameters, body, responses })
    }

    fn parameters(&mut self, owner: &Value, at: &Pointer) -> Vec<(Pointer, Parameter)> {
        let at = at.key("parameters");
        let mut parameters = Vec::new();
        for (index, node) in owner.get("parameters").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let Some((node, at)) = self.follow(node, at.index(index)) else { continue };
            let mut node = node.clone();
            if let Value::Object(object) = &mut node
                && !object.contains_key("schema")
                && !object.contains_key("content")
            {
                object.insert("schema".to_owned(), json!({ "$ref": at.key("schema").to_reference() }));
            }
            match serde_json::from_value(node) {
                Ok(parameter) => parameters.push((at, parameter)),
                Err(error) => self.warn(
                    Code::ParameterLeftOut,
                    &at,
                    format!("the parameter is left out: {error}"),
                    "a parameter needs `name`, `in`, and `schema` or `content`",
                ),
            }
        }
        parameters
    }

    fn responses(&mut self, node: Option<&Value>, at: &Pointer) -> Vec<(String, Pointer, Response)> {
        let mut responses = Vec::new();
        for (status, node) in node.and_then(Value::as_object).into_iter().flatten() {
            if status.starts_with("x-") {
                continue;
            }
            let Some((node, at)) = self.follow(node, at.key(status)) else { continue };
            let mut node = node.clone();
            if let Value::Object(object) = &mut node {
                object.entry("description").or_insert_with(|| json!(""));
                // Headers and links are kept as they come; reading them could only fail.
                object.remove("headers");
                object.remove("links");
            }
            if let Some(response) = self.typed(&node, &at, "the response") {
                responses.push((status.clone(), at, response));
            }
        }
        responses
    }

    /// Follows references to where a node of the HTTP half stands.
    fn follow<'v>(&mut self, node: &'v Value, at: Pointer) -> Option<(&'v Value, Pointer)>
    where
        Self: 'v,
    {
        let source = self.source;
        let root: &Value = &source.value;
        follow(root, node, at)
            .map_err(|(code, at, message)| {
                self.warn(code, &at, message, "the node is left out; references must lead to a place in the document");
            })
            .ok()
    }

    fn typed<T: DeserializeOwned>(&mut self, node: &Value, at: &Pointer, what: &str) -> Option<T> {
        T::deserialize(node)
            .map_err(|error| {
                self.warn(
                    Code::WrongValue,
                    at,
                    format!("{what} is left out: {error}"),
                    "what the specification asks for here is missing or different",
                );
            })
            .ok()
    }

    /// The nodes of a list.
    fn all<T: DeserializeOwned>(&mut self, pointer: &str) -> Vec<T> {
        let source = self.source;
        let nodes = source.value.pointer(pointer).and_then(Value::as_array);
        let at = Pointer::from_reference(&format!("#{pointer}")).unwrap_or_default();
        let nodes = nodes.into_iter().flatten().enumerate();
        nodes.filter_map(|(index, node)| self.typed(node, &at.index(index), "the node")).collect()
    }

    fn security_schemes(&mut self) -> Vec<SecurityScheme> {
        let at = Pointer::root().key("components").key("securitySchemes");
        let source = self.source;
        let schemes = at.get(&source.value).and_then(Value::as_object).into_iter().flatten();
        schemes.filter_map(|(name, node)| self.typed(node, &at.key(name), "the security scheme")).collect()
    }
}

fn tags(root: &Value) -> IndexMap<String, String> {
    let tags = root.get("tags").and_then(Value::as_array).into_iter().flatten();
    let text = |tag: &Value, key: &str| tag.get(key).and_then(Value::as_str).map(str::to_owned);
    tags.filter_map(|tag| Some((text(tag, "name")?, text(tag, "description")?))).collect()
}

type Lost = (Code, Pointer, String);

/// Follows `$ref`s from `node`, at most as many as a document without cycles can chain.
fn follow<'v>(root: &'v Value, mut node: &'v Value, mut at: Pointer) -> Result<(&'v Value, Pointer), Lost> {
    const LONGEST_CHAIN: usize = 64;
    for _ in 0..LONGEST_CHAIN {
        let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return Ok((node, at)) };
        let lost = |code, why: &str| Err((code, at.key("$ref"), format!("`{reference}` {why}")));
        let Some(target) = Pointer::from_reference(reference) else {
            return lost(Code::ExternalReference, "leads out of the document, where references are not followed yet");
        };
        match target.get(root) {
            Some(found) => (node, at) = (found, target),
            None => return lost(Code::DanglingReference, "leads nowhere"),
        }
    }
    Err((Code::CyclicReference, at.key("$ref"), "the reference leads back to itself".to_owned()))
}
