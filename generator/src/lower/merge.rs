//! Stage 4, components of several texts: equal ones become one type, unequal ones of the same name are kept apart.

use std::collections::{HashMap, HashSet};

use super::Lowerer;
use crate::diagnostic::Code;
use crate::document::schema::SchemaId;

impl Lowerer<'_> {
    /// Finds the components that say the same as one of an earlier text with the same key.
    pub(super) fn merge_components(&mut self) {
        let mut by_key: HashMap<String, Vec<SchemaId>> = HashMap::new();
        for (id, key) in self.document.schemas.components() {
            let earlier = by_key.entry(key.clone()).or_default();
            let schemas = &self.document.schemas;
            match earlier.iter().find(|other| schemas.equal(**other, id, &mut HashSet::new())) {
                Some(other) => {
                    self.same.insert(id, *other);
                    continue;
                }
                None if earlier.is_empty() => earlier.push(id),
                None => {
                    earlier.push(id);
                    let place = schemas.get(id).place();
                    let message =
                        format!("the component `{key}` differs from the one of the same name in another text");
                    self.warn(Code::ConflictingComponent, place, message, "both are kept, under names of their own");
                }
            }
        }
    }

    /// The schema that stands for this one in all texts.
    pub(super) fn canonical(&self, id: SchemaId) -> SchemaId {
        self.same.get(&id).copied().unwrap_or(id)
    }
}
