//! Stage 2, events: what the API sends or takes outside of operations. Payloads of webhooks and messages of AsyncAPI 2
//! have no names that could be those of types, so each gets one here, and a channel gets the union of its messages.

use serde_json::{Map, Value, json};

use super::quirks::NAME;
use crate::pointer::Pointer;
use crate::source::Page;

type Object = Map<String, Value>;

/// Names the payloads of webhooks that are no references.
pub(super) fn name_webhooks(root: &mut Value) {
    let webhooks = root.get_mut("webhooks").and_then(Value::as_object_mut).into_iter().flatten();
    for (key, item) in webhooks {
        let Value::Object(item) = item else { continue };
        let are_several = item.values().filter(|operation| operation.get("requestBody").is_some()).count() > 1;
        for (method, operation) in item.iter_mut() {
            let words = if are_several { format!("{key} {method} payload") } else { format!("{key} payload") };
            let content = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
            for media_type in content.into_iter().flat_map(Map::values_mut) {
                name(media_type.get_mut("schema"), &words);
            }
        }
    }
}

/// Names the payloads of messages, and gives each direction of a channel the union of what it carries.
pub(super) fn name_messages(root: &mut Value, page: Option<&Page>) {
    let messages = root.pointer_mut("/components/messages").and_then(Value::as_object_mut).into_iter().flatten();
    for (key, message) in messages {
        let words = own_name(message).unwrap_or_else(|| key.clone());
        name(message.get_mut("payload"), &words);
    }
    let title = root.pointer("/info/title").and_then(Value::as_str).unwrap_or_default().to_owned();
    let channels = root.get_mut("channels").and_then(Value::as_object_mut).into_iter().flatten();
    for (key, channel) in channels {
        for direction in ["publish", "subscribe"] {
            let Some(operation) = channel.get_mut(direction).and_then(Value::as_object_mut) else { continue };
            let words = match (page, operation.get("operationId").and_then(Value::as_str)) {
                // Pages speak of the service: what it publishes comes from the server.
                (Some(_), _) if direction == "publish" => format!("{title} server message"),
                (Some(_), _) => format!("{title} client message"),
                (None, Some(id)) => format!("{id} message"),
                (None, None) => format!("{key} {direction} message"),
            };
            let Some(Value::Object(message)) = operation.get_mut("message") else { continue };
            unite(message);
            let words = own_name(&Value::Object(message.clone())).unwrap_or(words);
            name(message.get_mut("payload"), &words);
        }
    }
}

/// Makes one message of several: its payload is that of one of them.
fn unite(message: &mut Object) {
    let Some(Value::Array(members)) = message.get("oneOf") else { return };
    let payloads: Vec<_> = members.iter().filter_map(payload).collect();
    message.insert("payload".to_owned(), json!({ "oneOf": payloads }));
}

fn payload(message: &Value) -> Option<Value> {
    let Some(reference) = message.get("$ref").and_then(Value::as_str) else { return message.get("payload").cloned() };
    // The keys of messages hold slashes that pages do not escape.
    let at = match reference.strip_prefix("#/components/messages/") {
        Some(key) if !key.contains("~1") => Pointer::root().key("components").key("messages").key(key),
        _ => Pointer::from_reference(reference)?,
    };
    Some(json!({ "$ref": at.key("payload").to_reference() }))
}

fn own_name(message: &Value) -> Option<String> {
    let text = |key: &str| message.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    text("name").or(text("title")).or(text("messageId")).map(str::to_owned)
}

/// Names a schema; a reference has the name of what it leads to.
fn name(schema: Option<&mut Value>, words: &str) {
    if let Some(Value::Object(schema)) = schema
        && !schema.contains_key("$ref")
    {
        schema.insert(NAME.to_owned(), json!(words));
    }
}
