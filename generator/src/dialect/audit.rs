//! Stage 2, the audit: holds every node against the table of keywords. What is unknown or unsupported is reported where
//! it stands; what has the wrong type is reported and taken out, so that no later stage trips over it.

mod combinations;
mod members;
mod repairs;
mod values;

use std::collections::HashSet;
use std::fmt;

use serde_json::{Map, Value, json};

use super::external;
use super::keywords::{Expect, Kind, Treatment, Version, member, required};
use super::plain;
use super::values::{is_anything, listed_names};
use super::walk::walk_version;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::pointer::Pointer;
use crate::source::{Source, Written};

/// The types of JSON Schema 2020-12, validation 6.1.1.
const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

/// Marks a node that lost a keyword which it cannot do without: that was told, and what comes of it, too.
pub(crate) const INCOMPLETE: &str = "x-specwright-incomplete";

/// The keywords of a text of which it was said that they are ignored.
pub(super) struct Ignored<'g> {
    said: HashSet<(Kind, String)>,
    /// Where it is said each time.
    guarded: &'g [Pointer],
}

impl<'g> Ignored<'g> {
    pub(super) fn new(guarded: &'g [Pointer]) -> Self {
        Self { said: HashSet::new(), guarded }
    }

    /// Whether it is to be said of a keyword at a place.
    fn is_news(&mut self, kind: Kind, key: &str, at: &Pointer) -> bool {
        let is_guarded = || {
            let own = external::origin(at).map(|(_, own)| own);
            self.guarded.iter().any(|guarded| own.as_ref().unwrap_or(at).is_within(guarded))
        };
        self.said.insert((kind, key.to_owned())) || !self.guarded.is_empty() && is_guarded()
    }
}

/// Audits the nodes of a text, and of what was grafted into it, that are in a version.
pub(super) fn audit(source: &mut Source, version: Version, ignored: &mut Ignored<'_>, diagnostics: &mut Diagnostics) {
    let written = std::mem::take(&mut source.written);
    let referred = source.nested_regions().map(|(at, _)| at.clone()).collect();
    let mut audit = Audit { input: source.input, version, diagnostics, written, referred, ignored };
    for (at, kind) in &source.regions {
        if let Some(node) = at.get_mut(&mut source.value) {
            walk_version(version, node, *kind, at, &mut |kind, at, node| audit.node(kind, at, node));
        }
    }
    source.written = audit.written;
}

struct Audit<'d, 'g> {
    input: usize,
    version: Version,
    diagnostics: &'d mut Diagnostics,
    written: Written,
    /// Where what is referred to stands within something else.
    referred: Vec<Pointer>,
    ignored: &'d mut Ignored<'g>,
}

