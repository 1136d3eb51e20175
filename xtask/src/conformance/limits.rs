//! What Prism cannot judge: requests that are right, in which it finds violations for want of reading them.
//!
//! A row stands for something that Prism does not read, whatever the document, and never for a document.

use serde_json::{Map, Value};
use specwright::surface::{Argument, Method, Takes};

use super::prism::Violation;

/// A request: what was called, and what it was given.
#[derive(Clone, Copy)]
pub(super) struct Sent<'c> {
    pub(super) method: &'c Method,
    pub(super) given: &'c Map<String, Value>,
}

/// What Prism does not read.
struct Limit {
    /// Whether a violation is due to it.
    causes: fn(Sent<'_>, &Violation) -> bool,
    /// What it is.
    reason: &'static str,
}

const LIMITS: [Limit; 6] = [
    Limit {
        causes: |sent, violation| sent.is_of(MULTIPART) && sent.field(violation).is_some_and(|one| !is_scalar(one)),
        reason: "Prism reads each part of a form as a text, also of arrays and objects, and the last of several alone",
    },
    Limit {
        causes: |sent, violation| !sent.is_read() && violation.place == ["body"],
        reason: "Prism reads JSON and forms; it holds any other body, as a text, against the schema",
    },
    Limit {
        causes: |sent, violation| violation.message.contains("must have required property") && sent.lacks(violation),
        reason: "Prism makes an empty object of one that a query or a form leaves out, and misses its properties",
    },
    Limit {
        causes: |sent, violation| {
            violation.message.contains("Cannot deserialize JSON object array")
                && sent.is_of(FORM)
                && sent.body().is_some_and(has_object_in_array)
        },
        reason: "Prism reads no lists of objects in a form",
    },
    Limit {
        causes: |sent, violation| {
            let is_nothing = |body: &Value| if sent.is_of(FORM) { is_empty(body) } else { body.is_null() };
            violation.message == "Body parameter is required" && sent.body().is_some_and(is_nothing)
        },
        reason: "Prism takes a form without fields, and `null`, for no body",
    },
    Limit {
        causes: |sent, violation| {
            violation.message.contains("must match exactly one schema in oneOf")
                && violation.place.first().is_some_and(|place| place != "body")
                && sent.parameter(violation).is_some_and(Value::is_i64)
        },
        reason: "Prism takes an integer in a URL for a text, too, so that it fits two schemas of a `oneOf`",
    },
];

/// A form in the body, and one in parts.
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// Why Prism finds a violation that is none, where that is known.
pub(super) fn of(sent: Sent<'_>, violation: &Violation) -> Option<&'static str> {
    LIMITS.iter().find(|limit| (limit.causes)(sent, violation)).map(|limit| limit.reason)
}

/// Why a call fails that Prism redirects as the document's example says: to a server that is none of the test's.
pub(super) fn of_redirect(method: &Method, failed: &str) -> Option<&'static str> {
    let path = failed.strip_suffix(": cannot connect")?.strip_prefix(&format!("{} ", method.http_method))?;
    let (asked, template) = (path.rsplit('/'), method.template.trim_start_matches('/').rsplit('/'));
    let is_asked = asked.zip(template).all(|(one, other)| other.contains('{') || one == other);
    (!is_asked).then_some("an example of the document redirects to another host")
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

impl<'c> Sent<'c> {
    fn is_of(self, media_type: &str) -> bool {
        self.method.media_type.as_deref() == Some(media_type)
    }

    /// Whether Prism reads the body.
    fn is_read(self) -> bool {
        let media_type = self.method.media_type.as_deref().unwrap_or_default();
        media_type.contains("json") || media_type.contains("form")
    }

    /// The arguments that have a name in the request.
    fn named(self, name: &str) -> Option<&'c Argument> {
        let mut arguments = self.method.arguments.iter().chain(&self.method.setters);
        arguments.find(|argument| argument.wire.as_deref() == Some(name))
    }

    /// The field of a form that a violation is about.
    fn field(self, violation: &Violation) -> Option<&'c Argument> {
        let [place, name, ..] = violation.place.as_slice() else { return None };
        self.named(name).filter(|_| place == "body")
    }

