//! Stage 4, components of several texts: equal ones become one type, unequal ones of the same name are kept apart.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::Lowerer;
use crate::diagnostic::Code;
use crate::document::schema::SchemaId;

impl Lowerer<'_> {
    /// Finds the components that say the same as one of an earlier text with the same key.
    pub(super) fn merge_components(&mut self) {
        let schemas = &self.document.schemas;
        let mut by_key: IndexMap<String, Vec<SchemaId>> = IndexMap::new();
        for (id, key) in schemas.components() {
            let earlier = by_key.entry(key).or_default();
            match earlier.iter().find(|other| schemas.equal(**other, id, &mut HashSet::new())) {
                Some(other) => drop(self.same.insert(id, *other)),
                None => earlier.push(id),
            }
        }
        for (key, versions) in by_key {
            let [_, second, ..] = versions[..] else { continue };
            let place = self.document.schemas.get(second).place();
            let count = versions.len();
            let message = format!("the component `{key}` differs from the one of the same name in another text");
            let help = format!("{count} types are made of it, under names of their own");
            self.warn(Code::ConflictingComponent, place, message, &help);
        }
    }

    /// The schema that stands for this one in all texts.
    pub(super) fn canonical(&self, id: SchemaId) -> SchemaId {
        self.same.get(&id).copied().unwrap_or(id)
    }
}
