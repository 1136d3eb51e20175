//! Stage 2, the audit, values: holds what a schema says of its values against its own `type` and `enum`.

use serde_json::{Map, Value};

use super::Audit;
use crate::diagnostic::{Code, Severity, Spot};
use crate::pointer::Pointer;

impl Audit<'_> {
    /// Reports values that the schema itself does not allow. One of an enumeration is kept, since servers may well send
    /// it; a default is taken out, since the documentation would tell what is not so.
    pub(super) fn own_values(&mut self, at: &Pointer, schema: &mut Map<String, Value>) {
        let types: Vec<String> = match schema.get("type") {
            Some(Value::String(name)) => vec![name.clone()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let fits = |value: &Value| types.is_empty() || types.iter().any(|name| is_of(name, value));
        let list = |key: &str| {
            let values = schema.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
            let values = values.map(|(index, value)| (value.clone(), at.key(key).index(index)));
            values.collect::<Vec<_>>()
        };
        let one = |key: &str| schema.get(key).map(|value| (value.clone(), at.key(key)));
        let (named, default) = (list("enum"), one("default"));
        // `null` says that the schema is nullable, whatever its type.
        let wrong = named.iter().cloned().chain(one("const")).find(|(value, _)| !value.is_null() && !fits(value));
        if let Some((value, place)) = wrong {
            let message = format!("`{}` is no value of the type that `type` says; both are read", shortened(&value));
            let help = "write the value as one of the type, or the type of the value";
            self.say(Severity::Warning, Code::WrongValue, Spot::Node(place), message, help);
        }
        let is_listed = |value: &Value| named.is_empty() || named.iter().any(|(one, _)| is_same(one, value));
        let allows = |value: &Value| value.is_null() || fits(value) && is_listed(value);
        let is_default_wrong = default.as_ref().is_some_and(|(value, _)| !allows(value));
        let samples = list("examples").into_iter().chain(one("example")).chain(default);
        for (value, place) in samples.filter(|(value, _)| !allows(value)) {
            let message = format!("`{}` is no value that the schema allows; it is passed over", shortened(&value));
            let help = "write one that has the type, and is in the enumeration where there is one";
            self.say(Severity::Note, Code::WrongExample, Spot::Node(place), message, help);
        }
        if is_default_wrong {
            schema.remove("default");
        }
    }
}

/// Whether a value has a type of JSON Schema (2020-12, validation 6.1.1).
fn is_of(name: &str, value: &Value) -> bool {
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

/// Whether two values are the same: numbers by what they are, and not by how they are written.
fn is_same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().is_some_and(|number| b.as_f64() == Some(number))
}

/// A value as it fits into a sentence.
fn shortened(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
