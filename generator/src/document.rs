//! Stage 3, [`Value`] → [`Document`]: typed nodes, references resolved. The HTTP half is read by `openapiv3`, whose
//! types say what OpenAPI 3.0 says; schemas are read by [`schema`], whose type says what JSON Schema 2020-12 says.

mod credentials;
mod examples;
pub(crate) mod http;
pub(crate) mod prose;
pub(crate) mod schema;
pub(crate) mod template;
pub(crate) mod webhook;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::walk::{kind_at, walk_all};
use crate::dialect::{Generation, INCOMPLETE, INLINED, Kind, METHODS, article, external, host, paths};
use crate::ledger::{LeftOut, Reason, operations as count};
use crate::pointer::Pointer;
use crate::source::{Page, Source};
use http::{Body, Parameter, ParameterPlace, Response, SecurityScheme, Server};
use schema::Schemas;
use webhook::WebhookNode;

/// All that the texts say, typed.
pub(crate) struct Document {
    pub(crate) parts: Vec<Part>,
    pub(crate) schemas: Schemas,
    /// How many operations the texts describe, those left out included.
    pub(crate) operations_found: usize,
    pub(crate) left_out: Vec<LeftOut>,
}

/// What one text says, its schemas apart.
pub(crate) struct Part {
    /// The index of the text among the inputs.
    pub(crate) input: usize,
    pub(crate) page: Option<Page>,
    pub(crate) generation: Generation,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) servers: Vec<Server>,
    /// The descriptions of the tags.
    pub(crate) tags: IndexMap<String, String>,
    pub(crate) security_schemes: Vec<SecurityScheme>,
    /// The alternatives of credentials, where the text says which.
    pub(crate) security: Option<Vec<Vec<String>>>,
    pub(crate) operations: Vec<OperationNode>,
    pub(crate) webhooks: Vec<WebhookNode>,
}

/// An operation with what it refers to.
#[derive(Clone)]
pub(crate) struct OperationNode {
    /// The method as it is sent: in upper case, unless the document has one of its own.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) at: Pointer,
    /// The operation without the parts below.
    pub(crate) operation: openapiv3::Operation,
    pub(crate) parameters: Vec<(Pointer, Parameter)>,
    pub(crate) body: Option<(Pointer, Body)>,
    /// The responses by their key: a status, a range or `default`.
    pub(crate) responses: Vec<(String, Pointer, Response)>,
    /// The alternatives of credentials, where the operation or its text says which.
    pub(crate) security: Option<Vec<Vec<String>>>,
    /// The servers of the operation or of its path, where these say which.
    pub(crate) servers: Vec<Server>,
}

impl OperationNode {
    /// The references that were left where its schemas stood.
    pub(crate) fn references(&self) -> impl Iterator<Item = &str> {
        let parameters = self.parameters.iter().flat_map(|(_, parameter)| parameter.references());
        let body = self.body.iter().flat_map(|(_, body)| body.references());
        parameters.chain(body).chain(self.responses.iter().flat_map(|(.., response)| response.references()))
    }
}

/// Reads all texts; what cannot be read is left out and reported.
pub(crate) fn read(sources: Vec<Source>, diagnostics: &mut Diagnostics) -> Document {
    let mut schemas = Schemas::of(&sources);
    let mut shells = Vec::new();
    let operations_found = sources.iter().map(count).sum();
    for mut source in sources {
        lift_schemas(&mut source, &mut schemas);
        shells.push(source);
    }
    schemas.link(&mut shells, diagnostics);
    shells.iter_mut().for_each(|shell| examples::check(shell, &schemas, diagnostics));
    let mut left_out = Vec::new();
    let mut part = |shell: Source| Reader { source: &shell, diagnostics, left_out: &mut left_out }.part();
    let mut parts: Vec<Part> = shells.into_iter().map(&mut part).collect();
    credentials::lift(&mut parts, diagnostics);
    Document { parts, schemas, operations_found, left_out }
}

/// Takes every schema out of the HTTP half and leaves a reference to its place.
fn lift_schemas(source: &mut Source, schemas: &mut Schemas) {
    let input = source.input;
    let schemas_within = source.nested_regions().filter(|(_, kind)| *kind == Kind::Schema);
    let values = schemas_within.filter_map(|(at, _)| Some((at.clone(), at.get(&source.value)?.clone())));
    let nested: Vec<_> = values.filter(|(_, value)| is_schema(value)).collect();
    walk_all(source, &mut |kind, at, node| {
        // A part of a grafted text can be reached in two ways, and a copy is read where it is from.
        let is_copy = schemas.is_copy(input, at);
        if kind == Kind::Schema && is_schema(node) && (is_copy || schemas.at(input, at).is_none()) {
            // What is left is a reference, so that the walk goes no deeper.
            let schema = std::mem::replace(node, json!({ "$ref": at.to_reference() }));
            if !is_copy {
                schemas.read(input, at, schema);
            }
        }
    });
    // What is referred to within a schema can stand where that has none.
    for (at, value) in nested {
        if schemas.at(input, &at).is_none() {
            schemas.read(input, &at, value);
        }
    }
}

