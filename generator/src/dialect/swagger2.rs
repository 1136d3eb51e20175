//! Stage 2, [Swagger 2.0] → the keywords of OpenAPI 3.0. What only changed its name stays where it stands, so that
//! references and places keep their meaning: `definitions`, `parameters` and `responses` are read as they are.
//!
//! [Swagger 2.0]: https://github.com/OAI/OpenAPI-Specification/blob/main/versions/2.0.md

use serde_json::{Map, Value, json};

use super::external;
use super::keywords::Kind;
use super::walk::walk;
use crate::pointer::Pointer;
use crate::source::Source;

type Object = Map<String, Value>;

/// Rewrites the descriptions in Swagger 2.0: the text itself, and those that were grafted into it. A grafted part that
/// is no description is in the version of the text.
pub(super) fn upgrade(source: &mut Source) {
    let old: Vec<bool> = source.regions.iter().map(|(at, kind)| is_old(source, at, *kind)).collect();
    if !old.contains(&true) {
        return;
    }
    let shared = ["parameters", external::TEXTS].into_iter();
    let shared = shared.filter_map(|key| Some((key.to_owned(), source.value.get(key)?.clone()))).collect();
    let shared = Value::Object(shared);
    let own = source.value.as_object().map(Media::of).unwrap_or_default();
    let mut regions = Vec::with_capacity(old.len());
    for ((at, kind), old) in std::mem::take(&mut source.regions).into_iter().zip(old) {
        if let Some(Value::Object(node)) = at.get_mut(&mut source.value).filter(|_| old) {
            match kind {
                Kind::Root => description(node, &shared),
                Kind::PathItem => path_item(node, &own, &shared),
                Kind::Parameter if is_inlined(node) => continue,
                Kind::Parameter => parameter(node),
                Kind::Response => own.response(node),
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

/// Rewrites a whole description.
fn description(object: &mut Object, shared: &Value) {
    let media = Media::of(object);
    object.remove("swagger");
    object.insert("openapi".to_owned(), json!("3.0.3"));
    servers(object);
    security(object);
    for key in ["consumes", "produces"] {
        object.remove(key);
    }
    if let Some(Value::Object(paths)) = object.get_mut("paths") {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            path_item(item, &media, shared);
        }
    }
    for response in members(object, "responses") {
        media.response(response);
    }
    // Bodies and fields of forms are where the operations are that refer to them.
    if let Some(Value::Object(parameters)) = object.get_mut("parameters") {
        parameters.retain(|_, parameter| !parameter.as_object().is_some_and(is_inlined));
    }
    for parameter in members(object, "parameters") {
        self::parameter(parameter);
    }
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

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

fn path_item(item: &mut Object, media: &Media, shared: &Value) {
    let common = item.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    for method in METHODS {
        let Some(Value::Object(operation)) = item.get_mut(method) else { continue };
        let media = Media {
            consumes: operation.remove("consumes").map_or_else(|| media.consumes.clone(), |value| texts(Some(value))),
            produces: operation.remove("produces").map_or_else(|| media.produces.clone(), |value| texts(Some(value))),
        };
        // Servers of one scheme or another are the business of the document's own list.
        operation.remove("schemes");
        request_body(operation, &common, &media, shared);
        for response in members(operation, "responses") {
            media.response(response);
        }
    }
    if let Some(Value::Array(parameters)) = item.get_mut("parameters") {
        keep_parameters(parameters, shared);
    }
}

/// Makes a request body of the parameters that are one, or fields of a form.
fn request_body(operation: &mut Object, common: &[Value], media: &Media, shared: &Value) {
    let own = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let all: Vec<_> = own.iter().chain(common).map(|parameter| resolved(parameter, shared)).collect();
    let is_in = |parameter: &&Value, place: &str| parameter.get("in").and_then(Value::as_str) == Some(place);
    if let Some(body) = all.iter().find(|parameter| is_in(parameter, "body")) {
        let schema = body.get("schema").cloned().unwrap_or_else(|| json!({}));
        let required = body.get("required").cloned().unwrap_or(json!(false));
        let mut request =
            json!({ "content": content(&media.consumes, "application/json", &schema), "required": required });
        if let Some(description) = body.get("description") {
            request["description"] = description.clone();
        }
        operation.insert("requestBody".to_owned(), request);
    }
    let fields: Vec<_> = all.iter().copied().filter(|parameter| is_in(parameter, "formData")).collect();
    if !fields.is_empty() {
        operation.insert("requestBody".to_owned(), form(&fields, media));
    }
    if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
        keep_parameters(parameters, shared);
    }
}

fn form(fields: &[&Value], media: &Media) -> Value {
    let name = |field: &Value| field.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let has_file = fields.iter().any(|field| field.get("type").and_then(Value::as_str) == Some("file"));
    let mut properties = Object::new();
    let mut required = Vec::new();
    for field in fields {
        if field.get("required").and_then(Value::as_bool) == Some(true) {
            required.push(Value::String(name(field)));
        }
        let mut schema = (*field).clone();
        if let Value::Object(schema) = &mut schema {
            for key in ["name", "in", "required", "allowEmptyValue", "collectionFormat"] {
                schema.remove(key);
            }
        }
        properties.insert(name(field), schema);
    }
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    let usual = if has_file { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
    json!({ "content": content(&media.consumes, usual, &schema), "required": !required.is_empty() })
}

/// Leaves the parameters that are neither body nor form, in the words of OpenAPI 3.0.
fn keep_parameters(parameters: &mut Vec<Value>, shared: &Value) {
    parameters.retain(|parameter| {
        let place = resolved(parameter, shared).get("in").and_then(Value::as_str);
        !matches!(place, Some("body" | "formData"))
    });
    parameters.iter_mut().filter_map(Value::as_object_mut).for_each(parameter);
}

/// Puts what a parameter or a header says of its values into a schema.
fn parameter(parameter: &mut Object) {
    if parameter.contains_key("$ref") || parameter.contains_key("schema") {
        return;
    }
    match parameter.remove("collectionFormat").as_ref().and_then(Value::as_str) {
        Some("multi") => drop(parameter.insert("explode".to_owned(), json!(true))),
        Some("ssv") => drop(parameter.insert("style".to_owned(), json!("spaceDelimited"))),
        Some("pipes") => drop(parameter.insert("style".to_owned(), json!("pipeDelimited"))),
        _ if parameter.get("type").and_then(Value::as_str) == Some("array") => {
            parameter.insert("explode".to_owned(), json!(false));
        }
        _ => {}
    }
    const OF_THE_PARAMETER: [&str; 7] =
        ["name", "in", "description", "required", "allowEmptyValue", "explode", "style"];
    let of_the_schema = |key: &String| !OF_THE_PARAMETER.contains(&key.as_str()) && !key.starts_with("x-");
    let keys: Vec<_> = parameter.keys().filter(|key| of_the_schema(key)).cloned().collect();
    let schema: Object = keys.into_iter().filter_map(|key| parameter.remove_entry(&key)).collect();
    parameter.insert("schema".to_owned(), Value::Object(schema));
}

impl Media {
    /// Those of a description.
    fn of(description: &Object) -> Self {
        let list = |key| texts(description.get(key).cloned());
        Self { consumes: list("consumes"), produces: list("produces") }
    }

    fn response(&self, response: &mut Object) {
        response.remove("examples");
        if let Some(schema) = response.remove("schema") {
            response.insert("content".to_owned(), content(&self.produces, "application/json", &schema));
        }
        for header in members(response, "headers") {
            self::parameter(header);
        }
    }
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

fn servers(root: &mut Object) {
    let base = root.remove("basePath").and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
    let schemes = texts(root.remove("schemes"));
    let host = root.remove("host").and_then(|value| value.as_str().map(str::to_owned));
    let scheme = if schemes.is_empty() || schemes.iter().any(|scheme| scheme == "https") { "https" } else { "http" };
    let url = match host {
        Some(host) => format!("{scheme}://{host}{base}"),
        None if base.is_empty() => return,
        None => base,
    };
    root.insert("servers".to_owned(), json!([{ "url": url }]));
}

fn security(root: &mut Object) {
    let Some(Value::Object(mut schemes)) = root.remove("securityDefinitions") else { return };
    for scheme in schemes.values_mut().filter_map(Value::as_object_mut) {
        match scheme.get("type").and_then(Value::as_str) {
            Some("basic") => {
                scheme.insert("type".to_owned(), json!("http"));
                scheme.insert("scheme".to_owned(), json!("basic"));
            }
            Some("oauth2") => {
                let flow = scheme.remove("flow");
                let kept =
                    ["authorizationUrl", "tokenUrl", "scopes"].map(|key| Some((key.to_owned(), scheme.remove(key)?)));
                let is_application = flow.as_ref().and_then(Value::as_str) == Some("application");
                let name = if is_application { "clientCredentials" } else { "implicit" };
                let flow: Object = kept.into_iter().flatten().collect();
                scheme.insert("flows".to_owned(), json!({ name: flow }));
            }
            _ => {}
        }
    }
    root.insert("components".to_owned(), json!({ "securitySchemes": schemes }));
}

/// The content of a body in each of the media types, or in the usual one where none is named.
fn content(media_types: &[String], usual: &str, schema: &Value) -> Value {
    let named = media_types.iter().map(String::as_str);
    let all = named.chain(media_types.is_empty().then_some(usual));
    Value::Object(all.map(|media_type| (media_type.to_owned(), json!({ "schema": schema }))).collect())
}

/// A parameter, or the shared one that it refers to.
fn resolved<'v>(parameter: &'v Value, shared: &'v Value) -> &'v Value {
    let reference = parameter.get("$ref").and_then(Value::as_str).and_then(Pointer::from_reference);
    reference.and_then(|at| at.get(shared)).unwrap_or(parameter)
}

fn members<'v>(object: &'v mut Object, key: &str) -> impl Iterator<Item = &'v mut Object> {
    let map = object.get_mut(key).and_then(Value::as_object_mut);
    map.into_iter().flat_map(|map| map.values_mut()).filter_map(Value::as_object_mut)
}

fn texts(value: Option<Value>) -> Vec<String> {
    let Some(Value::Array(values)) = value else { return Vec::new() };
    values.into_iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}
