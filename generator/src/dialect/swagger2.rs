//! Stage 2, [Swagger 2.0] → the keywords of OpenAPI 3.0. What only changed its name stays where it stands, so that
//! references and places keep their meaning: `definitions`, `parameters` and `responses` are read as they are. Of what
//! has to move it is noted where from, and no other node comes to stand there.
//!
//! [Swagger 2.0]: https://github.com/OAI/OpenAPI-Specification/blob/main/versions/2.0.md

use serde_json::{Map, Value, json};

use super::audit::{self, Ignored};
use super::keywords::{Kind, VALUE_DOCS, VALUE_NAMES, VALUES, Version, member};
use super::walk::walk;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::media_type::{self, is_json};
use crate::origins::Origins;
use crate::pointer::Pointer;
use crate::source::Source;

type Object = Map<String, Value>;

/// Stands for a parameter that became a body, or a part of one, so that the others of its list keep their places.
pub(crate) const INLINED: &str = "x-specwright-inlined";

/// Rewrites the descriptions in Swagger 2.0: the text itself, and those that were grafted into it. A grafted part that
/// is no description is in the version of the text.
pub(super) fn upgrade(
    source: &mut Source,
    origins: &mut Origins,
    ignored: &mut Ignored<'_>,
    diagnostics: &mut Diagnostics,
) {
    let old: Vec<bool> = source.regions.iter().map(|(at, kind)| is_old(source, at, *kind)).collect();
    if !old.contains(&true) {
        return;
    }
    // What has the wrong type is taken out of the copy alone: where it is not used here, it is found again, at the same
    // place, and does not count as missing.
    let mut before = source.clone();
    let mut is_kept = old.iter();
    before.regions.retain(|_| is_kept.next() == Some(&true));
    audit::audit(&mut before, Version::Swagger, ignored, diagnostics);
    let before = before.value;
    let own = before.as_object().map(Media::of).unwrap_or_default();
    let mut upgrade = Upgrade { input: source.input, before: &before, origins, diagnostics };
    let mut regions = Vec::with_capacity(old.len());
    for ((at, kind), old) in std::mem::take(&mut source.regions).into_iter().zip(old) {
        if let Some(Value::Object(node)) = at.get_mut(&mut source.value).filter(|_| old) {
            match kind {
                Kind::Root => upgrade.description(node, &at),
                Kind::PathItem => upgrade.path_item(node, &at, &own),
                Kind::Parameter if is_inlined(node) => continue,
                Kind::Parameter => upgrade.parameter(node, &at),
                Kind::Response => upgrade.response(node, &at, &own),
                _ => {}
            }
        }
        if let Some(node) = at.get_mut(&mut source.value).filter(|_| old) {
            walk(node, kind, &at, &mut |kind, _, node| {
                if let (Kind::Schema, Value::Object(node)) = (kind, node) {
                    schema(node);
                }
            });
        }
        regions.push((at, kind));
    }
    source.regions = regions;
}

/// Whether a region is in Swagger 2.0.
fn is_old(source: &Source, at: &Pointer, kind: Kind) -> bool {
    let description = if kind == Kind::Root { at.get(&source.value) } else { Some(&source.value) };
    description.is_some_and(|description| description.get("swagger").is_some())
}

/// Whether a parameter becomes part of a request body.
fn is_inlined(parameter: &Object) -> bool {
    matches!(parameter.get("in").and_then(Value::as_str), Some("body" | "formData"))
}

/// The media types that hold where an operation names none.
#[derive(Default)]
struct Media {
    consumes: Vec<String>,
    produces: Vec<String>,
}

impl Media {
    /// Those of a description.
    fn of(description: &Object) -> Self {
        let list = |key| texts(description.get(key));
        Self { consumes: list("consumes"), produces: list("produces") }
    }
}

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Rewrites the nodes of a text.
struct Upgrade<'s, 'd> {
    input: usize,
    /// The text as it was, without what has the wrong type: what moves is found there, whatever was rewritten first.
    before: &'s Value,
    origins: &'d mut Origins,
    diagnostics: &'d mut Diagnostics,
}

/// A parameter where it stands, once references are followed.
struct Found<'s> {
    node: &'s Value,
    at: Pointer,
    /// Its place in the list.
    listed: Pointer,
}

