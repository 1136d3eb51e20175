//! Stage 3, operations: those of the paths of a text, with what a path says for all of its own.

use serde_json::{Map, Value, json};

use super::http::{self, Body, Parameter, ParameterPlace, Response};
use super::{OperationNode, Reader, template};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, Spot};
use crate::dialect::{INCOMPLETE, INLINED, Kind, METHODS, host, paths};
use crate::ledger::{LeftOut, Reason};
use crate::pointer::Pointer;

impl Reader<'_, '_> {
    pub(super) fn operations(&mut self) -> Vec<OperationNode> {
        let mut operations = Vec::new();
        let source = self.source;
        for (path, at, item) in paths(&source.value) {
            let mut items = vec![(item, at.clone())];
            if item.get("$ref").is_some() {
                // What stands beside the reference adds to what it leads to.
                items.extend(self.follow(Kind::PathItem, item, at));
            }
            let (mut seen, mut read) = (Vec::new(), Vec::new());
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
                        Some(operation) => {
                            operations.push(operation);
                            read.push(format!("{method} {path}"));
                        }
                        None => self.leave_out(&method, &path, at),
                    }
                    seen.push(method);
                }
            }
            // What is unreadable in one of the items may be there in another.
            let is_here = |left_out: &LeftOut| left_out.place.input == self.source.input;
            self.left_out.retain(|left_out| !is_here(left_out) || !read.contains(&left_out.operation));
        }
        operations
    }

    fn leave_out(&mut self, method: &str, path: &str, at: Pointer) {
        let place = Place { input: self.source.input, spot: Spot::Key(at) };
        let operation = format!("{method} {path}");
        let left_out = LeftOut { operation, place, reason: Reason::Unreadable };
        let is_same = |one: &LeftOut| one.operation == left_out.operation && one.place.input == left_out.place.input;
        if !self.left_out.iter().any(is_same) {
            self.left_out.push(left_out);
        }
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
    pub(super) fn with_media_types(&mut self, node: Value, at: &Pointer) -> Value {
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
}

/// Whether a text is a token of HTTP (RFC 9110, section 5.6.2), which methods are.
pub(crate) fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}
