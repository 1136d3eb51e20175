//! Stage 1, foreign texts: what a text is that is no description of an API, where its start or its keys say so plainly.

use serde_json::Value;

/// What a text is whose syntax or first line tells it, with its article.
pub(super) fn of_text(text: &str) -> Option<&'static str> {
    let start: String = text.trim_start().chars().take(20).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Some("a page in HTML");
    }
    // To YAML it is a remark.
    start.starts_with("#%raml").then_some("a text in RAML")
}

/// What a parsed text is that is no description, with its article.
pub(crate) fn of_value(value: &Value) -> Option<&'static str> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if value.get("arazzo").is_some() {
        return Some("a list of workflows (Arazzo)");
    }
    if value.pointer("/info/_postman_id").is_some() || text("/info/schema").contains("getpostman.com") {
        return Some("a Postman collection");
    }
    text("/$schema").contains("json-schema.org/").then_some("a JSON Schema")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_told_by_how_it_starts() {
        for (text, what) in [
            ("\n<!DOCTYPE html>\n<html>", Some("a page in HTML")),
            ("<html lang=en>", Some("a page in HTML")),
            ("#%RAML 1.0\ntitle: A\n", Some("a text in RAML")),
            ("<Note>A page</Note>", None),
            ("# A title\n", None),
        ] {
            assert_eq!(of_text(text), what, "{text}");
        }
    }

    #[test]
    fn a_tree_is_told_by_its_keys() {
        let schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
        for (value, what) in [
            (json!({"arazzo": "1.0.0"}), Some("a list of workflows (Arazzo)")),
            (json!({"info": {"schema": schema}, "item": []}), Some("a Postman collection")),
            (json!({"$schema": "https://json-schema.org/draft/2020-12/schema"}), Some("a JSON Schema")),
            (json!({"info": {"title": "A"}, "paths": {}}), None),
            (json!(["arazzo"]), None),
        ] {
            assert_eq!(of_value(&value), what, "{value}");
        }
    }
}
