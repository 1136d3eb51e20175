//! Stage 3, what the API sends by itself: webhooks, and the callbacks of operations. The client takes it and does not
//! call it.

use serde_json::{Map, Value};

use super::Reader;
use super::http::Body;
use crate::dialect::{Kind, METHODS, paths};
use crate::pointer::Pointer;

/// A request that the API sends.
pub(crate) struct WebhookNode {
    /// The words that name it: its key, behind those of the operation that it is a callback of.
    pub(crate) words: String,
    pub(crate) at: Pointer,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) body: Body,
}

impl Reader<'_, '_> {
    /// All webhooks and callbacks that have a body.
    pub(super) fn webhooks(&mut self) -> Vec<WebhookNode> {
        let source = self.source;
        let mut items = Vec::new();
        let at = Pointer::root().key("webhooks");
        for (key, item) in members(at.get(&source.value)) {
            items.push((key.clone(), at.key(key), item));
        }
        for (path, at, item) in paths(&source.value) {
            for (method, at, operation) in operations(item, &at) {
                let id = operation.get("operationId").and_then(Value::as_str);
                let words = id.map_or_else(|| format!("{method} {}", path.replace(['{', '}'], " ")), str::to_owned);
                let at = at.key("callbacks");
                for (key, callback) in members(operation.get("callbacks")) {
                    let Some((callback, at)) = self.follow(Kind::Callback, callback, at.key(key)) else { continue };
                    let expressions = members(Some(callback)).filter(|(expression, _)| !expression.starts_with("x-"));
                    let words = format!("{words} {key}");
                    items.extend(expressions.map(|(expression, item)| (words.clone(), at.key(expression), item)));
                }
            }
        }
        let mut webhooks = Vec::new();
        for (words, at, item) in items {
            let Some((item, at)) = self.follow(Kind::PathItem, item, at) else { continue };
            let all: Vec<_> = operations(item, &at).collect();
            let are_several = all.len() > 1;
            for (method, at, operation) in all {
                let words = if are_several { format!("{words} {method}") } else { words.clone() };
                webhooks.extend(self.webhook(&words, at, operation));
            }
        }
        webhooks
    }

    fn webhook(&mut self, words: &str, at: Pointer, operation: &Map<String, Value>) -> Option<WebhookNode> {
        let (body, body_at) = self.follow(Kind::RequestBody, operation.get("requestBody")?, at.key("requestBody"))?;
        let body = Body::read(&self.with_media_types(body.clone(), &body_at));
        let text = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (words, summary, description) = (words.to_owned(), text("summary"), text("description"));
        Some(WebhookNode { words, at, summary, description, body })
    }
}

/// The operations of a path item by their methods; those of OpenAPI 3.2 that have no keyword come last.
fn operations<'v>(item: &'v Value, at: &Pointer) -> impl Iterator<Item = (&'v str, Pointer, &'v Map<String, Value>)> {
    let usual = METHODS.iter().filter_map(|method| Some((*method, at.key(method), item.get(method)?.as_object()?)));
    let at = at.key("additionalOperations");
    let additional = item.get("additionalOperations").and_then(Value::as_object).into_iter().flatten();
    let additional =
        additional.filter_map(move |(method, node)| Some((method.as_str(), at.key(method), node.as_object()?)));
    usual.chain(additional)
}

fn members(node: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    node.and_then(Value::as_object).into_iter().flatten()
}
