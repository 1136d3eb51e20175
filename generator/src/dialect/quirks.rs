//! Stage 2, the quirks: repairs of what exporters get wrong, one rule each, applied wherever the quirk shows up.

mod types;

use serde_json::{Map, Value, json};

use super::credential;
use super::keywords::Kind;
use super::walk::walk_all;
use super::{host, plain};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::pointer::Pointer;
use crate::source::{Page, Source, Written};
use crate::uri;

/// The service that an operation belongs to, as a list of names from the client down.
pub(crate) const SERVICE: &str = "x-specwright-service";
/// The URL that the paths of a page are relative to, by its request line.
pub(crate) const BASE_URL: &str = "x-specwright-base-url";
/// On a parameter that is a credential of the client: what stands before the key, such as `Bearer`, or `null` where
/// nothing says that.
pub(crate) const CREDENTIAL: &str = "x-specwright-credential";
/// The name of a component where its key is not fit to be one.
pub(crate) const NAME: &str = "x-specwright-name";
/// The package of a component whose key says it.
pub(crate) const PACKAGE: &str = "x-specwright-package";
/// On content: it is values of JSON, one a line, whatever its media type.
pub(crate) const LINES: &str = "x-specwright-lines";
/// On a schema whose `items` is a list of one: that is the schema of all elements.
pub(crate) const ONE_ITEM: &str = "x-specwright-one-item";

/// A repair of a wrong or odd description.
pub struct Quirk {
    /// What the rule is called in diagnostics.
    pub name: &'static str,
    /// What exporters write, and what it means.
    pub reason: &'static str,
    kinds: &'static [Kind],
    repair: fn(&mut Map<String, Value>, &Context<'_>) -> bool,
}

/// What a rule may look at besides the node.
struct Context<'s> {
    at: &'s Pointer,
    page: Option<&'s Page>,
    written: &'s Written,
    /// Whether the schemas are those of OpenAPI 3.0, or written anew in them.
    is_openapi_3_0: bool,
}

/// Every rule, in the order in which they are applied to a node.
pub const ALL: &[Quirk] = &[
    Quirk {
        name: "endpoint-version",
        reason: "the version of the API is the id of an endpoint of the documentation, and no version",
        kinds: &[Kind::Info],
        repair: endpoint_version,
    },
    Quirk {
        name: "page-base-url",
        reason: "the base URL stands in the request line of the page",
        kinds: &[Kind::Root],
        repair: page_base_url,
    },
    Quirk {
        name: "path-without-slash",
        reason: "the path has no slash in front, and is read as if it had one",
        kinds: &[Kind::PathItem],
        repair: path_without_slash,
    },
    Quirk {
        name: "path-with-host",
        reason: "the path is a whole URL, whose host is the server of its operations",
        kinds: &[Kind::PathItem],
        repair: path_with_host,
    },
    Quirk {
        name: "nested-tags",
        reason: "the tags are a list of lists: the groups around the operation, of which the last names them all",
        kinds: &[Kind::Operation],
        repair: nested_tags,
    },
    Quirk {
        name: "subpackage-tag",
        reason: "the tag is the path of a group in the documentation, such as `subpackage_store/widgets`",
        kinds: &[Kind::Operation],
        repair: subpackage_tag,
    },
    Quirk {
        name: "credential-parameter",
        reason: "the key is written as an ordinary header parameter; it belongs to the client and not to each call",
        kinds: &[Kind::Parameter],
        repair: credential_parameter,
    },
    Quirk {
        name: "request-body-required",
        reason: "pages never say that a body is required, and it always is",
        kinds: &[Kind::RequestBody],
        repair: request_body_required,
    },
    Quirk {
        name: "no-content-body",
        reason: "a response with the status 204 has no body, whatever is written for it",
        kinds: &[Kind::Response],
        repair: no_content_body,
    },
    Quirk {
        name: "empty-content",
        reason: "`content: {}` on a page says that the type of the body is not printed, and not that there is no body",
        kinds: &[Kind::Response],
        repair: empty_content,
    },
    Quirk {
        name: "unprinted-response",
        reason: "a success without `content` on a page has a body whose media type has no schema",
        kinds: &[Kind::Response],
        repair: unprinted_response,
    },
    Quirk {
        name: "literal-mapping",
        reason: "a constant is written as `type: stringLiteral` (or `booleanLiteral`) with its `value`",
        kinds: &[Kind::Schema],
        repair: literal_mapping,
    },
    Quirk {
        name: "enum-value-mapping",
        reason: "the values of an enumeration are written as objects: `- value: x`",
        kinds: &[Kind::Schema],
        repair: enum_value_mapping,
    },
    Quirk {
        name: "enum-of-elements",
        reason: "the values that the elements of a list can have are written as if they were lists",
        kinds: &[Kind::Schema],
        repair: enum_of_elements,
    },
    Quirk {
        name: "items-in-list",
        reason: "`items` is a list, which OpenAPI 3.0 does not have, of one schema: that of all elements",
        kinds: &[Kind::Schema],
        repair: types::items_in_list,
    },
    Quirk {
        name: "items-of-tuple",
        reason: "`items` is a list, which OpenAPI 3.0 does not have; its schemas are those of the first elements",
        kinds: &[Kind::Schema],
        repair: types::items_of_tuple,
    },
    Quirk {
        name: "integer-as-number",
        reason: "the format of a number is one of integers",
        kinds: &[Kind::Schema],
        repair: types::integer_as_number,
    },
    Quirk {
        name: "null-as-object",
        reason: "beside a reference, an object that may be null and says nothing else stands for `null`",
        kinds: &[Kind::Schema],
        repair: types::null_as_object,
    },
    Quirk {
        name: "required-annotation",
        reason: "`@odata.type` is said to be required; services leave it out where the type is the described one",
        kinds: &[Kind::Schema],
        repair: types::required_annotation,
    },
    Quirk {
        name: "type-key-prefix",
        reason: "the key of a component starts with `type_`, a package and a colon, before its name",
        kinds: &[Kind::Schema],
        repair: type_key_prefix,
    },
    Quirk {
        name: "forgotten-media-type",
        reason: "`content` holds a schema and no media type; it is that of JSON",
        kinds: &[Kind::RequestBody, Kind::Response],
        repair: forgotten_media_type,
    },
    Quirk {
        name: "streamed-results",
        reason: "a gateway to gRPC describes one result of a stream; the results come one a line",
        kinds: &[Kind::Response],
        repair: streamed_results,
    },
    Quirk {
        name: "mapping-to-schemas",
        reason: "a mapping holds the schema of an inline member and no reference; the tags of the member say the same",
        kinds: &[Kind::Schema],
        repair: mapping_to_schemas,
    },
    Quirk {
        name: "unquoted-texts",
        reason: "values of a string stand without quotes; their texts are meant, and the values are read too",
        kinds: &[Kind::Schema],
        repair: unquoted_texts,
    },
];

