//! Stage 2, the audit: holds every node against the table of keywords. What is unknown or unsupported is reported where
//! it stands; what has the wrong type is reported and taken out, so that no later stage trips over it.

mod combinations;
mod values;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::keywords::{Expect, Kind, Treatment, keywords, member, required};
use super::plain;
use super::walk::walk_all;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::pointer::Pointer;
use crate::source::Source;

/// The types of JSON Schema 2020-12, validation 6.1.1.
const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

pub(super) fn audit(source: &mut Source, diagnostics: &mut Diagnostics) {
    let mut audit = Audit { input: source.input, diagnostics, ignored: HashSet::new() };
    walk_all(source, &mut |kind, at, node| audit.node(kind, at, node));
}

struct Audit<'d> {
    input: usize,
    diagnostics: &'d mut Diagnostics,
    /// The keywords of which it was said that they are ignored.
    ignored: HashSet<(Kind, String)>,
}

impl Audit<'_> {
    fn say(&mut self, severity: Severity, code: Code, spot: Spot, message: String, help: impl Into<String>) {
        let place = Place { input: self.input, spot };
        self.diagnostics.push(Diagnostic::new(severity, code, place, message).help(help));
    }

    fn node(&mut self, kind: Kind, at: &Pointer, node: &mut Value) {
        let Value::Object(object) = node else { return };
        if object.contains_key("$ref") && !matches!(kind, Kind::Schema | Kind::PathItem) {
            return self.reference(kind, at, object);
        }
        self.combinations(kind, at, object);
        // Before anything is taken out: what has the wrong type is not missing.
        self.required(kind, at, object);
        let table = keywords(kind);
        object.retain(|key, value| {
            if key.starts_with("x-") {
                return true;
            }
            let spot = || Spot::Key(at.key(key));
            if let Some(expect) = member(kind, key) {
                return self.value(kind, key, expect, &at.key(key), value);
            }
            match table.iter().find(|(name, ..)| name == key) {
                None => {
                    let message = format!("{} has no keyword `{key}`", article(kind));
                    self.say(Severity::Warning, Code::UnknownKeyword, spot(), message, suggestion(kind, key));
                    false
                }
                Some((_, expect, treatment)) => {
                    if let Treatment::Ignored(reason) = treatment
                        && self.ignored.insert((kind, key.clone()))
                    {
                        let message = format!("`{key}` does not shape the client: {reason}");
                        self.say(Severity::Note, Code::IgnoredKeyword, spot(), message, "said once for all its places");
                    }
                    if let Treatment::Unsupported(loss) = treatment {
                        let message = format!("`{key}` is not supported yet: {loss}");
                        let help = "what the crate does not do, `client.request` can";
                        self.say(Severity::Warning, Code::UnsupportedKeyword, spot(), message, help);
                    }
                    self.value(kind, key, *expect, &at.key(key), value)
                }
            }
        });
        if kind == Kind::Schema {
            self.own_values(at, object);
        }
    }

    fn reference(&mut self, kind: Kind, at: &Pointer, object: &Map<String, Value>) {
        if matches!(kind, Kind::Root | Kind::ServerVariable | Kind::Encoding | Kind::Discriminator) {
            let message = format!("{} cannot be a reference; what it leads to is not read", article(kind));
            let help = "refer to what is in it, one by one";
            self.say(Severity::Warning, Code::UnknownKeyword, Spot::Key(at.key("$ref")), message, help);
        }
        for key in object.keys().filter(|key| !matches!(key.as_str(), "$ref" | "summary" | "description")) {
            let message = format!("`{key}` beside `$ref` has no effect");
            let help = "put it where the reference leads to";
            self.say(Severity::Warning, Code::UnknownKeyword, Spot::Key(at.key(key)), message, help);
        }
    }

    /// Checks the value of a keyword; `false` takes it out.
    fn value(&mut self, kind: Kind, key: &str, expect: Expect, at: &Pointer, value: &mut Value) -> bool {
        let expect = match expect {
            Expect::NodeOrList(kind) if value.is_array() => Expect::List(kind),
            Expect::NodeOrList(kind) => Expect::Node(kind),
            other => other,
        };
        if let Some(what) = mismatch(expect, value) {
            // Without one of these there is no description left.
            let whole = matches!(kind, Kind::Root | Kind::AsyncRoot) && matches!(key, "paths" | "components" | "info");
            let severity = if whole { Severity::Error } else { Severity::Warning };
            let message = format!("`{key}` must be {what}, not {}", name_of(value));
            self.say(severity, Code::WrongType, Spot::Node(at.clone()), message, format!("write {what} here"));
            return false;
        }
        match (expect, value) {
            (Expect::TypeNames, value) => self.types(at, value),
            (Expect::OneOf(allowed), Value::String(text)) if !allowed.contains(&text.as_str()) => {
                let message = format!("`{key}` cannot be `{text}`");
                let help = format!("allowed are {}", list(allowed));
                self.say(Severity::Warning, Code::WrongValue, Spot::Node(at.clone()), message, help);
                false
            }
            (Expect::List(kind), Value::Array(elements)) => {
                for (index, element) in elements.iter_mut().enumerate() {
                    // Indices are places, so an element that is wrong is not taken out: it is none, or any schema.
                    if !self.value(kind, key, Expect::Node(kind), &at.index(index), element) {
                        *element = if kind == Kind::Schema { json!({}) } else { Value::Null };
                    }
                }
                true
            }
            (Expect::Map(kind), Value::Object(members)) => {
                members.retain(|name, value| self.value(kind, name, Expect::Node(kind), &at.key(name), value));
                true
            }
            _ => true,
        }
    }

    fn types(&mut self, at: &Pointer, value: &mut Value) -> bool {
        let names = match value {
            Value::Array(names) if !names.is_empty() => names.iter().collect(),
            other => vec![&*other],
        };
        let wrong = names.into_iter().find(|name| !name.as_str().is_some_and(|name| TYPES.contains(&name)));
        let Some(wrong) = wrong else { return true };
        let message = format!("`{}` is no type of JSON Schema; the schema is read as if it had none", plain(wrong));
        let help = format!("the types are {}", list(&TYPES));
        self.say(Severity::Warning, Code::WrongValue, Spot::Node(at.clone()), message, help);
        false
    }

    fn required(&mut self, kind: Kind, at: &Pointer, object: &Map<String, Value>) {
        for key in required(kind).iter().filter(|key| !object.contains_key(**key)) {
            let message = format!("{} must have the keyword `{key}`", article(kind));
            self.say(Severity::Warning, Code::MissingKeyword, Spot::Node(at.clone()), message, format!("add `{key}`"));
        }
        let callable = ["paths", "components", "webhooks"];
        if kind == Kind::Root && !callable.iter().any(|key| object.contains_key(*key)) {
            let message = "a description must have `paths`".to_owned();
            let help = "the operations stand under `paths`";
            self.say(Severity::Error, Code::MissingKeyword, Spot::Node(at.clone()), message, help);
        }
    }
}

