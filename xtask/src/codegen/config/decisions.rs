//! `codegen.toml`, its entries: operations that are left out, other names, types of one's own, what diagnostics cost.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use specwright::configuration::{Dependency, Entry, Judgement, Rename, Selector};
use specwright::diagnostic::{Code, Severity};
use toml::{Spanned, Value};

use super::line_of;

/// Names by other names.
pub(super) type Names = BTreeMap<String, Spanned<String>>;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Operations {
    tag: Option<String>,
    path: Option<String>,
    method: Option<String>,
    operation: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Renames {
    pub(super) types: Names,
    pub(super) properties: Names,
    pub(super) variants: Names,
    pub(super) parameters: Names,
    pub(super) operations: Names,
    pub(super) services: Names,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Diagnostics {
    allow: Vec<Spanned<Value>>,
    deny: Vec<Spanned<Value>>,
}

/// A kind of diagnostics at a place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct There {
    code: String,
    at: String,
}

/// A package, with more than its version.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Package {
    version: Option<String>,
    default_features: Option<bool>,
    features: Option<Vec<String>>,
    optional: Option<bool>,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

/// The line and the message of what is wrong.
type Mistake = (usize, String);

/// The entries of `include` or `exclude`.
pub(super) fn selectors(text: &str, all: Vec<Spanned<Operations>>) -> Result<Vec<Entry<Selector>>, Mistake> {
    let one = |operations: Spanned<Operations>| {
        let span = operations.span();
        let Operations { tag, path, method, operation } = operations.into_inner();
        let selector = Selector { tag, path, method, operation };
        if selector == Selector::default() {
            let message = "the entry says of no operation what it is: `tag`, `path`, `method` or `operation`";
            return Err((line_of(text, &span), message.to_owned()));
        }
        Ok(entry(text, &span, selector))
    };
    all.into_iter().map(one).collect()
}

/// The entries of a table of names.
pub(super) fn renames(text: &str, names: Names) -> Vec<Entry<Rename>> {
    let one = |(from, to): (String, Spanned<String>)| entry(text, &to.span(), Rename { from, to: to.into_inner() });
    names.into_iter().map(one).collect()
}

/// The entries of `diagnostics`.
pub(super) fn judgements(text: &str, diagnostics: Diagnostics) -> Result<Vec<Entry<Judgement>>, Mistake> {
    let allowed = diagnostics.allow.into_iter().map(|kind| (kind, Severity::Note));
    let denied = diagnostics.deny.into_iter().map(|kind| (kind, Severity::Error));
    allowed.chain(denied).map(|(kind, severity)| judgement(text, kind, severity)).collect()
}

fn judgement(text: &str, kind: Spanned<Value>, severity: Severity) -> Result<Entry<Judgement>, Mistake> {
    let span = kind.span();
    let mistake = |message: String| (line_of(text, &span), message);
    let (name, at) = match kind.into_inner() {
        Value::String(code) => (code, None),
        Value::Table(there) => {
            let There { code, at } = there.try_into().map_err(|error| of_value(&error)).map_err(mistake)?;
            (code, Some(at))
        }
        other => {
            let message = "a kind of diagnostic is a text, or `{ code = \"…\", at = \"…\" }`";
            return Err(mistake(format!("{message}, and no {}", other.type_str())));
        }
    };
    let Some(code) = Code::ALL.iter().find(|code| code.as_str() == name) else {
        return Err(mistake(format!("`{name}` is no kind of diagnostic")));
    };
    if let Some(at) = at.as_ref().filter(|at| !at.is_empty() && !at.starts_with('/')) {
        return Err(mistake(format!("`{at}` is no JSON pointer, such as `/components/schemas/Pet`")));
    }
    Ok(entry(text, &span, Judgement { code: *code, at, severity }))
}

/// The entries of `dependencies`.
pub(super) fn dependencies(
    text: &str,
    packages: BTreeMap<String, Spanned<Value>>,
) -> Result<Vec<Entry<Dependency>>, Mistake> {
    let one = |(name, package): (String, Spanned<Value>)| {
        let span = package.span();
        let package = match package.into_inner() {
            Value::String(version) => Value::Table(toml::Table::from_iter([("version".to_owned(), version.into())])),
            other => other,
        };
        let Package { version, default_features, features, optional, others } = package
            .try_into()
            .map_err(|error| (line_of(text, &span), format!("the package `{name}`: {}", of_value(&error))))?;
        let dependency = Dependency {
            name,
            version,
            default_features: default_features.unwrap_or(true),
            features: features.unwrap_or_default(),
            optional: optional.unwrap_or(false),
            others: others.into_iter().map(|(key, value)| (key, value.to_string())).collect(),
        };
        Ok(entry(text, &span, dependency))
    };
    packages.into_iter().map(one).collect()
}

/// What is wrong with a value, without the place in it.
fn of_value(error: &toml::de::Error) -> String {
    error.message().to_owned()
}

pub(super) fn entry<T>(text: &str, span: &Range<usize>, value: T) -> Entry<T> {
    let before = text.get(..span.start).unwrap_or(text);
    let column = before.chars().rev().take_while(|&character| character != '\n').count() + 1;
    Entry { value, line: line_of(text, span), column }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn everything_can_be_said() {
        let text = r#"
[[include]]
tag = "Pets"
[[exclude]]
path = "/v1/**"
method = "DELETE"
[rename.types]
Pet = "Animal"
[rename.properties]
"Animal.createdAt" = "created"
[rename.variants]
"Status.N2" = "Second"
[rename.parameters]
"GET /pets.q" = "named"
[replace]
Money = "rust_decimal::Decimal"
[dependencies]
rust_decimal = { version = "1", features = ["serde"] }
[diagnostics]
allow = ["ignored-keyword"]
deny = [{ code = "untyped-schema", at = "/components" }]
"#;
        let configuration = parse(text).expect("a valid file").configuration;
        let exclude = Selector { path: Some("/v1/**".into()), method: Some("DELETE".into()), ..Selector::default() };
        assert_eq!(configuration.exclude, [Entry { value: exclude, line: 4, column: 1 }]);
        let rename = Rename { from: "Pet".into(), to: "Animal".into() };
        assert_eq!(configuration.rename_types, [Entry { value: rename, line: 8, column: 7 }]);
        let [Entry { value: decimal, line: 18, column: 16 }] = &configuration.dependencies[..] else {
            panic!("{:?}", configuration.dependencies)
        };
        assert_eq!((decimal.version.as_deref(), decimal.features.as_slice()), (Some("1"), &["serde".to_owned()][..]));
        assert!(decimal.default_features && !decimal.optional && decimal.others.is_empty());
        let [allowed, denied] = &configuration.severities[..] else { panic!("{:?}", configuration.severities) };
        assert_eq!((allowed.value.code, allowed.value.severity), (Code::IgnoredKeyword, Severity::Note));
        assert_eq!((denied.value.at.as_deref(), denied.line), (Some("/components"), 21));
    }

    #[test]
    fn mistakes_are_found_at_their_line() {
        for (text, line, part) in [
            ("[[include]]\ntags = \"Pets\"\n", 2, "unknown field `tags`"),
            ("\n[[exclude]]\n", 2, "says of no operation"),
            ("[rename]\ntype = {}\n", 2, "unknown field `type`"),
            ("[diagnostics]\ndeny = [\"nonsense\"]\n", 2, "`nonsense` is no kind of diagnostic"),
            ("[diagnostics]\nallow = [{ code = \"untyped-schema\" }]\n", 2, "missing field `at`"),
            ("[diagnostics]\nallow = [{ code = \"untyped-schema\", on = \"/x\" }]\n", 2, "unknown field `on`"),
            ("[diagnostics]\nallow = [5]\n", 2, "and no integer"),
            ("[diagnostics]\ndeny = [{ code = \"untyped-schema\", at = \"x\" }]\n", 2, "`x` is no JSON pointer"),
            ("[dependencies]\nuuid = 1\n", 2, "the package `uuid`"),
            ("[dependencies]\nuuid = { features = \"v4\" }\n", 2, "the package `uuid`"),
            ("[renames]\n", 1, "unknown field `renames`"),
        ] {
            let (found, message) = parse(text).expect_err(text);
            assert!(message.contains(part), "{message}");
            assert_eq!(found, line, "{text}");
        }
    }
}