/// Applies every rule to every node of its kind; each application is a note.
pub(super) fn repair(source: &mut Source, diagnostics: &mut Diagnostics) {
    let (input, page) = (source.input, source.page.clone());
    let page = page.as_ref();
    let written = std::mem::take(&mut source.written);
    let is_openapi_3_0 = source.value.get("openapi").is_some_and(|version| plain(version).starts_with("3.0"));
    walk_all(source, &mut |kind, at, node| {
        let Value::Object(object) = node else { return };
        for quirk in ALL.iter().filter(|quirk| quirk.kinds.contains(&kind)) {
            if (quirk.repair)(object, &Context { at, page, written: &written, is_openapi_3_0 }) {
                let place = Place { input, spot: Spot::Node(at.clone()) };
                let message = format!("{}: {}", quirk.name, quirk.reason);
                diagnostics.push(Diagnostic::new(Severity::Note, Code::Repaired, place, message));
            }
        }
    });
    source.written = written;
}

fn endpoint_version(info: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let is_id = info.get("version").and_then(Value::as_str).is_some_and(|version| version.starts_with("endpoint_"));
    is_id && info.remove("version").is_some()
}

fn page_base_url(root: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    let Some(url) = context.page.and_then(|page| page.url.as_deref()).filter(|url| url.contains("://")) else {
        return false;
    };
    let paths = root.get("paths").and_then(Value::as_object);
    let Some(base) = paths.into_iter().flat_map(Map::keys).find_map(|path| uri::base(url, path)) else { return false };
    let first = root.get("servers").and_then(|servers| servers.get(0)?.get("url")?.as_str());
    if first.is_some_and(|first| first.trim_end_matches('/') == base) {
        return false;
    }
    root.insert(BASE_URL.to_owned(), base.into());
    true
}

/// Nodes keep their places, so that whoever reads paths adds the slash.
fn path_without_slash(_: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    path_key(context).is_some_and(|key| !key.starts_with('/') && host(&key).is_none())
}

fn path_with_host(_: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    path_key(context).is_some_and(|key| host(&key).is_some())
}