impl Audit<'_, '_> {
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
        if kind == Kind::Schema {
            self.members(at, object);
        }
        // With these values they do shape types.
        let shapes =
            [("not", object.get("not").is_some_and(is_anything)), ("propertyNames", !listed_names(object).is_empty())];
        let is_read = |key: &str| shapes.contains(&(key, true));
        let mut is_incomplete = false;
        object.retain(|key, value| {
            if key.starts_with("x-") {
                return true;
            }
            let spot = || Spot::Key(at.key(key));
            if let Some(expect) = member(kind, key) {
                return self.value(kind, Subject::Keyword(key), expect, &at.key(key), value);
            }
            match self.version.find(kind, key) {
                // It is audited in what becomes of the node.
                None if self.version == Version::Swagger => true,
                None if self.referred.iter().any(|referred| referred.is_within(&at.key(key))) => true,
                None => {
                    let message = format!("{} has no keyword `{key}`", article(kind));
                    let help = suggestion(self.version, kind, key);
                    self.say(Severity::Warning, Code::UnknownKeyword, spot(), message, help);
                    false
                }
                Some((_, expect, treatment)) => {
                    if let Treatment::Ignored(reason) = treatment
                        && !is_read(key)
                        && self.ignored.is_news(kind, key, &at.key(key))
                    {
                        let message = format!("`{key}` does not shape the client: {reason}");
                        self.say(Severity::Note, Code::IgnoredKeyword, spot(), message, "said once for all its places");
                    }
                    if let Treatment::Unsupported(loss) = treatment {
                        let message = format!("`{key}` is not supported yet: {loss}");
                        let help = "what the crate does not do, `client.request` can";
                        self.say(Severity::Warning, Code::UnsupportedKeyword, spot(), message, help);
                    }
                    let is_right = self.value(kind, Subject::Keyword(key), *expect, &at.key(key), value);
                    is_incomplete |= !is_right && required(kind).contains(&key.as_str());
                    is_right
                }
            }
        });
        if is_incomplete {
            object.insert(INCOMPLETE.to_owned(), Value::Bool(true));
        }
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
        if !object["$ref"].is_string() {
            let message = format!("`$ref` must be a text, not {}", name_of(&object["$ref"]));
            let (spot, help) =
                (Spot::Node(at.key("$ref")), "write the place of what is meant, such as `#/components/…`");
            self.say(Severity::Warning, Code::WrongType, spot, message, help);
        }
        for key in object.keys().filter(|key| !matches!(key.as_str(), "$ref" | "summary" | "description")) {
            let message = format!("`{key}` beside `$ref` has no effect");
            let help = "put it where the reference leads to";
            self.say(Severity::Warning, Code::UnknownKeyword, Spot::Key(at.key(key)), message, help);
        }
    }

    /// Checks the value of a keyword; `false` takes it out.
    fn value(&mut self, kind: Kind, what: Subject<'_>, expect: Expect, at: &Pointer, value: &mut Value) -> bool {
        let expect = match expect {
            Expect::NodeOrList(kind) if value.is_array() => Expect::List(kind),
            Expect::NodeOrList(kind) => Expect::Node(kind),
            other => other,
        };
        self.mend(expect, at, value);
        if let Some(right) = mismatch(expect, value) {
            return self.wrong_type(kind, what, expect, right, at, value);
        }
        match (expect, value) {
            (Expect::TypeNames, value) => self.types(at, value),
            (Expect::OneOf(allowed), Value::String(text)) if !allowed.contains(&text.as_str()) => {
                let message = format!("{what} cannot be `{text}`{}", what.loss(kind));
                let help = format!("allowed are {}", list(allowed));
                self.say(Severity::Warning, Code::WrongValue, Spot::Node(at.clone()), message, help);
                false
            }
            (Expect::List(kind), Value::Array(elements)) => {
                for (index, element) in elements.iter_mut().enumerate() {
                    // Indices are places, so an element that is wrong is not taken out: it is none, or any schema.
                    if !self.value(kind, what.element(), Expect::Node(kind), &at.index(index), element) {
                        *element = if kind == Kind::Schema { json!({}) } else { Value::Null };
                    }
                }
                true
            }
            (Expect::Map(kind), Value::Object(members)) => {
                members.retain(|name, value| {
                    let is_right = self.value(kind, Subject::Member(name), Expect::Node(kind), &at.key(name), value);
                    // The property is there, whatever stands in place of its schema.
                    if !is_right && kind == Kind::Schema {
                        *value = json!({});
                    }
                    is_right || kind == Kind::Schema
                });
                true
            }
            (Expect::TextMap, Value::Object(members)) => {
                members
                    .retain(|name, value| self.value(kind, Subject::Member(name), Expect::Text, &at.key(name), value));
                true
            }
            (Expect::Texts, Value::Array(elements)) => {
                self.retain(elements, at, |audit, at, element| {
                    audit.value(kind, what.element(), Expect::Text, at, element)
                });
                true
            }
            (Expect::Requirements, Value::Array(elements)) => {
                let was_empty = elements.is_empty();
                self.retain(elements, at, |audit, at, element| {
                    audit.value(kind, what.element(), Expect::Object, at, element)
                });
                // An empty list says that no credentials are needed, which nobody said.
                was_empty || !elements.is_empty()
            }
            _ => true,
        }
    }

    /// Takes the elements out that are wrong; they hold no nodes whose places would be others then.
    fn retain(
        &mut self,
        elements: &mut Vec<Value>,
        at: &Pointer,
        mut is_right: impl FnMut(&mut Self, &Pointer, &mut Value) -> bool,
    ) {
        let mut places = (0..).map(|index| at.index(index));
        elements.retain_mut(|element| places.next().is_some_and(|at| is_right(self, &at, element)));
    }

    fn wrong_type(
        &mut self,
        kind: Kind,
        what: Subject<'_>,
        expect: Expect,
        right: &str,
        at: &Pointer,
        value: &Value,
    ) -> bool {
        // Without one of these there is no description left.
        let is_whole = matches!(kind, Kind::Root | Kind::AsyncRoot)
            && matches!(what, Subject::Keyword("paths" | "components" | "info"));
        // A title or a description that was left blank says nothing, and nothing is lost.
        let is_blank = matches!(expect, Expect::Text) && value.is_null() && what.loss(kind).is_empty();
        let severity = match (is_whole, is_blank) {
            (true, _) => Severity::Error,
            (false, true) => Severity::Note,
            (false, false) => Severity::Warning,
        };
        let is_kept = matches!(expect, Expect::Node(Kind::Schema)) && !matches!(what, Subject::Keyword(_));
        let end = if is_kept { "; it is read as any value".to_owned() } else { what.loss(kind) };
        let message = format!("{what} must be {right}, not {}{end}", name_of(value));
        self.say(severity, Code::WrongType, Spot::Node(at.clone()), message, format!("write {right} here"));
        false
    }

    /// Checks the types that a schema names; a wrong one in a list costs the others nothing.
    fn types(&mut self, at: &Pointer, value: &mut Value) -> bool {
        let is_type = |name: &Value| name.as_str().is_some_and(|name| TYPES.contains(&name));
        let wrong = match &*value {
            Value::Array(names) if !names.is_empty() => names.iter().find(|name| !is_type(name)),
            other => Some(other).filter(|name| !is_type(name)),
        };
        let Some(wrong) = wrong.map(plain) else { return true };
        if let Value::Array(names) = value {
            names.retain(is_type);
        }
        let has_others = value.as_array().is_some_and(|names| !names.is_empty());
        let what_is_read = if has_others { "the other types count" } else { "the schema is read as if it had none" };
        let message = format!("`{wrong}` is no type of JSON Schema; {what_is_read}");
        let help = format!("the types are {}", list(&TYPES));
        self.say(Severity::Warning, Code::WrongValue, Spot::Node(at.clone()), message, help);
        has_others
    }

    fn required(&mut self, kind: Kind, at: &Pointer, object: &Map<String, Value>) {
        let is_told = object.contains_key(INCOMPLETE);
        for key in required(kind).iter().filter(|key| !is_told && !object.contains_key(**key)) {
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

/// What a diagnostic is about, as it is called in a sentence.
#[derive(Clone, Copy)]
enum Subject<'k> {
    Keyword(&'k str),
    /// The member of a map with this key.
    Member(&'k str),
    /// An element of the list that this keyword has.
    Element(&'k str),
}

impl Subject<'_> {
    /// An element of the list that it is.
    fn element(self) -> Self {
        let (Self::Keyword(key) | Self::Member(key) | Self::Element(key)) = self;
        Self::Element(key)
    }

    /// What becomes of a node of a kind without it, as the end of a sentence.
    fn loss(self, kind: Kind) -> String {
        match self {
            Self::Keyword(key) if required(kind).contains(&key) => {
                let name = article(kind);
                format!("; the {} is left out", name.strip_prefix("a ").unwrap_or(name))
            }
            _ => String::new(),
        }
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyword(key) | Self::Member(key) => write!(f, "`{key}`"),
            Self::Element(key) => write!(f, "an element of `{key}`"),
        }
    }
}

/// What a value should be, when it is something else.
fn mismatch(expect: Expect, value: &Value) -> Option<&'static str> {
    let (matches, what) = match expect {
        Expect::Anything | Expect::TypeNames => (true, ""),
        Expect::Text | Expect::OneOf(_) => (value.is_string(), "a text"),
        Expect::Flag => (value.is_boolean(), "`true` or `false`"),
        Expect::Number => (value.is_number(), "a number"),
        Expect::Texts => (value.is_array(), "a list of texts"),
        Expect::TextMap => (value.is_object(), "an object with texts as its values"),
        Expect::Array | Expect::List(_) | Expect::NodeOrList(_) | Expect::Requirements => (value.is_array(), "a list"),
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
fn suggestion(version: Version, kind: Kind, key: &str) -> String {
    let near = version.keywords(kind).map(|(name, ..)| *name).find(|name| is_near(name, key));
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
pub(crate) fn article(kind: Kind) -> &'static str {
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
        Kind::OAuthFlows => "`flows`",
        Kind::OAuthFlow | Kind::ClientCredentials => "a flow of OAuth",
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
