//! Stage 3, alternatives: members of unions that no value matches are none. Exporters write one for what may be absent.

use super::{SchemaId, Schemas};

impl Schemas {
    /// Whether no value matches a schema, or what it refers to.
    pub(crate) fn is_void(&self, id: SchemaId) -> bool {
        self.resolve(id).is_some_and(|id| self.get(id).never)
    }

    /// Takes members that no value matches out of every union that has others.
    pub(super) fn leave_out_void_members(&mut self) {
        for index in 0..self.all.len() {
            self.all[index].any_of = self.with_values(&self.all[index].any_of);
            self.all[index].one_of = self.with_values(&self.all[index].one_of);
        }
    }

    /// Those members of a union that have values; all, where none has.
    fn with_values(&self, members: &[SchemaId]) -> Vec<SchemaId> {
        let left: Vec<_> = members.iter().copied().filter(|member| !self.is_void(*member)).collect();
        if left.is_empty() { members.to_vec() } else { left }
    }
}