fn path_key(context: &Context<'_>) -> Option<String> {
    context.at.last().filter(|_| context.at.parent().is_some_and(|parent| parent.as_str() == "/paths"))
}

fn nested_tags(operation: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let Some(Value::Array(tags)) = operation.get_mut("tags") else { return false };
    if !tags.iter().any(Value::is_array) {
        return false;
    }
    let mut at_root = false;
    for tag in tags.iter_mut() {
        let Value::Array(chain) = tag else { continue };
        at_root |= chain.is_empty();
        *tag = chain.pop().unwrap_or_default();
    }
    tags.retain(|tag| !tag.is_null());
    if at_root && tags.is_empty() {
        operation.insert(SERVICE.to_owned(), json!([]));
    }
    true
}

fn subpackage_tag(operation: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let tag = operation.get("tags").and_then(|tags| tags.get(0)).and_then(Value::as_str);
    let Some(group) = tag.and_then(group) else { return false };
    let service: Vec<_> = group.split('/').filter(|name| !name.is_empty()).map(Value::from).collect();
    operation.insert(SERVICE.to_owned(), service.into());
    true
}

/// The path of the group in the documentation that a tag names.
pub(crate) fn group(tag: &str) -> Option<&str> {
    let chain = tag.strip_prefix("subpackage_")?;
    // A chain may be joined by dots, which names can have, too; its last link names the group whole.
    Some(chain.rsplit(".subpackage_").next().unwrap_or(chain))
}

/// The endings of the names of headers that hold a key.
const CREDENTIAL_NAMES: [&str; 8] =
    ["apikey", "accesskey", "authkey", "secretkey", "apitoken", "accesstoken", "authtoken", "authorization"];

fn credential_parameter(parameter: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
    if !text("in").eq_ignore_ascii_case("header") || parameter.contains_key(CREDENTIAL) {
        return false;
    }
    let (name, description) = (text("name"), text("description"));
    let letters: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    // Exporters describe a credential in set phrases, whatever its header is called.
    let described = context.page.is_some() && credential::is_described(description);
    if !described && !CREDENTIAL_NAMES.iter().any(|ending| letters.ends_with(ending)) {
        return false;
    }
    let shown = context.page.and_then(|page| page.authorization.as_deref());
    let prefix = credential::prefix(name, description).or(shown.filter(|_| letters == "authorization"));
    let prefix = json!(prefix);
    parameter.insert(CREDENTIAL.to_owned(), prefix);
    true
}

fn request_body_required(body: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    if context.page.is_none() || body.contains_key("required") || body.contains_key("$ref") {
        return false;
    }
    body.insert("required".to_owned(), Value::Bool(true));
    true
}

fn no_content_body(response: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    context.at.last().as_deref() == Some("204") && response.remove("content").is_some()
}

fn empty_content(response: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    let Some(Value::Object(content)) = response.get_mut("content") else { return false };
    if context.page.is_none() || !content.is_empty() {
        return false;
    }
    content.insert("*/*".to_owned(), json!({}));
    true
}

fn unprinted_response(response: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    let status = context.at.last().unwrap_or_default();
    let has_body = status.starts_with('2') && !matches!(status.as_str(), "204" | "205");
    if context.page.is_none() || !has_body || response.contains_key("content") || response.contains_key("$ref") {
        return false;
    }
    response.insert("content".to_owned(), json!({ "*/*": {} }));
    true
}

fn literal_mapping(schema: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let repaired = unwrap_values(schema, |item| {
        item.get("type").and_then(Value::as_str).is_some_and(|name| name.ends_with("Literal"))
    });
    // The printed type is `string` whatever the constant is.
    let boolean = |values: &Vec<Value>| !values.is_empty() && values.iter().all(Value::is_boolean);
    if repaired && schema.get("enum").and_then(Value::as_array).is_some_and(boolean) {
        schema.insert("type".to_owned(), json!("boolean"));
    }
    repaired
}

fn enum_value_mapping(schema: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    unwrap_values(schema, |item| !item.contains_key("type"))
}

/// Replaces the items of an enumeration that are objects with a `value` by that value.
fn unwrap_values(schema: &mut Map<String, Value>, applies: impl Fn(&Map<String, Value>) -> bool) -> bool {
    let Some(Value::Array(items)) = schema.get_mut("enum") else { return false };
    let mut repaired = false;
    for item in items {
        let Value::Object(object) = &*item else { continue };
        let value = object.get("value").filter(|value| !value.is_object() && !value.is_array());
        if let Some(value) = value.filter(|_| applies(object)) {
            *item = value.clone();
            repaired = true;
        }
    }
    repaired
}

