//! Stage 2, bodies: a reference to a schema in place of a request body, a response or a media type, which authors write
//! who leave out what stands around the schema.

use serde_json::{Value, json};

use super::article;
use super::external::{Library, Target};
use super::keywords::{Kind, keywords};
use super::walk::walk;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::pointer::Pointer;
use crate::source::Source;

/// Puts what is missing around the schemas that are referred to so in a region of `source`, whose references are those
/// of the text `from`.
pub(super) fn complete(
    source: &mut Source,
    (region, kind): (&Pointer, Kind),
    from: usize,
    library: &Library<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut found = Vec::new();
    if let Some(node) = region.get_mut(&mut source.value) {
        walk(node, kind, region, &mut |kind, at, node| {
            let reference = node.get("$ref").and_then(Value::as_str);
            let reference = reference.filter(|_| match kind {
                Kind::RequestBody | Kind::Response => true,
                // A media type that is called so was forgotten: this is its schema.
                Kind::MediaType => at.last().is_some_and(|name| name != "schema"),
                _ => false,
            });
            found.extend(reference.map(|reference| (at.clone(), kind, reference.to_owned())));
        });
    }
    let own = (source.input, &source.value);
    found.retain(|(_, kind, reference)| {
        library.next(own, from, reference).is_some_and(|target| leads_to_schema(&target, *kind))
    });
    for (at, kind, reference) in found {
        let Some(node) = at.get_mut(&mut source.value) else { continue };
        let mut media_type = json!({ "schema": { "$ref": reference } });
        if kind != Kind::MediaType {
            media_type = json!({ "content": { "application/json": media_type } });
            if let Some(description) = node.get("description") {
                media_type["description"] = description.clone();
            }
        }
        *node = media_type;
        let what = article(kind);
        let message = format!(
            "schema-as-body: `{reference}` leads to a schema and not to {what}; it is read as that of the body"
        );
        let place = Place { input: source.input, spot: Spot::Node(at) };
        diagnostics.push(Diagnostic::new(Severity::Note, Code::Repaired, place, message));
    }
}

/// Whether a reference of a node of some kind leads to a schema: by its place, or else by its keywords.
fn leads_to_schema(target: &Target<'_>, kind: Kind) -> bool {
    let has = |kind: Kind, key: &str| keywords(kind).iter().any(|(name, ..)| *name == key);
    let keys = || target.value.as_object().into_iter().flat_map(|object| object.keys());
    let is_only = |this: Kind, that: Kind| keys().any(|key| has(this, key) && !has(that, key));
    match target.kind {
        Some(known) => known == Kind::Schema,
        None => is_only(Kind::Schema, kind) && !is_only(kind, Kind::Schema),
    }
}