    /// What was given for the parameter that a violation is about.
    fn parameter(self, violation: &Violation) -> Option<&'c Value> {
        self.given.get(&self.named(violation.place.get(1)?)?.name)
    }

    fn body(self) -> Option<&'c Value> {
        let body = self.method.arguments.iter().chain(&self.method.setters).find(|argument| argument.wire.is_none());
        self.given.get(&body?.name)
    }

    /// Whether what a violation is about was not sent: it was not given, or is so empty that no form has it.
    fn lacks(self, violation: &Violation) -> bool {
        let (given, way) = match violation.place.first().map(String::as_str) {
            Some("query") => (self.parameter(violation), violation.place.get(2..)),
            Some("body") if self.is_of(FORM) => (self.body(), violation.place.get(1..)),
            _ => return false,
        };
        let step = |value: Option<&'c Value>, key: &String| match value? {
            Value::Array(elements) => elements.get(key.parse::<usize>().ok()?),
            value => value.get(key),
        };
        way.unwrap_or_default().iter().fold(given, step).is_none_or(is_empty)
    }
}

/// Whether a form has nothing to say of a value.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().all(is_empty),
        Value::Object(members) => members.values().all(is_empty),
        value => value.is_null(),
    }
}

fn has_object_in_array(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(|element| element.is_object() || has_object_in_array(element)),
        Value::Object(members) => members.values().any(has_object_in_array),
        _ => false,
    }
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
    use serde_json::json;
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

    fn about(place: &[&str], message: &str) -> Violation {
        Violation { place: place.iter().map(|part| (*part).to_owned()).collect(), message: message.to_owned() }
    }

    fn is_limit(method: &Method, given: Value, violation: &Violation) -> bool {
        let Value::Object(given) = given else { panic!("no arguments: {given}") };
        of(Sent { method, given: &given }, violation).is_some()
    }

    #[test]
    fn only_what_prism_does_not_read_is_a_limit() {
        let files = about(&["body", "file"], "must be array");
        let is_limit = |media_type, takes, violation: &Violation| {
            is_limit(&method(media_type, takes), json!({"file": ["a"]}), violation)
        };
        assert!(is_limit(MULTIPART, Takes::Uploads, &files));
        assert!(!is_limit(MULTIPART, Takes::Text, &files));
        assert!(!is_limit("application/json", Takes::Uploads, &files));
        assert!(is_limit("application/xml", Takes::Text, &about(&["body"], "must be object")));
        assert!(!is_limit("application/json", Takes::Text, &about(&["body"], "must be object")));
        assert!(!is_limit("application/xml", Takes::Text, &about(&["query", "file"], "must be array")));
    }

    #[test]
    fn what_was_sent_is_no_limit() {
        let with_body = |media_type| {
            let mut method = method(media_type, Takes::Text);
            let body = Argument { name: "body".to_owned(), wire: None, place: None, takes: Takes::Text };
            method.setters.push(body);
            method
        };
        let (form, json) = (with_body(FORM), with_body("application/json"));
        let lacking = about(&["body", "a", "b"], "b must have required property 'c'");
        assert!(is_limit(&form, json!({"body": {"a": {"other": 1}}}), &lacking));
        assert!(is_limit(&form, json!({"body": {"a": {"b": {}}}}), &lacking));
        assert!(!is_limit(&form, json!({"body": {"a": {"b": {"other": 1}}}}), &lacking));
        assert!(!is_limit(&json, json!({"body": {"a": {}}}), &lacking));
        let in_query = about(&["query", "file"], "file must have required property 'c'");
        assert!(is_limit(&json, json!({}), &in_query));
        assert!(!is_limit(&json, json!({"file": {"d": 1}}), &in_query));
        let objects = about(&[], "Cannot deserialize JSON object array in form data request body.");
        assert!(is_limit(&form, json!({"body": {"a": [{"b": 1}]}}), &objects));
        assert!(!is_limit(&form, json!({"body": {"a": [1]}}), &objects));
        let none = about(&[], "Body parameter is required");
        assert!(is_limit(&form, json!({"body": {"a": []}}), &none));
        assert!(!is_limit(&form, json!({"body": {"a": [1]}}), &none));
        assert!(is_limit(&json, json!({"body": null}), &none));
        assert!(!is_limit(&json, json!({"body": {}}), &none));
        let both = about(&["path", "file"], "must match exactly one schema in oneOf");
        assert!(is_limit(&json, json!({"file": 1}), &both));
        assert!(!is_limit(&json, json!({"file": "x"}), &both));
    }

    #[test]
    fn redirects_lead_to_other_paths() {
        let mut method = method("application/json", Takes::Text);
        method.template = "/repos/{name}/logs".to_owned();
        assert!(of_redirect(&method, "POST /elsewhere/x/1: cannot connect").is_some());
        assert_eq!(of_redirect(&method, "POST /v1/repos/a/logs: cannot connect"), None);
        assert_eq!(of_redirect(&method, "POST /elsewhere: the connection broke"), None);
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
