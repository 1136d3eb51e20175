//! Stage 1, the scalars of YAML: which value a text stands for, by the [core schema] of YAML 1.2.
//!
//! [core schema]: https://yaml.org/spec/1.2.2/#103-core-schema

use std::borrow::Cow;

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// The value of a scalar. A tag of the core schema decides; other tags say nothing about the type.
pub(super) fn value(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    let resolved = match core {
        Some("null" | "bool" | "int" | "float") => plain(&text),
        Some(_) => None,
        None if style == ScalarStyle::Plain => plain(&text),
        None => None,
    };
    resolved.unwrap_or_else(|| Value::String(text.into_owned()))
}

/// What a text without quotes stands for when it is more than a text.
fn plain(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) {
        return None;
    }
    integer(text).or_else(|| float(text)).map(Value::Number)
}

fn integer(text: &str) -> Option<Number> {
    let in_base = |digits: &str, base| u64::from_str_radix(digits, base).ok().filter(|_| !digits.starts_with('+'));
    if let Some(digits) = text.strip_prefix("0x") {
        return in_base(digits, 16).map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return in_base(digits, 8).map(Number::from);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) || has_leading_zero(digits) {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let exact = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    // Beyond 64 bits: the nearest number that can be had.
    exact.or_else(|| Number::from_f64(text.parse().ok()?))
}

/// A number of more than one digit that starts with 0 is a code, such as `0049`, whose zeros must not be lost.
fn has_leading_zero(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0')
}

/// Without infinities and `.nan`, which JSON has not: they stay the texts that they are.
fn float(text: &str) -> Option<Number> {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match bare.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (bare, None),
    };
    let all_digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let well_formed = all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits))
        && (mantissa.contains('.') || !has_leading_zero(whole));
    if well_formed { Number::from_f64(text.parse().ok()?) } else { None }
}

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
        let read = |text: &str, style, tag: Option<Tag>| value(Cow::Owned(text.to_owned()), style, tag.as_ref());
        assert_eq!(read("1", ScalarStyle::DoubleQuoted, None), json!("1"));
        assert_eq!(read("1", ScalarStyle::Plain, Some(core("str"))), json!("1"));
        assert_eq!(read("1", ScalarStyle::DoubleQuoted, Some(core("int"))), json!(1));
        assert_eq!(read("1", ScalarStyle::Plain, Some(Tag { handle: "!".into(), suffix: "x".into() })), json!(1));
    }
}
