//! Stage 1, JSON → [`Value`], with the keys that an object has twice.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{MAX_DEPTH, Parsed, SyntaxError};
use crate::pointer::Pointer;

pub(super) fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    parse_strictly(text).or_else(|error| {
        let (mended, replaced) = mended(text);
        if mended == text { Err(error) } else { parse_strictly(&mended).map(|parsed| Parsed { replaced, ..parsed }) }
    })
}

fn parse_strictly(text: &str) -> Result<Parsed, SyntaxError> {
    let duplicates = RefCell::default();
    let mut parser = serde_json::Deserializer::from_str(text);
    let seed = Seed { at: &Place::Root, depth: 0, duplicates: &duplicates };
    let parsed = seed.deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    match parsed {
        Ok(value) => {
            let (duplicates, written) = (duplicates.into_inner(), HashMap::new());
            Ok(Parsed { value, duplicates, written, replaced: Vec::new() })
        }
        Err(error) => Err(SyntaxError {
            line: Some((error.line(), characters(text, error.line(), error.column()))).filter(|(line, _)| *line > 0),
            message: without_place(&error.to_string()),
        }),
    }
}

/// The text without what the grammar allows (RFC 8259) and the parser does not take: a number beyond all that can be
/// had becomes a text, as in YAML, and half of a character, which no text can hold, U+FFFD. The places of these follow.
fn mended(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut mended, mut replaced) = (String::with_capacity(text.len()), Vec::new());
    let (mut rest, mut is_string) = (text, false);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\\' if is_string => match (half(rest), rest.get(6..).and_then(half)) {
                (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
                (Some(0xd800..0xe000), _) => {
                    let before = &text[..text.len() - rest.len()];
                    let line = before.rsplit('\n').next().unwrap_or(before);
                    replaced.push((before.matches('\n').count() + 1, line.chars().count() + 1));
                    mended.push_str("\\ufffd");
                    rest = &rest[6..];
                    continue;
                }
                _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            },
            '-' | '0'..='9' if !is_string => {
                let is_part = |one: char| one.is_ascii_digit() || matches!(one, '-' | '+' | '.' | 'e' | 'E');
                let length = rest.find(|one| !is_part(one)).unwrap_or(rest.len());
                if rest[..length].parse().is_ok_and(f64::is_infinite) {
                    mended.push_str(&format!("\"{}\"", &rest[..length]));
                    rest = &rest[length..];
                    continue;
                }
                length
            }
            other => {
                is_string ^= other == '"';
                other.len_utf8()
            }
        };
        mended.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    (mended, replaced)
}

/// The code of the escape that a text starts with.
fn half(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

/// The column in characters, from 1, of a column that counts bytes; that of a line break is 0 bytes.
fn characters(text: &str, line: usize, bytes: usize) -> usize {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    line.char_indices().take_while(|(at, _)| *at < bytes).count().max(1)
}

/// The parser ends its messages with the place, which the report shows better.
fn without_place(message: &str) -> String {
    message.rfind(" at line ").map_or(message, |at| &message[..at]).to_owned()
}

/// The way to a value; a pointer is made of it only where one is needed.
enum Place<'p> {
    Root,
    Key(&'p Place<'p>, &'p str),
    Index(&'p Place<'p>, usize),
}

impl Place<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Root => Pointer::root(),
            Self::Key(parent, key) => parent.pointer().key(key),
            Self::Index(parent, index) => parent.pointer().index(*index),
        }
    }
}

/// Builds a [`Value`] and takes down what `Value`'s own `Deserialize` passes over.
#[derive(Clone, Copy)]
struct Seed<'s> {
    at: &'s Place<'s>,
    depth: usize,
    duplicates: &'s RefCell<Vec<Pointer>>,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<usize, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(self.depth + 1)
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
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

    /// Also integers beyond 64 bits: the nearest number that can be had.
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number must be finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut array = Vec::new();
        while let Some(element) =
            elements.next_element_seed(Seed { at: &Place::Index(self.at, array.len()), depth, ..self })?
        {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(Seed { at: &Place::Key(self.at, &key), depth, ..self })?;
            if object.contains_key(&key) {
                self.duplicates.borrow_mut().push(self.at.pointer().key(&key));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_have_their_place() {
        let error = parse("{\n  \"a\": 1,\n}").expect_err("no JSON");
        assert_eq!(error.line, Some((3, 1)));
        assert!(!error.message.contains("line"), "{}", error.message);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(parse(&deep).is_err());
    }

    #[test]
    fn integers_beyond_64_bits_are_the_nearest_number() {
        let parsed = parse("[18446744073709551615, 18446744073709551616, -9223372036854775809]").expect("JSON");
        assert_eq!(parsed.value, json!([u64::MAX, 18_446_744_073_709_551_616.0, -9_223_372_036_854_775_808.0]));
    }

    #[test]
    fn numbers_beyond_all_are_texts() {
        let parsed = parse(r#"[1.79769313486232E+308, -1e999, 1e308, "1e999\"", 2]"#).expect("JSON");
        assert_eq!(parsed.value, json!(["1.79769313486232E+308", "-1e999", 1e308, "1e999\"", 2]));
    }

    #[test]
    fn half_of_a_character_is_replaced() {
        let parsed =
            parse(concat!("{\n \"", r#"ä\\ud83d": ["\ud83d\ude00", "\uD83D", "\ude00\ud83d\u0041"]}"#)).expect("JSON");
        assert_eq!(parsed.value, json!({ "ä\\ud83d": ["😀", "\u{fffd}", "\u{fffd}\u{fffd}A"] }));
        assert_eq!(parsed.replaced, [(2, 32), (2, 42), (2, 48)]);
        assert!(parse(r#"["\ud83d", ]"#).is_err());
    }

    #[test]
    fn of_a_key_that_is_there_twice_the_last_counts() {
        let parsed = parse("{\"a\": [{\"b~\": 1, \"b~\": 2}]}").expect("JSON");
        assert_eq!(parsed.value, json!({ "a": [{ "b~": 2 }] }));
        assert_eq!(parsed.duplicates, [Pointer::root().key("a").index(0).key("b~")]);
    }
}
