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
