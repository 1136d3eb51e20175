//! Stage 2, [`Value`](serde_json::Value) → `Value`: repairs the quirks of exporters and audits every keyword, so that
//! the stages behind it see one dialect of well-formed nodes.
//!
//! Nodes are replaced where they stand and not moved: a pointer keeps its place in the user's text. The upgrade of
//! Swagger 2.0 has to, and notes where from.

mod audit;
mod bodies;
pub(crate) mod credential;
mod events;
pub(crate) mod external;
mod generation;
mod include;
pub(crate) mod keywords;
pub(crate) mod quirks;
mod request_line;
mod swagger2;
pub(crate) mod values;
pub(crate) mod walk;

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::origins::Origins;
use crate::pointer::Pointer;
use crate::source::{EXPECTED, Source, foreign};
pub(crate) use audit::{INCOMPLETE, article};
pub(crate) use external::Library;
pub(crate) use generation::{Generation, newest_first};
pub(crate) use keywords::Kind;
use keywords::Version;
pub(crate) use swagger2::INLINED;

/// The keywords of a path item that are methods, in the order of the specification (OpenAPI 3.2.0, section 4.9).
pub(crate) const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The paths of a description with their items. A key to which the slash in front is missing is read as if it had one.
pub(crate) fn paths(root: &Value) -> impl Iterator<Item = (Cow<'_, str>, Pointer, &Value)> {
    let at = Pointer::root().key("paths");
    let items = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    items.filter(|(key, _)| keywords::member(Kind::Paths, key).is_some()).map(move |(key, item)| {
        let path = &key[host(key).map_or(0, str::len)..];
        let path = if path.starts_with('/') { Cow::Borrowed(path) } else { Cow::Owned(format!("/{path}")) };
        (path, at.key(key), item)
    })
}

/// The host, with its scheme, of the key of a path that is a whole URL.
pub(crate) fn host(key: &str) -> Option<&str> {
    let start = key.find("://")? + 3;
    let end = key[start..].find('/').map_or(key.len(), |end| start + end);
    key[..start - 3].bytes().all(|byte| byte.is_ascii_alphabetic()).then(|| &key[..end])
}

/// Normalises the parsed texts; those that are no description and part of none are left out, which an error says. What
/// is said once is said each time at the places that are `guarded`.
pub(crate) fn normalize(
    sources: Vec<Source>,
    names: Vec<&str>,
    is_entry: impl Fn(&Source) -> bool,
    guarded: &[Pointer],
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) -> Vec<Source> {
    let library = Library::new(names, &sources);
    let referred = library.referred(&sources);
    let (mut described, others): (Vec<_>, Vec<_>) =
        sources.into_iter().partition(|source| says_what_it_is(source) && is_entry(source));
    let mut grafted = HashSet::new();
    for source in &mut described {
        if recognise(source, diagnostics) {
            grafted.extend(external::graft(source, &library, diagnostics));
        } else {
            source.regions.clear();
        }
    }
    described.retain(|source| !source.regions.is_empty());
    // Beside a description, what is referred to from where no node is, such as an example, is no mistake.
    let is_part = |text: &usize| grafted.contains(text) || referred.contains(text) && !described.is_empty();
    diagnostics.retract(Code::NoDescription, |place| is_part(&place.input));
    for mut other in others.into_iter().filter(|other| says_what_it_is(other) || !is_part(&other.input)) {
        recognise(&mut other, diagnostics);
    }
    described.iter_mut().for_each(|source| normalize_one(source, guarded, origins, diagnostics));
    described
}

fn normalize_one(source: &mut Source, guarded: &[Pointer], origins: &mut Origins, diagnostics: &mut Diagnostics) {
    let mut ignored = audit::Ignored::new(guarded);
    swagger2::upgrade(source, origins, &mut ignored, diagnostics);
    source.generation = generation::of(source);
    match source.value.get("asyncapi") {
        Some(_) => events::name_messages(&mut source.value, source.page.as_ref()),
        None => events::name_webhooks(&mut source.value),
    }
    request_line::check(source, diagnostics);
    quirks::repair(source, diagnostics);
    audit::audit(source, Version::Current, &mut ignored, diagnostics);
}

/// Whether a text is a description, whatever its version.
pub(crate) fn says_what_it_is(source: &Source) -> bool {
    ["openapi", "swagger", "asyncapi"].iter().any(|key| source.value.get(key).is_some())
}

/// Whether the text is a description of a kind that can be read.
fn recognise(source: &mut Source, diagnostics: &mut Diagnostics) -> bool {
    let root = Pointer::root();
    let mut refuse = |spot, code, message: String, help: &str| {
        let place = Place { input: source.input, spot };
        diagnostics.push(Diagnostic::new(Severity::Error, code, place, message).help(help));
        false
    };
    let Value::Object(object) = &source.value else {
        return refuse(Spot::Whole, Code::NoDescription, no_description(&source.value), EXPECTED);
    };
    let newer = "OpenAPI 3.0, 3.1 and 3.2, Swagger 2.0 and AsyncAPI 2 are read";
    if let Some(version) = object.get("asyncapi") {
        if plain(version).starts_with("2.") {
            source.regions = vec![(root, Kind::AsyncRoot)];
            return true;
        }
        let message = format!("version `{}` of AsyncAPI cannot be read", plain(version));
        return refuse(Spot::Node(root.key("asyncapi")), Code::UnsupportedVersion, message, newer);
    }
    if let Some(version) = object.get("swagger") {
        let version = plain(version);
        // Without quotes, YAML reads `2.0` as a number.
        if matches!(version.as_str(), "2.0" | "2") {
            return true;
        }
        let message = format!("version `{version}` of Swagger cannot be read");
        return refuse(Spot::Node(root.key("swagger")), Code::UnsupportedVersion, message, newer);
    }
    match object.get("openapi") {
        None => refuse(Spot::Whole, Code::NoDescription, no_description(&source.value), EXPECTED),
        // Without quotes, YAML reads `3.1` as a number.
        Some(version) if is_supported(&plain(version)) => true,
        Some(version) if !plain(version).starts_with(|first: char| first.is_ascii_digit()) => {
            refuse(Spot::Whole, Code::NoDescription, no_description(&source.value), EXPECTED)
        }
        Some(version) => {
            let message = format!("version `{}` of OpenAPI cannot be read", plain(version));
            refuse(Spot::Node(root.key("openapi")), Code::UnsupportedVersion, message, newer)
        }
    }
}

/// What is said of a text that does not say that it is a description.
fn no_description(value: &Value) -> String {
    match foreign::of_value(value) {
        _ if value.is_null() => "this text is empty".to_owned(),
        Some(what) => format!("this is {what}, and no description of an API that can be read"),
        None => "this is no description of an API".to_owned(),
    }
}

fn is_supported(version: &str) -> bool {
    ["3.0", "3.1", "3.2"].iter().any(|supported| {
        version.strip_prefix(supported).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    })
}

/// A value as it reads in a sentence: a text without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
