//! Stage 2, the walk: visits every node of a description with its kind and its pointer.

use serde_json::Value;

use super::INLINED;
use super::keywords::{Expect, Kind, Version, kind_within};
use crate::pointer::Pointer;
use crate::source::Source;

/// Visits every node of a text and of what was grafted into it.
pub(crate) fn walk_all(source: &mut Source, visit: &mut dyn FnMut(Kind, &Pointer, &mut Value)) {
    for (at, kind) in &source.regions {
        if let Some(value) = at.get_mut(&mut source.value) {
            walk(value, *kind, at, visit);
        }
    }
}

/// The kind of the node at a place, where the table tells it or it is read as a schema.
pub(crate) fn kind_at(source: &Source, at: &Pointer) -> Option<Kind> {
    source.regions.iter().find_map(|(region, kind)| {
        let way = at.relative_to(region)?;
        // As what else a text is referred to says little of what it is.
        let is_told = way != Pointer::root() || *kind == Kind::Schema;
        is_told.then(|| kind_within(*kind, way.tokens()))?
    })
}

/// Visits `value`, a node of the kind `kind`, and then every node in it, parents first. The visitor may change the node
/// in place; what it leaves is walked.
pub(crate) fn walk(value: &mut Value, kind: Kind, at: &Pointer, visit: &mut dyn FnMut(Kind, &Pointer, &mut Value)) {
    walk_version(Version::Current, value, kind, at, visit);
}

/// Visits a node and every node in it by the keywords of a version.
pub(super) fn walk_version(
    version: Version,
    value: &mut Value,
    kind: Kind,
    at: &Pointer,
    visit: &mut dyn FnMut(Kind, &Pointer, &mut Value),
) {
    if value.get(INLINED).is_some() {
        return;
    }
    visit(kind, at, value);
    let Value::Object(object) = value else { return };
    // Beside a reference nothing counts but in schemas (OpenAPI 3.1.1, section 4.8.23) and path items (4.8.9).
    if object.contains_key("$ref") && !matches!(kind, Kind::Schema | Kind::PathItem) {
        return;
    }
    for (key, child) in object.iter_mut() {
        let Some(expected) = version.expected(kind, key) else { continue };
        descend(version, child, expected, &|| at.key(key), visit);
    }
}

/// Visits the nodes in the value of a keyword.
fn descend(
    version: Version,
    value: &mut Value,
    expected: Expect,
    at: &dyn Fn() -> Pointer,
    visit: &mut dyn FnMut(Kind, &Pointer, &mut Value),
) {
    match (expected, value) {
        (Expect::NodeOrList(kind), value) => {
            let each = if value.is_array() { Expect::List(kind) } else { Expect::Node(kind) };
            descend(version, value, each, at, visit);
        }
        (Expect::Node(kind), value) => walk_version(version, value, kind, &at(), visit),
        (Expect::List(kind), Value::Array(list)) => {
            let at = at();
            for (index, element) in list.iter_mut().enumerate() {
                walk_version(version, element, kind, &at.index(index), visit);
            }
        }
        (Expect::Map(kind), Value::Object(map)) => {
            let at = at();
            for (key, child) in map.iter_mut() {
                walk_version(version, child, kind, &at.key(key), visit);
            }
        }
        _ => {}
    }
}
