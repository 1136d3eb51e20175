//! Stage 2, the audit, combinations: keywords that exclude each other, or have no effect beside others.

use serde_json::{Map, Value};

use super::{Audit, Kind};
use crate::diagnostic::{Code, Severity, Spot};
use crate::document::is_token;
use crate::pointer::Pointer;

type Object = Map<String, Value>;

/// A keyword that is wrong where something else is so, and what to say of it.
type Combination = (Kind, &'static str, fn(&Object) -> bool, &'static str);

/// OpenAPI 3.2.0, sections 4.8 to 4.24.
const COMBINATIONS: &[Combination] = &[
    (Kind::Parameter, "examples", |node| node.contains_key("example"), "`example` and `examples` exclude each other"),
    (Kind::Header, "examples", |node| node.contains_key("example"), "`example` and `examples` exclude each other"),
    (Kind::MediaType, "examples", |node| node.contains_key("example"), "`example` and `examples` exclude each other"),
    (Kind::Parameter, "content", |node| node.contains_key("schema"), "`schema` and `content` exclude each other"),
    (Kind::Header, "content", |node| node.contains_key("schema"), "`schema` and `content` exclude each other"),
    (Kind::Parameter, "style", has_content, "`style` has no effect beside `content`"),
    (Kind::Parameter, "explode", has_content, "`explode` has no effect beside `content`"),
    (Kind::Parameter, "allowReserved", has_content, "`allowReserved` has no effect beside `content`"),
    (Kind::Parameter, "allowReserved", is_plain, "`allowReserved` has no effect where nothing is percent-encoded"),
    (Kind::Header, "allowReserved", |_| true, "`allowReserved` has no effect where nothing is percent-encoded"),
    (Kind::Parameter, "schema", |node| is_in(node, "querystring"), "a query as a whole is described by `content`"),
    (Kind::Parameter, "name", is_no_header, "this is no name that a header can have"),
    (Kind::Parameter, "name", is_no_part, "this is no name that a part of a path can have"),
    (Kind::Response, "headers", has_no_header, "a header has a name that no header can have"),
    (Kind::ServerVariable, "enum", is_empty, "an empty list allows no value; the variable can have any"),
    (Kind::Operation, "parameters", has_two_queries, "a query as a whole leaves no room for another parameter of it"),
    (Kind::PathItem, "parameters", has_two_queries, "a query as a whole leaves no room for another parameter of it"),
];

impl Audit<'_, '_> {
    /// Reports the keywords of a node that do not go with the others.
    pub(super) fn combinations(&mut self, kind: Kind, at: &Pointer, node: &Object) {
        for (_, key, is_wrong, message) in COMBINATIONS.iter().filter(|(of, ..)| *of == kind) {
            if node.contains_key(*key) && is_wrong(node) {
                let help = "take out what is not meant";
                let (spot, message) = (Spot::Key(at.key(key)), (*message).to_owned());
                self.say(Severity::Note, Code::WrongCombination, spot, message, help);
            }
        }
    }
}

fn has_content(node: &Object) -> bool {
    node.contains_key("content")
}

fn is_in(node: &Object, place: &str) -> bool {
    node.get("in").and_then(Value::as_str) == Some(place)
}

fn name(node: &Object) -> &str {
    node.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn is_plain(node: &Object) -> bool {
    is_in(node, "header") || is_in(node, "cookie") && node.get("style").and_then(Value::as_str) == Some("cookie")
}

fn is_no_header(node: &Object) -> bool {
    is_in(node, "header") && !is_token(name(node))
}

fn is_no_part(node: &Object) -> bool {
    is_in(node, "path") && name(node).contains(['{', '}'])
}

fn has_no_header(node: &Object) -> bool {
    node.get("headers").and_then(Value::as_object).is_some_and(|headers| headers.keys().any(|name| !is_token(name)))
}

fn is_empty(node: &Object) -> bool {
    node.get("enum").and_then(Value::as_array).is_some_and(Vec::is_empty)
}

fn has_two_queries(node: &Object) -> bool {
    let parameters = node.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let places: Vec<_> = parameters.filter_map(|parameter| parameter.get("in")?.as_str()).collect();
    let count = |place| places.iter().filter(|one| **one == place).count();
    count("querystring") + count("query").min(1) > 1 && places.contains(&"querystring")
}
