//! Whether a value came back as it was: equality of JSON values, with the one exception that the contract makes.

use std::cmp::Ordering;

use serde_json::{Number, Value};
use specwright::pointer::Pointer;

use super::positions::Position;

/// The first place at which two values differ, and how; `None` when they say the same.
///
/// The order of members does not count, and a number is its value. A constant that was absent may have come back.
#[must_use]
pub(super) fn difference(before: &Value, after: &Value, position: &Position<'_>) -> Option<String> {
    differ(before, after, position, &Pointer::root())
}

fn differ(before: &Value, after: &Value, position: &Position<'_>, at: &Pointer) -> Option<String> {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, before) in old {
                let at = at.key(key);
                let Some(after) = new.get(key) else { return Some(format!("`{at}` is lost: {}", short(before))) };
                if let Some(found) = differ(before, after, &position.member(key), &at) {
                    return Some(found);
                }
            }
            let mut added =
                new.iter().filter(|(key, value)| !old.contains_key(*key) && !position.is_constant(key, value));
            added.next().map(|(key, value)| format!("`{}` is invented: {}", at.key(key), short(value)))
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let mut pairs = old.iter().zip(new).enumerate();
            pairs.find_map(|(index, (old, new))| differ(old, new, &position.item(index), &at.index(index)))
        }
        (Value::Number(old), Value::Number(new)) if equal(old, new) => None,
        (old, new) if old == new => None,
        (old, new) => Some(format!("`{at}` was {} and became {}", short(old), short(new))),
    }
}

/// Whether two numbers are the same number: `1` is `1.0`.
fn equal(a: &Number, b: &Number) -> bool {
    let whole = |number: &Number| number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a == b,
        (Some(whole), None) => is_whole(b, whole),
        (None, Some(whole)) => is_whole(a, whole),
        (None, None) => a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a.total_cmp(&b) == Ordering::Equal || a == b),
    }
}

/// Whether a floating-point number is this whole number, without rounding either of them.
fn is_whole(number: &Number, whole: i128) -> bool {
    // Every whole number that JSON has here is far from where the conversion saturates.
    number.as_f64().is_some_and(|float| float.fract() == 0.0 && float.abs() < 1e30 && float as i128 == whole)
}

/// A value in a line of a report.
#[must_use]
pub(super) fn short(value: &Value) -> String {
    const LONGEST: usize = 200;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::survey::schemas::Schemas;

    fn compare(before: Value, after: Value) -> Option<String> {
        let schemas = Schemas::new(json!({"S": {
            "properties": {"kind": {"const": "a"}, "items": {"items": {"properties": {"one": {"enum": [1]}}}}},
        }}));
        difference(&before, &after, &Position::of(&schemas, schemas.get("/S").expect("a schema")))
    }

    #[test]
    fn numbers_are_their_values_and_members_have_no_order() {
        assert_eq!(compare(json!({"a": 1, "b": 2.5}), json!({"b": 2.5, "a": 1.0})), None);
        assert_eq!(compare(json!(-0.0), json!(0.0)), None);
        let close = compare(json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992.0));
        assert!(close.is_some());
        assert!(compare(json!(u64::MAX), json!(1.8446744073709552e19)).is_some());
    }

    #[test]
    fn differences_are_told_with_their_place() {
        assert_eq!(compare(json!({"a": {"b": 1}}), json!({"a": {}})).as_deref(), Some("`/a/b` is lost: 1"));
        assert_eq!(compare(json!({}), json!({"a": null})).as_deref(), Some("`/a` is invented: null"));
        assert_eq!(compare(json!([1]), json!(["1"])).as_deref(), Some("`/0` was 1 and became \"1\""));
        assert_eq!(compare(json!([1]), json!([1, 2])).as_deref(), Some("`` was [1] and became [1,2]"));
    }

    #[test]
    fn only_a_constant_may_come_back() {
        assert_eq!(compare(json!({"items": [{}]}), json!({"kind": "a", "items": [{"one": 1}]})), None);
        assert_eq!(compare(json!({}), json!({"kind": "b"})).as_deref(), Some("`/kind` is invented: \"b\""));
        assert_eq!(
            compare(json!({"kind": "b"}), json!({"kind": "a"})).as_deref(),
            Some("`/kind` was \"b\" and became \"a\"")
        );
    }
}