/// What a value should be, when it is something else.
fn mismatch(expect: Expect, value: &Value) -> Option<&'static str> {
    let all = |test: fn(&Value) -> bool| value.as_array().is_some_and(|elements| elements.iter().all(test));
    let (matches, what) = match expect {
        Expect::Anything | Expect::TypeNames => (true, ""),
        Expect::Text | Expect::OneOf(_) => (value.is_string(), "a text"),
        Expect::Flag => (value.is_boolean(), "`true` or `false`"),
        Expect::Number => (value.is_number(), "a number"),
        Expect::Texts => (all(Value::is_string), "a list of texts"),
        Expect::TextMap => {
            let texts = value.as_object().is_some_and(|members| members.values().all(Value::is_string));
            (texts, "an object with texts as its values")
        }
        Expect::Array | Expect::List(_) | Expect::NodeOrList(_) => (value.is_array(), "a list"),
        // Since JSON Schema draft 6, `true` and `false` are schemas.
        Expect::Node(Kind::Schema) => (value.is_object() || value.is_boolean(), "a schema"),
        Expect::Object | Expect::Node(_) | Expect::Map(_) => (value.is_object(), "an object"),
    };
    (!matches).then_some(what)
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        // What is beyond all numbers that can be had stays the text that it is.
        Value::String(text) if text.parse().is_ok_and(f64::is_infinite) => "one beyond 64 bits",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// The keyword that was probably meant: the same letters in another case, or one letter off.
fn suggestion(kind: Kind, key: &str) -> String {
    let near = keywords(kind).iter().map(|(name, ..)| *name).find(|name| is_near(name, key));
    match near {
        Some(name) => format!("did you mean `{name}`? Keywords of one's own start with `x-`"),
        None => "it is ignored; keywords of one's own start with `x-`".to_owned(),
    }
}

fn is_near(name: &str, key: &str) -> bool {
    if name.eq_ignore_ascii_case(key) {
        return true;
    }
    let common_start = name.chars().zip(key.chars()).take_while(|(a, b)| a == b).count();
    let common_end = name.chars().rev().zip(key.chars().rev()).take_while(|(a, b)| a == b).count();
    let longer = name.chars().count().max(key.chars().count());
    longer > 3 && common_start + common_end + 1 >= longer
}

/// What a kind of node is called in a sentence.
fn article(kind: Kind) -> &'static str {
    match kind {
        Kind::Root => "a description",
        Kind::Info => "`info`",
        Kind::Server => "a server",
        Kind::ServerVariable => "a variable of a server",
        Kind::Paths => "`paths`",
        Kind::PathItem => "a path",
        Kind::Operation => "an operation",
        Kind::Parameter => "a parameter",
        Kind::RequestBody => "a request body",
        Kind::MediaType => "a media type",
        Kind::Encoding => "an encoding",
        Kind::Responses => "`responses`",
        Kind::Response => "a response",
        Kind::Header => "a header",
        Kind::Callback => "a callback",
        Kind::Components => "`components`",
        Kind::SecurityScheme => "a security scheme",
        Kind::Tag => "a tag",
        Kind::Schema => "a schema",
        Kind::Discriminator => "a discriminator",
        Kind::AsyncRoot => "a description of messages",
        Kind::AsyncComponents => "`components`",
        Kind::Channel => "a channel",
        Kind::ChannelOperation => "an operation of a channel",
        Kind::Message => "a message",
    }
}