fn enum_of_elements(schema: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let is_scalar = |value: &Value| !matches!(value, Value::Null | Value::Array(_) | Value::Object(_));
    let values = schema.get("enum").and_then(Value::as_array);
    let are_scalars = values.is_some_and(|values| !values.is_empty() && values.iter().all(is_scalar));
    if !are_scalars || schema.get("type").and_then(Value::as_str) != Some("array") {
        return false;
    }
    let is_free = |items: &Value| {
        items.as_object().is_some_and(|items| !["$ref", "enum", "const"].iter().any(|key| items.contains_key(*key)))
    };
    // Some write them at both places.
    if schema.get("items").is_some_and(|items| items.get("enum") == schema.get("enum")) {
        return schema.remove("enum").is_some();
    }
    if !schema.get("items").is_none_or(is_free) {
        return false;
    }
    let values = schema.remove("enum");
    let items = schema.entry("items").or_insert_with(|| json!({}));
    items["enum"] = values.unwrap_or_default();
    true
}

fn type_key_prefix(schema: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    let in_components = context.at.parent().is_some_and(|parent| parent.as_str() == "/components/schemas");
    let key = context.at.last().filter(|_| in_components).unwrap_or_default();
    let Some((package, name)) = key.strip_prefix("type_").and_then(|rest| rest.split_once(':')) else { return false };
    schema.insert(NAME.to_owned(), json!(name));
    if !package.is_empty() {
        schema.insert(PACKAGE.to_owned(), json!(package));
    }
    true
}

fn forgotten_media_type(owner: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let Some(Value::Object(content)) = owner.get_mut("content") else { return false };
    if !content.get("schema").is_some_and(Value::is_object) || content.keys().any(|key| key.contains('/')) {
        return false;
    }
    // Moved one level down: what is wrong in it is shown at `content`.
    let media_type = std::mem::take(content);
    content.insert("application/json".to_owned(), Value::Object(media_type));
    true
}

/// By the words that `protoc-gen-openapiv2` adds to the description, and the title or the place of what it makes of the
/// message.
fn streamed_results(response: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let description = response.get("description").and_then(Value::as_str).unwrap_or_default();
    if !description.ends_with("(streaming responses)") {
        return false;
    }
    let is_result = |content: &Map<String, Value>| {
        let text = |key: &str| content.get("schema")?.get(key)?.as_str();
        text("title").is_some_and(|title| title.starts_with("Stream result of "))
            || text("$ref").is_some_and(|reference| reference.starts_with("#/x-stream-definitions/"))
    };
    let content = response.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten();
    let content = content.filter_map(|(_, content)| content.as_object_mut());
    let results: Vec<_> = content.filter(|content| is_result(content) && !content.contains_key(LINES)).collect();
    let repaired = !results.is_empty();
    for content in results {
        content.insert(LINES.to_owned(), Value::Bool(true));
    }
    repaired
}

/// Pydantic writes a union within a union at both places.
fn mapping_to_schemas(schema: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let lists = ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(*key)?.as_array());
    let members: Vec<_> = lists.flatten().filter(|member| member.is_object()).cloned().collect();
    let mapping = schema.get_mut("discriminator").and_then(|one| one.get_mut("mapping")?.as_object_mut());
    let Some(mapping) = mapping else { return false };
    let count = mapping.len();
    mapping.retain(|_, target| !members.contains(target));
    mapping.len() < count
}

fn unquoted_texts(schema: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    if schema.get("type").and_then(Value::as_str) != Some("string") {
        return false;
    }
    let named = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
    let mut types: Vec<_> = named.filter_map(type_of_unquoted).collect();
    if types.is_empty() {
        return false;
    }
    types.push("string");
    types.sort_unstable();
    types.dedup();
    let quote = |value: &mut Value, at: Pointer| {
        if type_of_unquoted(value).is_some() {
            *value = Value::String(context.written.text(&at, value));
        }
    };
    for key in ["enum", "const", "default"] {
        let at = context.at.key(key);
        match schema.get_mut(key) {
            Some(Value::Array(values)) => {
                values.iter_mut().enumerate().for_each(|(index, value)| quote(value, at.index(index)));
            }
            Some(value) => quote(value, at),
            None => {}
        }
    }
    schema.insert("type".to_owned(), json!(types));
    true
}

/// The type of a value that is no text and would be one in quotes.
fn type_of_unquoted(value: &Value) -> Option<&'static str> {
    match value {
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        _ => None,
    }
}
