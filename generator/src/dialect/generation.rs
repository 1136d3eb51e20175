//! Stage 2, generations: which print of a page is the newer one, by what it prints. Where pages describe the same
//! operation, the newest one counts.

use serde_json::Value;

use crate::source::Source;

/// How much a description knows of the API, from the least to the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Generation {
    /// A page that prints no types.
    #[default]
    Outline,
    /// A page that prints types alone.
    Bare,
    /// A page that prints what properties mean and their defaults, too.
    Described,
    /// A page whose description has the title of the API, servers and the bodies of errors.
    Titled,
    /// A description of a whole API.
    Whole,
}

pub(super) fn of(source: &Source) -> Generation {
    if source.page.is_none() {
        return Generation::Whole;
    }
    if source.is_outline {
        return Generation::Outline;
    }
    let version = source.value.pointer("/info/version").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("endpoint_") {
        Generation::Titled
    } else if describes(&source.value) {
        Generation::Described
    } else {
        Generation::Bare
    }
}

/// Whether there is a property with a description, or a default.
fn describes(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(describes),
        Value::Object(members) => {
            let properties = members.get("properties").and_then(Value::as_object);
            let mut properties = properties.into_iter().flatten().map(|(_, property)| property);
            members.contains_key("default")
                || properties.any(|property| property.get("description").is_some())
                || members.values().any(describes)
        }
        _ => false,
    }
}
