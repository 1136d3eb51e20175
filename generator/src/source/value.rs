//! Stage 1, parsing: one [`Value`] for YAML and JSON alike.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Deeper documents are refused instead of exhausting the stack; as deep as `serde_json` and `serde_yaml` go.
const MAX_DEPTH: usize = 128;

/// What a parser has against a text.
#[derive(Debug)]
pub(super) struct SyntaxError {
    /// Line and column, from 1, where the parser says them.
    pub(super) line: Option<(usize, usize)>,
    pub(super) message: String,
}

pub(super) fn from_yaml(text: &str) -> Result<Value, SyntaxError> {
    let parsed = Seed { depth: 0 }.deserialize(serde_yaml::Deserializer::from_str(text));
    parsed.map_err(|error| SyntaxError {
        line: error.location().map(|at| (at.line(), at.column())),
        message: without_place(&error.to_string()),
    })
}

pub(super) fn from_json(text: &str) -> Result<Value, SyntaxError> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let parsed = Seed { depth: 0 }.deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    parsed.map_err(|error| SyntaxError {
        line: Some((error.line(), characters(text, error.line(), error.column()))).filter(|(line, _)| *line > 0),
        message: without_place(&error.to_string()),
    })
}

/// The column in characters, from 1, of a column that counts bytes; that of a line break is 0 bytes.
fn characters(text: &str, line: usize, bytes: usize) -> usize {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    line.char_indices().take_while(|(at, _)| *at < bytes).count().max(1)
}

/// Both parsers end their messages with the place, which the report shows better.
fn without_place(message: &str) -> String {
    message.rfind(" at line ").map_or(message, |at| &message[..at]).to_owned()
}

/// Builds a [`Value`] from either parser. Unlike `Value`'s own `Deserialize` it takes keys of any scalar type (a status
/// code is an integer in YAML), values with a tag, and merge keys.
#[derive(Clone, Copy)]
struct Seed {
    depth: usize,
}

impl Seed {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    /// A text of YAML without any document in it.
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        // YAML's `.inf` and `.nan` are no JSON values; their text is the nearest that is one.
        Ok(Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let seed = self.deeper()?;
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(seed)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let seed = self.deeper()?;
        let mut object = Map::new();
        let mut merged = Vec::new();
        while let Some(key) = members.next_key_seed(seed)? {
            let key = match key {
                Value::String(key) => key,
                Value::Array(_) | Value::Object(_) => return Err(A::Error::custom("a key must be a scalar")),
                scalar => scalar.to_string(),
            };
            let value = members.next_value_seed(seed)?;
            if key == "<<" {
                merged.push(value);
            } else {
                object.insert(key, value);
            }
        }
        merge(&mut object, merged);
        Ok(Value::Object(object))
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_tag, content) = tagged.variant_seed(Seed { depth: self.depth })?;
        serde::de::VariantAccess::newtype_variant_seed(content, self)
    }
}

/// Adds what merge keys (`<<: *anchor`, `<<: [*a, *b]`) bring; a key of the object itself wins, then the first to come.
fn merge(object: &mut Map<String, Value>, merged: Vec<Value>) {
    for value in merged {
        let sources = match value {
            Value::Array(sources) => sources,
            source => vec![source],
        };
        for source in sources {
            let Value::Object(source) = source else { continue };
            for (key, value) in source {
                object.entry(key).or_insert(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_keys_of_every_scalar_type_become_strings() {
        let value = from_yaml("200: a\ntrue: b\n~: c\n").expect("YAML");
        assert_eq!(value, json!({"200": "a", "true": "b", "null": "c"}));
    }

    #[test]
    fn merge_keys_bring_what_is_not_there() {
        let value = from_yaml("a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}\n").expect("YAML");
        assert_eq!(value["b"], json!({"x": 1, "y": 2}));
    }

    #[test]
    fn a_tagged_value_is_its_content() {
        assert_eq!(from_yaml("a: !thing {x: 1}\n").expect("YAML"), json!({"a": {"x": 1}}));
    }

    #[test]
    fn errors_have_their_line() {
        let error = from_yaml("a: 1\nb: [\n").expect_err("no YAML");
        assert_eq!(error.line.map(|(line, _)| line), Some(3));
        let error = from_json("{\n  \"a\": 1,\n}").expect_err("no JSON");
        assert_eq!(error.line, Some((3, 1)));
        assert!(!error.message.contains("line"), "{}", error.message);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(from_json(&deep).is_err());
        assert!(from_yaml(&deep).is_err());
    }
}
