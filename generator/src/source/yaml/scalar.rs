//! Stage 1, the scalars of YAML: which value a text stands for, by the [core schema] of YAML 1.2.
//!
//! [core schema]: https://yaml.org/spec/1.2.2/#103-core-schema

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// The value of a scalar that is more than its text. A tag of the core schema decides; other tags say nothing about the
/// type.
pub(super) fn value(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Option<Value> {
    let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    match core {
        Some("null" | "bool" | "int" | "float") => plain(text),
        Some(_) => None,
        None if style == ScalarStyle::Plain => plain(text),
        None => None,
    }
}

/// What a text without quotes stands for when it is more than a text.
fn plain(text: &str) -> Option<Value> {
    let unsigned = text.trim_start_matches(['+', '-']);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit());
    // Infinities and `.nan`, which JSON has not, stay the texts that they are.
    if !is_number && !WORDS.contains(&text) {
        return None;
    }
    match serde_yaml::from_str(text) {
        Ok(Value::String(_) | Value::Array(_) | Value::Object(_)) => None,
        Ok(value) => Some(value),
        // An integer beyond 64 bits: the nearest number that can be had.
        Err(_) if unsigned.bytes().all(|digit| digit.is_ascii_digit()) => {
            Number::from_f64(text.parse().ok()?).map(Value::Number)
        }
        Err(_) => None,
    }
}

/// The words that are no texts.
const WORDS: [&str; 11] = ["", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_texts_are_what_the_core_schema_says() {
        for (text, value) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("True", json!(true)),
            ("-0", json!(0)),
            ("+12", json!(12)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("18446744073709551615", json!(u64::MAX)),
            ("18446744073709551616", json!(18_446_744_073_709_551_616.0)),
            ("-99999999999999999999", json!(-1e20)),
            ("1.50", json!(1.5)),
            (".5", json!(0.5)),
            ("1.", json!(1.0)),
            ("-1e3", json!(-1000.0)),
            ("6.02E+23", json!(6.02e23)),
        ] {
            assert_eq!(plain(text), Some(value), "{text}");
        }
    }

    #[test]
    fn other_plain_texts_stay_texts() {
        for text in [
            "yes",
            "no",
            "on",
            "y",
            "null ",
            "tRUE",
            "007",
            "1_000",
            "1,5",
            "2024-01-01",
            "12:30",
            ".",
            "-",
            "+",
            "e5",
            "1e",
            "0x",
            "0x+1",
            ".inf",
            ".nan",
            "1e999",
            "1.2.3",
            "--1",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn quotes_and_tags_decide_first() {
        let core = |suffix: &str| Tag { handle: "tag:yaml.org,2002:".to_owned(), suffix: suffix.to_owned() };
        let read =
            |text: &str, style, tag: Option<Tag>| value(text, style, tag.as_ref()).unwrap_or_else(|| json!(text));
        assert_eq!(read("1", ScalarStyle::DoubleQuoted, None), json!("1"));
        assert_eq!(read("1", ScalarStyle::Plain, Some(core("str"))), json!("1"));
        assert_eq!(read("1", ScalarStyle::DoubleQuoted, Some(core("int"))), json!(1));
        assert_eq!(read("1", ScalarStyle::Plain, Some(Tag { handle: "!".into(), suffix: "x".into() })), json!(1));
    }
}
