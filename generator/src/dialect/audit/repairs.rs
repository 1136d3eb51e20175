//! Stage 2, the audit, repairs: values of the wrong type whose meaning is plain.

use serde_json::{Value, json};

use super::{Audit, Expect, TYPES};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, Spot};
use crate::pointer::Pointer;

/// The type of JSON Schema that a type of programming languages is, where there is one.
pub(super) fn meant_type(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "bool" => "boolean",
        "int" | "long" => "integer",
        "float" | "double" | "decimal" => "number",
        "str" => "string",
        "list" => "array",
        "dict" | "map" => "object",
        _ => return None,
    })
}

impl Audit<'_, '_> {
    /// Makes of a value what was meant, where its type is wrong and leaves no doubt.
    pub(super) fn mend(&mut self, expect: Expect, at: &Pointer, value: &mut Value) {
        match (expect, value) {
            (Expect::Text, value @ (Value::Number(_) | Value::Bool(_))) => {
                let text = self.written.text(at, value);
                let message = format!("scalar-as-text: `{text}` stands in place of a text and is read as one");
                self.repaired(at, message);
                *value = Value::String(text);
            }
            (Expect::Flag, value) => self.mend_flag(at, value),
            // PHP has one value for an empty list and an empty object.
            (Expect::Object | Expect::Node(_) | Expect::Map(_) | Expect::TextMap, value) if *value == json!([]) => {
                self.repaired(at, "list-as-object: the empty list is read as an object without members".to_owned());
                *value = json!({});
            }
            (Expect::OneOf(allowed), value) => self.mend_spelling(allowed, at, value),
            (Expect::TypeNames, Value::Array(names)) => {
                for (index, name) in names.iter_mut().enumerate() {
                    self.mend_type(&at.index(index), name);
                }
            }
            (Expect::TypeNames, name) => self.mend_type(at, name),
            (Expect::Requirements, Value::Array(requirements)) => {
                for (index, requirement) in requirements.iter_mut().enumerate() {
                    let Some(name) = requirement.as_str().map(str::to_owned) else { continue };
                    let message = format!("scheme-as-requirement: `{name}` is read as a requirement without scopes");
                    self.repaired(&at.index(index), message);
                    *requirement = json!({ name: [] });
                }
            }
            _ => {}
        }
    }

    /// In quotes, in whatever case, a flag is the same one.
    fn mend_flag(&mut self, at: &Pointer, value: &mut Value) {
        let Some(text) = value.as_str() else { return };
        let Ok(flag) = text.to_ascii_lowercase().parse::<bool>() else { return };
        self.repaired(at, format!("text-as-flag: the text `{text}` is read as `{flag}`"));
        *value = json!(flag);
    }

    /// Without quotes, YAML reads the name of this type as its only value; others have a name of their own in
    /// programming languages.
    fn mend_type(&mut self, at: &Pointer, name: &mut Value) {
        if name.is_null() {
            self.repaired(at, "null-type: `null` is read as the type of that name".to_owned());
            *name = json!("null");
        }
        self.mend_spelling(&TYPES, at, name);
        let Some(word) = name.as_str().map(str::to_owned) else { return };
        if let Some(meant) = meant_type(&word) {
            self.repaired(at, format!("type-word: `{word}` is read as `{meant}`"));
            *name = json!(meant);
        }
    }

    /// In another case, or with hyphens or underscores between its words, a value is the same one.
    fn mend_spelling(&mut self, allowed: &[&str], at: &Pointer, value: &mut Value) {
        let Some(text) = value.as_str().filter(|text| !allowed.contains(text)) else { return };
        let letters = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
        let Some(meant) = allowed.iter().find(|one| letters(one) == letters(text)) else { return };
        self.repaired(at, format!("value-spelling: `{text}` is read as `{meant}`"));
        *value = json!(meant);
    }

    fn repaired(&mut self, at: &Pointer, message: String) {
        let place = Place { input: self.input, spot: Spot::Node(at.clone()) };
        self.diagnostics.push(Diagnostic::new(Severity::Note, Code::Repaired, place, message));
    }
}
