//! Stage 3, reach: which schemas some lead to.

use std::collections::HashSet;

use super::{SchemaId, Schemas};

impl Schemas {
    /// These schemas, what is in them, and what they refer to.
    pub(crate) fn reached(&self, from: impl IntoIterator<Item = SchemaId>) -> HashSet<SchemaId> {
        let mut open: Vec<_> = from.into_iter().collect();
        let mut reached = HashSet::new();
        while let Some(id) = open.pop() {
            if reached.insert(id) {
                let schema = self.get(id);
                open.extend(schema.inner().into_iter().map(|(_, id)| id).chain(schema.target));
            }
        }
        reached
    }

    /// All of that, and the components that a discriminator among it leads to: by its mapping, or because the schema
    /// that has it is a part of them.
    pub(crate) fn needed(&self, from: impl IntoIterator<Item = SchemaId>) -> HashSet<SchemaId> {
        let mut needed = self.reached(from);
        loop {
            let bases = needed.iter().copied().filter(|id| self.get(*id).discriminator.is_some()).collect();
            let is_chosen = |id: &SchemaId, key: &str| self.has_part(*id, &bases) || self.is_mapped(*id, key, &bases);
            let chosen = self.components.iter().filter(|(id, _)| !needed.contains(id));
            let chosen: Vec<_> = chosen.filter(|(id, key)| is_chosen(id, key)).map(|(id, _)| *id).collect();
            if chosen.is_empty() {
                return needed;
            }
            needed.extend(self.reached(chosen));
        }
    }

    /// Whether a mapping leads to a component, by its place or by its key.
    fn is_mapped(&self, component: SchemaId, key: &str, bases: &HashSet<SchemaId>) -> bool {
        // A key means a component of the same text.
        let is_named = |input: usize, target: &str| target == key && self.get(component).input == input;
        bases.iter().map(|base| self.get(*base)).any(|base| {
            let mapping = base.discriminator.iter().flat_map(|one| &one.mapping);
            let is_it = |target: &String| {
                is_named(base.input, target) || self.at_reference(base.input, target) == Some(component)
            };
            mapping.map(|(_, target)| target).any(is_it)
        })
    }
}
