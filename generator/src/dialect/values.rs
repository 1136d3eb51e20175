//! Stages 2 and 3, values: what examples, defaults and enumerations are held against.

use serde_json::{Map, Value};

/// Whether a value has a type of JSON Schema (2020-12, validation 6.1.1).
pub(crate) fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        // What is no type was told, and says nothing.
        _ => true,
    }
}

/// Whether a schema is one that every value matches.
pub(crate) fn is_anything(schema: &Value) -> bool {
    *schema == Value::Bool(true) || schema.as_object().is_some_and(Map::is_empty)
}

/// The names that `propertyNames` lists and an object must have, whose properties are described all alike: these are as
/// good as described by name.
pub(crate) fn listed_names(schema: &Map<String, Value>) -> Vec<String> {
    let is_described =
        schema.get("additionalProperties").is_some_and(|others| others.is_object() && !is_anything(others));
    let listed = schema.get("propertyNames").filter(|_| is_described).and_then(|names| names.get("enum"));
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let is_listed = |name: &&Value| listed.and_then(Value::as_array).is_some_and(|listed| listed.contains(name));
    required.filter(is_listed).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether two values are the same: numbers by what they are, and not by how they are written.
pub(crate) fn is_same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().is_some_and(|number| b.as_f64() == Some(number))
}

/// A value as it fits into a sentence.
pub(crate) fn shortened(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