/// Whether a value can be a schema: a reference can lead to any text.
fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

struct Reader<'s, 'd> {
    source: &'s Source,
    diagnostics: &'d mut Diagnostics,
    left_out: &'d mut Vec<LeftOut>,
}

impl Reader<'_, '_> {
    fn part(mut self) -> Part {
        let root = &self.source.value;
        let text = |pointer: &str| root.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let operations = self.operations();
        let webhooks = self.webhooks();
        Part {
            input: self.source.input,
            page: self.source.page.clone(),
            generation: self.source.generation,
            title: text("/info/title"),
            description: text("/info/description"),
            servers: http::servers(root, &Pointer::root()),
            tags: tags(root),
            security_schemes: self.security_schemes(),
            security: http::security(root),
            operations,
            webhooks,
        }
    }

    fn warn(&mut self, code: Code, at: &Pointer, message: String, help: &str) {
        let place = Place { input: self.source.input, spot: Spot::Node(at.clone()) };
        self.diagnostics.push(Diagnostic::new(Severity::Warning, code, place, message).help(help));
    }

    fn operations(&mut self) -> Vec<OperationNode> {
        let mut operations = Vec::new();
        let source = self.source;
        for (path, at, item) in paths(&source.value) {
            let mut items = vec![(item, at.clone())];
            if item.get("$ref").is_some() {
                // What stands beside the reference adds to what it leads to.
                items.extend(self.follow(Kind::PathItem, item, at));
            }
            let mut seen = Vec::new();
            for (item, item_at) in &items {
                for (method, at, operation) in self.methods(&path, item, item_at) {
                    if seen.contains(&method) {
                        let message =
                            format!("{method} stands beside the reference to this path, too, and that counts");
                        let help = "take one of them out";
                        self.warn(Code::DuplicateOperation, &at, message, help);
                        continue;
                    }
                    match self.operation(&method, &path, &items, at.clone(), operation) {
                        Some(operation) => operations.push(operation),
                        None => self.leave_out(&method, &path, at),
                    }
                    seen.push(method);
                }
            }
        }
        operations
    }

    fn leave_out(&mut self, method: &str, path: &str, at: Pointer) {
        let place = Place { input: self.source.input, spot: Spot::Key(at) };
        let operation = format!("{method} {path}");
        self.left_out.push(LeftOut { operation, place, reason: Reason::Unreadable });
    }

