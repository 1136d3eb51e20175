//! Stage 2, inclusions: a reference where the specification has none, in place of a whole map, list or `info`, is
//! replaced by what it leads to: authors keep `paths` or `components` in files of their own.

use serde_json::{Value, json};

use super::external::{Library, Target, reference_to, why_lost};
use super::keywords::{Expect, Kind, Version};
use super::walk::walk;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::pointer::Pointer;
use crate::source::Source;

/// More than there are inclusions in inclusions.
const DEEPEST: usize = 64;

/// Replaces the inclusions in a region of `source`, whose references are those of the text `from`.
pub(super) fn include(
    source: &mut Source,
    (region, kind): (&Pointer, Kind),
    from: usize,
    library: &Library<'_>,
    diagnostics: &mut Diagnostics,
) {
    for _ in 0..DEEPEST {
        let mut found = Vec::new();
        if let Some(node) = region.get_mut(&mut source.value) {
            walk(node, kind, region, &mut |kind, at, node| inclusions(kind, at, node, &mut found));
        }
        if found.is_empty() {
            break;
        }
        for (at, expect, reference) in found {
            let target = library.target((source.input, &source.value), from, &reference);
            let included = target.and_then(|target| replacement(expect, &target, source.input));
            if included.is_some() {
                let message = format!("included: `{reference}` is read in place of a reference where none can stand");
                let place = Place { input: source.input, spot: Spot::Node(at.clone()) };
                diagnostics.push(Diagnostic::new(Severity::Note, Code::Repaired, place, message));
            } else {
                let is_known = library.find(from, &reference).is_some();
                let why = if is_known { "leads nowhere, or not to what belongs here" } else { why_lost(&reference) };
                let code = if is_known { Code::DanglingReference } else { Code::ExternalReference };
                let place = Place { input: source.input, spot: Spot::Node(at.key("$ref")) };
                let message = format!("`{reference}` {why}");
                diagnostics.push(Diagnostic::new(Severity::Warning, code, place, message).help("nothing is read here"));
            }
            if let Some(node) = at.get_mut(&mut source.value) {
                let beside = std::mem::replace(node, included.unwrap_or_else(|| nothing(expect)));
                // What stands beside the reference is closer.
                if let (Value::Object(node), Value::Object(beside)) = (node, beside) {
                    node.extend(beside.into_iter().filter(|(key, _)| key != "$ref"));
                }
            }
        }
    }
}

/// What stands in place of a reference that leads nowhere.
fn nothing(expect: Expect) -> Value {
    match expect {
        Expect::List(_) | Expect::Array | Expect::Texts | Expect::Requirements => json!([]),
        _ => json!({}),
    }
}

/// The values in a node that are references where no reference can stand, with their places.
fn inclusions(kind: Kind, at: &Pointer, node: &Value, found: &mut Vec<(Pointer, Expect, String)>) {
    let mut look = |at: Pointer, expect, value: &Value| {
        let reference = value.get("$ref").and_then(Value::as_str).filter(|_| !can_be_reference(expect));
        found.extend(reference.map(|reference| (at, expect, reference.to_owned())));
    };
    for (key, value) in node.as_object().into_iter().flatten() {
        match (Version::Current.expected(kind, key), value) {
            (Some(Expect::List(kind)), Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    look(at.key(key).index(index), Expect::Node(kind), element);
                }
            }
            (Some(expect), value) => look(at.key(key), expect, value),
            (None, _) => {}
        }
    }
}

/// Whether a value can be a reference itself, or is one that nothing is made of.
fn can_be_reference(expect: Expect) -> bool {
    match expect {
        Expect::Node(kind) => {
            use Kind::{ClientCredentials, Components, Info, OAuthFlow, OAuthFlows, Paths, Responses, Server, Tag};
            let is_flow = matches!(kind, OAuthFlows | OAuthFlow | ClientCredentials);
            !is_flow && !matches!(kind, Info | Server | Tag | Paths | Responses | Components)
        }
        Expect::Map(_) | Expect::List(_) | Expect::Array | Expect::Texts | Expect::Requirements => false,
        _ => true,
    }
}

/// What stands in place of a reference: of what is made of nodes that can be references a reference to each, so that
/// these stay where they are; of all else a copy.
fn replacement(expect: Expect, target: &Target<'_>, own: usize) -> Option<Value> {
    let refer = |at: Pointer| json!({ "$ref": reference_to(own, target.text, &at) });
    let are_copied = |kind| matches!(kind, Kind::Server | Kind::ServerVariable | Kind::Tag | Kind::Encoding);
    match (expect, target.value) {
        (Expect::Map(kind) | Expect::List(kind), value) if are_copied(kind) => Some(value.clone()),
        (Expect::Map(_), Value::Object(members)) => {
            Some(members.keys().map(|key| (key.clone(), refer(target.at.key(key)))).collect())
        }
        (Expect::Node(Kind::Paths | Kind::Responses | Kind::Components), Value::Object(members)) => {
            let members = members.iter().map(|(key, value)| {
                let value = if key.starts_with("x-") { value.clone() } else { refer(target.at.key(key)) };
                (key.clone(), value)
            });
            Some(members.collect())
        }
        (Expect::List(_), Value::Array(elements)) => {
            Some((0..elements.len()).map(|index| refer(target.at.index(index))).collect())
        }
        (Expect::Node(_), Value::Object(_))
        | (Expect::Array | Expect::Texts | Expect::Requirements, Value::Array(_)) => Some(target.value.clone()),
        _ => None,
    }
}
