//! What Prism cannot judge: requests that are right, in which it finds violations for want of reading them.
//!
//! A row stands for something that Prism does not read, whatever the document, and never for a document.

use specwright::surface::{Argument, Method, Takes};

use super::prism::Violation;

/// What Prism does not read.
struct Limit {
    /// Whether a violation is due to it.
    causes: fn(&Method, &Violation) -> bool,
    /// What it is.
    reason: &'static str,
}

const LIMITS: [Limit; 2] = [
    Limit {
        causes: |method, violation| {
            is_of(method, "multipart/form-data") && field(method, violation).is_some_and(|one| !is_scalar(one))
        },
        reason: "Prism reads each part of a form as a text, also of arrays and objects, and the last of several alone",
    },
    Limit {
        causes: |method, violation| !is_read(method) && violation.place == ["body"],
        reason: "Prism reads JSON and forms; it holds any other body, as a text, against the schema",
    },
];

/// Why Prism finds a violation that is none, where that is known.
pub(super) fn of(method: &Method, violation: &Violation) -> Option<&'static str> {
    LIMITS.iter().find(|limit| (limit.causes)(method, violation)).map(|limit| limit.reason)
}

/// Why an answer of Prism is none that the document allows, where it does not know that itself.
pub(super) fn of_answer(reason: &str) -> Option<&'static str> {
    let (expected, found) = reason.split_once("expected an integer")?.1.split_once("found ")?;
    let found: f64 = found.parse().ok()?;
    if found.abs() > MAX_SAFE_INTEGER {
        Some("JavaScript rounds integers beyond 53 bits, also those of a document's examples")
    } else if expected.contains("not negative") && found < 0.0 {
        Some("Prism makes integers without regard to their format")
    } else {
        None
    }
}

/// The integer up to which JavaScript has all.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

fn is_of(method: &Method, media_type: &str) -> bool {
    method.media_type.as_deref() == Some(media_type)
}

/// Whether Prism reads the body of a method.
fn is_read(method: &Method) -> bool {
    let media_type = method.media_type.as_deref().unwrap_or_default();
    media_type.contains("json") || media_type.contains("form")
}

/// The field of a form that a violation is about.
fn field<'m>(method: &'m Method, violation: &Violation) -> Option<&'m Argument> {
    let ["body", name, ..] = violation.place.iter().map(String::as_str).collect::<Vec<_>>()[..] else { return None };
    method.arguments.iter().chain(&method.setters).find(|argument| argument.wire.as_deref() == Some(name))
}

fn is_scalar(argument: &Argument) -> bool {
    match &argument.takes {
        Takes::Text | Takes::Upload => true,
        Takes::Value(ty) => !ty.starts_with("Vec<"),
        Takes::Texts | Takes::Uploads | Takes::Reference(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use specwright::surface::Gives;

    use super::*;

    fn method(media_type: &str, takes: Takes) -> Method {
        let argument = Argument { name: "file".to_owned(), wire: Some("file".to_owned()), place: None, takes };
        Method {
            http_method: "POST".to_owned(),
            template: "/a".to_owned(),
            expression: "client.a".to_owned(),
            media_type: Some(media_type.to_owned()),
            arguments: vec![argument],
            setters: Vec::new(),
            gives: Gives::Value,
        }
    }

    #[test]
    fn only_what_prism_does_not_read_is_a_limit() {
        let about = |place: &[&str]| Violation {
            place: place.iter().map(|part| (*part).to_owned()).collect(),
            message: "must be array".to_owned(),
        };
        let (files, form) = (about(&["body", "file"]), "multipart/form-data");
        assert!(of(&method(form, Takes::Uploads), &files).is_some());
        assert_eq!(of(&method(form, Takes::Text), &files), None);
        assert_eq!(of(&method("application/json", Takes::Uploads), &files), None);
        assert!(of(&method("application/xml", Takes::Text), &about(&["body"])).is_some());
        assert_eq!(of(&method("application/json", Takes::Text), &about(&["body"])), None);
        assert_eq!(of(&method("application/xml", Takes::Text), &about(&["query", "file"])), None);
    }

    #[test]
    fn integers_that_javascript_cannot_hold_are_its_own() {
        for (reason, is_limit) in [
            ("a.b: expected an integer of 64 bits, found 9223372036854776000", true),
            ("a.b: expected an integer of 64 bits that is not negative, found -7", true),
            ("a.b: expected an integer of 64 bits, found -7", false),
            ("a.b: expected a string, found 9223372036854776000", false),
        ] {
            assert_eq!(of_answer(reason).is_some(), is_limit, "{reason}");
        }
    }
}
