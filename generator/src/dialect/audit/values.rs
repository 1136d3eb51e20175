//! Stage 2, the audit, values: holds what a schema says of its values against its own `type` and `enum`.

use serde_json::{Map, Value};

use super::Audit;
use crate::diagnostic::{Code, Severity, Spot};
use crate::dialect::values::{is_of, is_same, shortened};
use crate::pointer::Pointer;

impl Audit<'_, '_> {
    /// Reports values that the schema itself does not allow. One of an enumeration is kept, since servers may well send
    /// it; a default is taken out, since the documentation would tell what is not so.
    pub(super) fn own_values(&mut self, at: &Pointer, schema: &mut Map<String, Value>) {
        let types: Vec<String> = match schema.get("type") {
            Some(Value::String(name)) => vec![name.clone()],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        // What allows no value says nothing of those that come.
        let is_nullable = types.iter().any(|name| name == "null") || schema.get("nullable") == Some(&Value::Bool(true));
        let is_void = |values: &Vec<Value>| {
            values.is_empty() || !types.is_empty() && !is_nullable && values.iter().all(Value::is_null)
        };
        if let Some(values) = schema.get("enum").and_then(Value::as_array).filter(|values| is_void(values)) {
            let (severity, code, message) = if values.is_empty() {
                (Severity::Warning, Code::WrongValue, "`enum` names no value; it is passed over")
            } else {
                (
                    Severity::Note,
                    Code::Repaired,
                    "null-alone: `enum` names `null` alone, so that the type allows it, too",
                )
            };
            if !values.is_empty() {
                schema.insert("nullable".to_owned(), Value::Bool(true));
            }
            let help = "name the values, or take the keyword out";
            self.say(severity, code, Spot::Key(at.key("enum")), message.to_owned(), help);
            schema.remove("enum");
        }
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
            let value = shortened(&value);
            let message =
                format!("`{value}` is no value of the type that `type` says; the values that are named count");
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
