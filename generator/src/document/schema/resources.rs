//! Stage 3, resources: schemas that have an identifier of their own, and the references that are relative to one (JSON
//! Schema 2020-12, core 8.2).

use std::collections::HashMap;

use super::{SchemaId, Schemas};
use crate::pointer::Pointer;
use crate::uri::resolve;

/// The schemas that have identifiers or anchors.
pub(super) struct Resources {
    /// The schemas with an identifier, by the text and the identifier as a whole.
    by_id: HashMap<(usize, String), SchemaId>,
    /// The schemas with an anchor, by the resource that they are in and the anchor.
    by_anchor: HashMap<(usize, Option<SchemaId>, String), SchemaId>,
    /// How many schemas of a text have an anchor.
    counts: HashMap<(usize, String), usize>,
}

/// What a reference leads to.
pub(super) enum Target {
    Schema(SchemaId),
    /// A place in the text.
    Place(Pointer),
}

impl Resources {
    pub(super) fn of(schemas: &Schemas) -> Self {
        let mut resources = Self { by_id: HashMap::new(), by_anchor: HashMap::new(), counts: HashMap::new() };
        for id in schemas.ids() {
            let schema = schemas.get(id);
            if schema.id.is_some() {
                resources.by_id.insert((schema.input, identifier(schemas, id)), id);
            }
            if let Some(anchor) = &schema.anchor {
                *resources.counts.entry((schema.input, anchor.clone())).or_default() += 1;
                resources.by_anchor.insert((schema.input, around(schemas, id), anchor.clone()), id);
            }
        }
        resources
    }

    /// Whether a text has several anchors that a reference can mean.
    pub(super) fn is_ambiguous(&self, text: usize, reference: &str) -> bool {
        let anchor = reference.split_once('#').map_or("", |(_, anchor)| anchor);
        self.counts.get(&(text, anchor.to_owned())).is_some_and(|count| *count > 1)
    }

    /// What the reference of a schema leads to, as far as identifiers tell.
    pub(super) fn find(&self, schemas: &Schemas, id: SchemaId, reference: &str) -> Option<Target> {
        if self.by_id.is_empty() && self.by_anchor.is_empty() {
            return None;
        }
        let input = schemas.get(id).input;
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = if file.is_empty() {
            around(schemas, id)
        } else {
            let base = around(schemas, id).map(|resource| identifier(schemas, resource)).unwrap_or_default();
            Some(*self.by_id.get(&(input, resolve(&base, file)))?)
        };
        let root = resource.map(|resource| schemas.get(resource).at.clone());
        match Pointer::from_reference(&format!("#{fragment}")) {
            Some(within) if within == Pointer::root() => resource.filter(|_| !reference.is_empty()).map(Target::Schema),
            Some(within) => Some(Target::Place(root?.join(&within))),
            None => {
                let anchor = |resource| self.by_anchor.get(&(input, resource, fragment.to_owned())).copied();
                anchor(resource).or_else(|| anchor(None)).map(Target::Schema)
            }
        }
    }
}

/// The closest schema with an identifier that a schema is or is in.
fn around(schemas: &Schemas, id: SchemaId) -> Option<SchemaId> {
    let schema = schemas.get(id);
    closest(schemas, schema.input, Some(schema.at.clone()))
}

/// The closest schema with an identifier at a place or around it.
fn closest(schemas: &Schemas, input: usize, mut at: Option<Pointer>) -> Option<SchemaId> {
    while let Some(place) = at {
        at = place.parent();
        if let Some(found) = schemas.at(input, &place).filter(|found| schemas.get(*found).id.is_some()) {
            return Some(found);
        }
    }
    None
}

/// The identifier of a schema as a whole: relative ones add to that of the schema around it.
fn identifier(schemas: &Schemas, id: SchemaId) -> String {
    let schema = schemas.get(id);
    let outer = closest(schemas, schema.input, schema.at.parent());
    let base = outer.map(|outer| identifier(schemas, outer)).unwrap_or_default();
    resolve(&base, schema.id.as_deref().unwrap_or_default().trim_end_matches('#'))
}