    /// The operations of a path by their methods; those of OpenAPI 3.2 that have no keyword come last.
    fn methods<'v>(
        &mut self,
        path: &str,
        item: &'v Value,
        at: &Pointer,
    ) -> Vec<(String, Pointer, &'v Map<String, Value>)>
    where
        Self: 'v,
    {
        let mut methods = Vec::new();
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|operation| operation.is_object()) else { continue };
            let (own, method) = (at.key(method), method.to_ascii_uppercase());
            // The specification has no reference here; authors who keep each operation in a file of its own do.
            let found = self.follow(Kind::Operation, operation, own.clone());
            match found.and_then(|(operation, at)| Some((at, operation.as_object()?))) {
                Some((at, operation)) => methods.push((method, at, operation)),
                None => self.leave_out(&method, path, own),
            }
        }
        let at = at.key("additionalOperations");
        let additional = item.get("additionalOperations").and_then(Value::as_object);
        for (method, operation) in additional.into_iter().flatten() {
            if !operation.is_object() {
                continue;
            }
            let found = self.follow(Kind::Operation, operation, at.key(method));
            let Some((own, operation)) = found.and_then(|(operation, at)| Some((at, operation.as_object()?))) else {
                self.leave_out(method, path, at.key(method));
                continue;
            };
            let has_keyword = METHODS.contains(&method.to_ascii_lowercase().as_str());
            if !has_keyword && is_token(method) {
                methods.push((method.clone(), own, operation));
                continue;
            }
            let why = if has_keyword { "has a keyword of its own" } else { "is no method of HTTP" };
            let message = format!("`{method}` {why}; the operation is left out");
            let help = "the members of `additionalOperations` are methods as they are sent, other than the usual ones";
            let place = Place { input: self.source.input, spot: Spot::Key(at.key(method)) };
            self.diagnostics.push(Diagnostic::new(Severity::Warning, Code::WrongValue, place, message).help(help));
            self.leave_out(method, path, at.key(method));
        }
        methods
    }

    /// Reads an operation of a path. Of the items of the path each refers to the next, and what the first says counts.
    fn operation(
        &mut self,
        method: &str,
        path: &str,
        items: &[(&Value, Pointer)],
        at: Pointer,
        node: &Map<String, Value>,
    ) -> Option<OperationNode> {
        let mut plain = node.clone();
        for key in ["parameters", "requestBody", "callbacks", "security", "servers"] {
            plain.remove(key);
        }
        plain.insert("responses".to_owned(), json!({}));
        let operation = self.typed(&Value::Object(plain), &at, "the operation")?;
        let mut parameters = Vec::new();
        let own = Value::Object(node.clone());
        for (owner, at) in items.iter().rev().map(|(item, at)| (*item, at)).chain([(&own, &at)]) {
            let replacing = self.parameters(owner, at);
            // A parameter of the operation replaces that of the path with the same name and place.
            let is_replaced = |other: &Parameter| replacing.iter().any(|(_, parameter)| parameter.is_same(other));
            parameters.retain(|(_, other)| !is_replaced(other));
            parameters.extend(replacing);
        }
        let path = self.with_declared_names(path, &mut parameters, &at);
        let body = node.get("requestBody").and_then(|body| {
            let (body, at) = self.follow(Kind::RequestBody, body, at.key("requestBody"))?;
            let body = self.with_media_types(body.clone(), &at);
            Some((at, Body::read(&body)))
        });
        let responses = self.responses(node.get("responses"), &at.key("responses"));
        let owners = [(&own, &at)].into_iter().chain(items.iter().map(|(item, at)| (*item, at)));
        let servers = owners.map(|(owner, at)| http::servers(owner, at)).find(|servers| !servers.is_empty());
        let security = http::security(&own).or_else(|| http::security(&self.source.value));
        // The key of the path can be a whole URL.
        let key = items.first().and_then(|(_, at)| at.last()).unwrap_or_default();
        let of_key = || host(&key).map(|url| http::Server::new(url, &items[0].1)).into_iter().collect();
        let (method, servers) = (method.to_owned(), servers.unwrap_or_else(of_key));
        Some(OperationNode { method, path, at, operation, parameters, body, responses, security, servers })
    }

    /// The path with the names of the parameters that are declared. Routers have more within the braces, and authors
    /// the same name in another case.
    fn with_declared_names(&mut self, path: &str, parameters: &mut [(Pointer, Parameter)], at: &Pointer) -> String {
        let names = template::names(path);
        let mut read = path.to_owned();
        for (_, parameter) in parameters.iter_mut().filter(|(_, one)| one.place == ParameterPlace::Path) {
            let is_meant = |name: &&&str| template::bare(name).eq_ignore_ascii_case(&parameter.name);
            let own = names.iter().find(|name| **name == parameter.name);
            let Some(name) = own.or_else(|| names.iter().find(is_meant)) else { continue };
            parameter.styling.slashes |= template::is_of_segments(name);
            read = read.replace(&format!("{{{name}}}"), &format!("{{{}}}", parameter.name));
        }
        if read != path {
            let place = Place { input: self.source.input, spot: Spot::Key(at.clone()) };
            let message = format!("`{path}` is read as `{read}`, after the names of its parameters");
            self.diagnostics.push(Diagnostic::new(Severity::Note, Code::Repaired, place, message));
        }
        read
    }

    fn parameters(&mut self, owner: &Value, at: &Pointer) -> Vec<(Pointer, Parameter)> {
        let at = at.key("parameters");
        let mut parameters: Vec<(Pointer, Parameter)> = Vec::new();
        let nodes = owner.get("parameters").and_then(Value::as_array).into_iter().flatten().enumerate();
        for (index, node) in nodes.filter(|(_, node)| node.is_object() && node.get(INLINED).is_none()) {
            let own = at.index(index);
            let Some((node, at)) = self.follow(Kind::Parameter, node, own.clone()) else { continue };
            match Parameter::read(&self.with_media_types(node.clone(), &at)) {
                Ok(parameter) => {
                    if let Some(earlier) = parameters.iter().position(|(_, earlier)| earlier.is_same(&parameter)) {
                        let message =
                            format!("the parameter `{}` is in the list already; the last counts", parameter.name);
                        self.warn(Code::WrongCombination, &own, message, "take one of them out");
                        parameters.remove(earlier);
                    }
                    parameters.push((at, parameter));
                }
                // The audit said so.
                Err(_) if node.get(INCOMPLETE).is_some() => {}
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
            let Some((node, at)) = self.follow(Kind::Response, node, at.key(status)) else { continue };
            let node = self.with_media_types(node.clone(), &at);
            let node = self.with_targets(Kind::Header, node, "headers", &at);
            responses.push((status.clone(), at, Response::read(&node)));
        }
        responses
    }

    /// The node with the media types in its `content` that are references replaced by what these lead to.
    fn with_media_types(&mut self, node: Value, at: &Pointer) -> Value {
        self.with_targets(Kind::MediaType, node, "content", at)
    }

    /// The node with the members of one of its objects that are references replaced by what these lead to.
    fn with_targets(&mut self, kind: Kind, mut node: Value, key: &str, at: &Pointer) -> Value {
        let members = node.get_mut(key).and_then(Value::as_object_mut);
        for (name, member) in members.into_iter().flatten().filter(|(_, one)| one.get("$ref").is_some()) {
            let found = self.follow(kind, member, at.key(key).key(name)).map(|(found, _)| found.clone());
            *member = found.unwrap_or_else(|| json!({}));
        }
        node
    }

    /// Follows references to where a node of the HTTP half stands.
    fn follow<'v>(&mut self, kind: Kind, node: &'v Value, at: Pointer) -> Option<(&'v Value, Pointer)>
    where
        Self: 'v,
    {
        let source = self.source;
        let misfit = |found: &Value, at: &Pointer| {
            let what = match kind_at(source, at) {
                _ if !found.is_object() => "something else",
                Some(other) if !can_stand_for(other, kind) => article(other),
                _ => return None,
            };
            Some(format!("leads to {what} and not to {}", article(kind)))
        };
        follow(&source.value, node, at, &misfit)
            .map_err(|(code, at, message)| {
                let help = "the node is left out; a reference must lead to one of its kind in the document";
                self.warn(code, &at, message, help);
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

    fn security_schemes(&mut self) -> Vec<SecurityScheme> {
        let at = Pointer::root().key("components").key("securitySchemes");
        let source = self.source;
        let schemes = at.get(&source.value).and_then(Value::as_object).into_iter().flatten();
        let mut read = Vec::new();
        for (name, node) in schemes {
            let Some((node, at)) = self.follow(Kind::SecurityScheme, node, at.key(name)) else { continue };
            match SecurityScheme::read(name, node) {
                Ok(scheme) => read.push(scheme),
                // The audit said so.
                Err(_) if node.get(INCOMPLETE).is_some() => {}
                Err(error) => self.warn(
                    Code::WrongValue,
                    &at,
                    format!("the security scheme is left out: {error}"),
                    "what the specification asks for here is missing or different",
                ),
            }
        }
        read
    }
}

/// Whether a text is a token of HTTP (RFC 9110, section 5.6.2), which methods are.
pub(crate) fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

fn tags(root: &Value) -> IndexMap<String, String> {
    let tags = root.get("tags").and_then(Value::as_array).into_iter().flatten();
    let text = |tag: &Value, key: &str| tag.get(key).and_then(Value::as_str).map(str::to_owned);
    tags.filter_map(|tag| Some((text(tag, "name")?, text(tag, "description")?))).collect()
}

/// Whether what is of one kind can be read as another: a header says what a parameter says.
fn can_stand_for(other: Kind, kind: Kind) -> bool {
    let describes_text = |kind| matches!(kind, Kind::Header | Kind::Parameter);
    other == kind || describes_text(other) && describes_text(kind)
}

type Lost = (Code, Pointer, String);

/// Follows `$ref`s from `node`, at most as many as a document without cycles can chain; `misfit` says where what one
/// leads to does not belong.
fn follow<'v>(
    root: &'v Value,
    mut node: &'v Value,
    mut at: Pointer,
    misfit: &dyn Fn(&Value, &Pointer) -> Option<String>,
) -> Result<(&'v Value, Pointer), Lost> {
    const LONGEST_CHAIN: usize = 64;
    for _ in 0..LONGEST_CHAIN {
        let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return Ok((node, at)) };
        let lost = |code, why: &str| Err((code, at.key("$ref"), format!("`{reference}` {why}")));
        let Some(target) = Pointer::from_reference(reference) else {
            return lost(Code::ExternalReference, external::why_lost(reference));
        };
        let Some(found) = target.get(root) else { return lost(Code::DanglingReference, "leads nowhere") };
        if let Some(why) = misfit(found, &target) {
            return lost(Code::DanglingReference, &why);
        }
        (node, at) = (found, target);
    }
    Err((Code::CyclicReference, at.key("$ref"), "the reference leads back to itself".to_owned()))
}