impl Found<'_> {
    fn text(&self, key: &str) -> &str {
        self.node.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn is_inlined(&self) -> bool {
        self.node.as_object().is_some_and(is_inlined)
    }

    fn is_required(&self) -> bool {
        self.node.get("required") == Some(&Value::Bool(true))
    }

    /// Whether it is a file, or files.
    fn is_file(&self) -> bool {
        is_file(self.node) || self.node.get("items").is_some_and(is_file)
    }
}

impl<'s> Upgrade<'s, '_> {
    /// Rewrites a whole description.
    fn description(&mut self, object: &mut Object, at: &Pointer) {
        let Some(Value::Object(before)) = at.get(self.before) else { return };
        let media = Media::of(before);
        for key in ["swagger", "host", "basePath", "schemes", "consumes", "produces", "securityDefinitions"] {
            object.remove(key);
        }
        object.insert("openapi".to_owned(), json!("3.0.3"));
        if let Some(servers) = self.servers(before, at) {
            object.insert("servers".to_owned(), servers);
        }
        if let Some(schemes) = self.security_schemes(before, at)
            && let Value::Object(components) = object.entry("components").or_insert_with(|| json!({}))
        {
            components.insert("securitySchemes".to_owned(), schemes);
        }
        for (path, item) in members(object, "paths").filter(|(key, _)| member(Kind::Paths, key).is_some()) {
            self.path_item(item, &at.key("paths").key(path), &media);
        }
        for (name, response) in members(object, "responses") {
            self.response(response, &at.key("responses").key(name), &media);
        }
        // Bodies and fields of forms are where the operations are that refer to them.
        if let Some(Value::Object(parameters)) = object.get_mut("parameters") {
            let at = at.key("parameters");
            parameters.iter_mut().for_each(|(name, node)| self.keep(node, at.key(name)));
        }
    }

    fn path_item(&mut self, item: &mut Object, at: &Pointer, media: &Media) {
        for method in METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else { continue };
            let operation_at = at.key(method);
            let list = |key, usual: &Vec<String>| match operation_at.key(key).get(self.before) {
                list @ Some(_) => texts(list),
                None => usual.clone(),
            };
            let media =
                Media { consumes: list("consumes", &media.consumes), produces: list("produces", &media.produces) };
            for key in ["consumes", "produces", "schemes"] {
                operation.remove(key);
            }
            if let Some(body) = self.request_body(&operation_at, at, &media) {
                operation.insert("requestBody".to_owned(), body);
            }
            self.keep_parameters(operation, &operation_at);
            for (status, response) in members(operation, "responses") {
                self.response(response, &operation_at.key("responses").key(status), &media);
            }
        }
        self.keep_parameters(item, at);
    }

    /// The parameters of an operation or of a path.
    fn parameters(&self, owner: &Pointer) -> Vec<Found<'s>> {
        let at = owner.key("parameters");
        let parameters = at.get(self.before).and_then(Value::as_array).into_iter().flatten().enumerate();
        parameters.map(|(index, node)| self.resolved(node, at.index(index))).collect()
    }

    /// A parameter, or the one that it refers to.
    fn resolved(&self, node: &'s Value, at: Pointer) -> Found<'s> {
        const LONGEST_CHAIN: usize = 16;
        let mut found = Found { node, listed: at.clone(), at };
        for _ in 0..LONGEST_CHAIN {
            let reference = found.node.get("$ref").and_then(Value::as_str).and_then(Pointer::from_reference);
            let Some((node, at)) = reference.and_then(|at| Some((at.get(self.before)?, at))) else { break };
            found = Found { node, at, ..found };
        }
        found
    }

    /// Makes a request body of the parameters that are one, or fields of a form.
    fn request_body(&mut self, operation: &Pointer, path: &Pointer, media: &Media) -> Option<Value> {
        let [own, mut shared] = [operation, path].map(|owner| self.parameters(owner));
        let keys = |parameter: &Found<'_>| ["in", "name"].map(|key| parameter.text(key).to_owned());
        // A parameter of the operation replaces that of the path with the same name.
        shared.retain(|parameter| !own.iter().any(|other| keys(other) == keys(parameter)));
        let lists = [own, shared];
        let has = |list: &Vec<Found<'_>>, place: &str| list.iter().any(|parameter| parameter.text("in") == place);
        let place = lists.iter().find_map(|list| ["formData", "body"].into_iter().find(|place| has(list, place)))?;
        let mut chosen: Vec<Found<'_>> = Vec::new();
        for parameter in lists.into_iter().flatten().filter(Found::is_inlined) {
            let why = if parameter.text("in") != place {
                "an operation has a body or a form, and not both"
            } else if place == "body" {
                if chosen.is_empty() { "" } else { "an operation has one body" }
            } else if parameter.text("name").is_empty() {
                "a field of a form needs a name"
            } else if chosen.iter().any(|other| keys(other) == keys(&parameter)) {
                "another field has its name"
            } else {
                ""
            };
            match why {
                "" => chosen.push(parameter),
                why => self.leave_out(&parameter, why),
            }
        }
        let (to, first) = (operation.key("requestBody"), chosen.first()?);
        if place == "formData" {
            self.moved(to.clone(), first.listed.parent()?);
            return Some(self.form(&chosen, media, &to));
        }
        self.moved(to.clone(), first.at.clone());
        let mut request = first.node.as_object().cloned().unwrap_or_default();
        let schema = request.remove("schema").unwrap_or_else(|| json!({}));
        for key in ["name", "in"] {
            request.remove(key);
        }
        let content = content(&media.consumes, "application/json", &json!({ "schema": schema }));
        self.moved_schemas(&content, &to, &first.at.key("schema"));
        request.insert("content".to_owned(), content);
        Some(Value::Object(request))
    }

    fn leave_out(&mut self, parameter: &Found<'_>, why: &str) {
        let help = "a body is one parameter `in: body`, or a form of parameters `in: formData` with names of their own";
        self.warn(Code::ParameterLeftOut, &parameter.listed, format!("the parameter is left out: {why}"), help);
    }

    fn warn(&mut self, code: Code, at: &Pointer, message: String, help: &str) {
        let place = Place { input: self.input, spot: Spot::Node(at.clone()) };
        self.diagnostics.push(Diagnostic::new(Severity::Warning, code, place, message).help(help));
    }

    fn moved(&mut self, to: Pointer, from: Pointer) {
        self.origins.add(self.input, to, from);
    }

    /// Notes where the schemas in the `content` of a body come from.
    fn moved_schemas(&mut self, content: &Value, body: &Pointer, from: &Pointer) {
        for name in content.as_object().into_iter().flat_map(Object::keys) {
            self.moved(body.key("content").key(name).key("schema"), from.clone());
        }
    }

    fn form(&mut self, fields: &[Found<'_>], media: &Media, body: &Pointer) -> Value {
        let has_file = fields.iter().any(Found::is_file);
        let (mut properties, mut required, mut encoding) = (Object::new(), Vec::new(), Object::new());
        for field in fields {
            let name = field.text("name").to_owned();
            if field.is_required() {
                required.push(Value::String(name.clone()));
            }
            let mut schema = field.node.clone();
            if let Value::Object(schema) = &mut schema {
                for key in ["name", "in", "required", "allowEmptyValue", "collectionFormat"] {
                    schema.remove(key);
                }
            }
            let styling = if field.is_file() { Object::new() } else { self.styling(field.node, &field.at) };
            // A list whose elements are fields of their own is the usual one.
            if styling.get("explode") == Some(&Value::Bool(false)) {
                encoding.insert(name.clone(), Value::Object(styling));
            }
            properties.insert(name, schema);
        }
        let mut form = json!({ "schema": { "type": "object", "properties": properties, "required": required } });
        if !encoding.is_empty() {
            form["encoding"] = Value::Object(encoding);
        }
        let usual = if has_file { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
        let carries = |name: &&String| match media_type::kind(name) {
            media_type::Kind::Multipart => true,
            media_type::Kind::Form => !has_file,
            _ => false,
        };
        let consumes: Vec<_> = media.consumes.iter().filter(carries).cloned().collect();
        let content = content(&consumes, usual, &form);
        for name in content.as_object().into_iter().flat_map(Object::keys) {
            let properties = body.key("content").key(name).key("schema").key("properties");
            for field in fields {
                self.moved(properties.key(field.text("name")), field.at.clone());
            }
        }
        json!({ "content": content, "required": !required.is_empty() })
    }

    /// Leaves the parameters that are neither body nor form, in the words of OpenAPI 3.0.
    fn keep_parameters(&mut self, owner: &mut Object, at: &Pointer) {
        let Some(Value::Array(parameters)) = owner.get_mut("parameters") else { return };
        for (index, node) in parameters.iter_mut().enumerate() {
            self.keep(node, at.key("parameters").index(index));
        }
    }

    /// Leaves a parameter that is neither body nor form, in the words of OpenAPI 3.0.
    fn keep(&mut self, node: &mut Value, at: Pointer) {
        let is_inlined = at.get(self.before).is_some_and(|before| self.resolved(before, at.clone()).is_inlined());
        if is_inlined {
            *node = json!({ INLINED: true });
        } else if let Value::Object(node) = node {
            self.parameter(node, &at);
        }
    }

    /// Puts what a parameter or a header says of its values into a schema.
    fn parameter(&mut self, parameter: &mut Object, at: &Pointer) {
        if parameter.contains_key("$ref") || parameter.contains_key("schema") {
            return;
        }
        let styling = self.styling(&Value::Object(parameter.clone()), at);
        parameter.remove("collectionFormat");
        parameter.extend(styling);
        const OF_THE_PARAMETER: [&str; 7] =
            ["name", "in", "description", "required", "allowEmptyValue", "explode", "style"];
        let of_values = |key: &str| VALUE_NAMES.contains(&key) || VALUE_DOCS.contains(&key) || key == VALUES;
        let of_the_schema = |key: &str| !OF_THE_PARAMETER.contains(&key) && (!key.starts_with("x-") || of_values(key));
        let keys: Vec<_> = parameter.keys().filter(|key| of_the_schema(key)).cloned().collect();
        let schema: Object = keys.into_iter().filter_map(|key| parameter.remove_entry(&key)).collect();
        parameter.insert("schema".to_owned(), Value::Object(schema));
        self.moved(at.key("schema"), at.clone());
    }

    /// The `collectionFormat` of a list as keywords of OpenAPI 3.0; without one, commas separate the elements.
    fn styling(&mut self, node: &Value, at: &Pointer) -> Object {
        let text = |key: &str| node.get(key).and_then(Value::as_str);
        let format = text("collectionFormat");
        if text("type").map_or(format.is_none(), |name| name != "array") {
            return Object::new();
        }
        if node.pointer("/items/type").and_then(Value::as_str) == Some("array") {
            let message = "a list within a list is not written in its `collectionFormat`, but as JSON";
            let place = Place { input: self.input, spot: Spot::Node(at.key("items")) };
            let warning = Diagnostic::new(Severity::Warning, Code::UnsupportedKeyword, place, message);
            self.diagnostics.push(warning.help("take the inner lists as texts, and join their elements"));
        }
        let is_pair = matches!(text("in"), Some("query" | "formData"));
        let styling = match format {
            Some("multi") if is_pair => json!({ "explode": true }),
            Some("ssv") if is_pair => json!({ "style": "spaceDelimited", "explode": false }),
            Some("pipes") if is_pair => json!({ "style": "pipeDelimited", "explode": false }),
            Some("csv") | None => json!({ "explode": false }),
            Some(other) => {
                let message =
                    format!("lists in the format `{other}` are not supported here: commas separate the elements");
                let help = "the formats are `csv`, in a query and in a form also `multi`, `ssv` and `pipes`";
                self.warn(Code::UnsupportedKeyword, &at.key("collectionFormat"), message, help);
                json!({ "explode": false })
            }
        };
        styling.as_object().cloned().unwrap_or_default()
    }

    /// The server that a description names.
    fn servers(&mut self, description: &Object, at: &Pointer) -> Option<Value> {
        let text = |key: &str| description.get(key).and_then(Value::as_str).map(str::trim);
        let mut schemes = Vec::new();
        for (index, scheme) in texts(description.get("schemes")).into_iter().enumerate() {
            let scheme = scheme.to_ascii_lowercase();
            if matches!(scheme.as_str(), "http" | "https") {
                schemes.push(scheme);
            } else {
                let message = format!("requests cannot be sent by `{scheme}`; it is passed over");
                let help = "a client sends by `https` or `http`, and by `https` where nothing is said";
                self.warn(Code::UnsupportedKeyword, &at.key("schemes").index(index), message, help);
            }
        }
        // What sets no host writes it as empty.
        let host = text("host").filter(|host| !host.is_empty());
        // Where nothing is said it is the scheme by which the text was served: on the machine itself there is no other.
        let is_plain = match schemes.as_slice() {
            [] => host.is_some_and(is_local),
            schemes => !schemes.iter().any(|scheme| scheme == "https"),
        };
        let scheme = if is_plain { "http" } else { "https" };
        let base = text("basePath").unwrap_or_default();
        let (url, from) = match host {
            // Authors write a host as a URL, and a path without the slash in front.
            Some(host) => {
                let (own, host) = host.split_once("://").unwrap_or((scheme, host));
                let scheme = if schemes.is_empty() { own } else { scheme };
                let slash = if base.is_empty() || base.starts_with('/') { "" } else { "/" };
                (format!("{scheme}://{}{slash}{base}", host.trim_matches('/')), "host")
            }
            None if base.is_empty() => return None,
            None => (base.to_owned(), "basePath"),
        };
        self.moved(at.key("servers").index(0).key("url"), at.key(from));
        Some(json!([{ "url": url }]))
    }

    fn security_schemes(&mut self, description: &Object, at: &Pointer) -> Option<Value> {
        let mut schemes = description.get("securityDefinitions")?.as_object()?.clone();
        let (to, from) = (at.key("components").key("securitySchemes"), at.key("securityDefinitions"));
        self.moved(to.clone(), from.clone());
        for (name, scheme) in schemes.iter_mut().filter_map(|(name, scheme)| Some((name, scheme.as_object_mut()?))) {
            match scheme.get("type").and_then(Value::as_str) {
                Some("basic") => {
                    scheme.insert("type".to_owned(), json!("http"));
                    scheme.insert("scheme".to_owned(), json!("basic"));
                }
                Some("oauth2") => {
                    let is_application = scheme.remove("flow") == Some(json!("application"));
                    let kept = ["authorizationUrl", "tokenUrl", "scopes"]
                        .map(|key| Some((key.to_owned(), scheme.remove(key)?)));
                    let key = if is_application { "clientCredentials" } else { "implicit" };
                    let flow: Object = kept.into_iter().flatten().collect();
                    scheme.insert("flows".to_owned(), json!({ key: flow }));
                    self.moved(to.key(name).key("flows").key(key), from.key(name));
                }
                _ => {}
            }
        }
        Some(Value::Object(schemes))
    }

    fn response(&mut self, response: &mut Object, at: &Pointer, media: &Media) {
        response.remove("examples");
        if let Some(schema) = response.remove("schema") {
            // A file is bytes and no value of JSON, whatever its media type.
            let is_file = is_file(&schema);
            let usual = if is_file { "application/octet-stream" } else { "application/json" };
            let produces: Vec<_> = media.produces.iter().filter(|name| !(is_file && is_json(name))).cloned().collect();
            let content = content(&produces, usual, &json!({ "schema": schema }));
            self.moved_schemas(&content, at, &at.key("schema"));
            response.insert("content".to_owned(), content);
        }
        for (name, header) in members(response, "headers") {
            self.parameter(header, &at.key("headers").key(name));
        }
    }
}

/// Whether a host is the machine that the client runs on.
fn is_local(host: &str) -> bool {
    matches!(host.split([':', '/']).next(), Some("localhost" | "127.0.0.1"))
}

/// Whether a node has the type that Swagger 2.0 has for files alone.
fn is_file(node: &Value) -> bool {
    node.get("type").and_then(Value::as_str) == Some("file")
}

fn schema(schema: &mut Object) {
    if let Some(Value::String(property)) = schema.get("discriminator") {
        let discriminator = json!({ "propertyName": property });
        schema.insert("discriminator".to_owned(), discriminator);
    }
    if schema.get("type").and_then(Value::as_str) == Some("file") {
        schema.insert("type".to_owned(), json!("string"));
        schema.insert("format".to_owned(), json!("binary"));
    }
    if schema.get("x-nullable") == Some(&Value::Bool(true)) {
        schema.insert("nullable".to_owned(), Value::Bool(true));
    }
    schema.remove("collectionFormat");
}

/// The content of a body in each of the media types, or in the usual one where none is named.
fn content(media_types: &[String], usual: &str, media_type: &Value) -> Value {
    let named = media_types.iter().map(String::as_str);
    let all = named.chain(media_types.is_empty().then_some(usual));
    Value::Object(all.map(|name| (name.to_owned(), media_type.clone())).collect())
}

fn members<'v>(object: &'v mut Object, key: &str) -> impl Iterator<Item = (&'v String, &'v mut Object)> {
    let map = object.get_mut(key).and_then(Value::as_object_mut);
    map.into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_object_mut()?)))
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let values = value.and_then(Value::as_array).into_iter().flatten();
    values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}
