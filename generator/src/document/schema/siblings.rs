//! Stage 3, keywords beside `$ref`: they add to what it leads to, as the parts of an `allOf` do (JSON Schema 2020-12,
//! core 8.2.3.1). OpenAPI 3.0 reads nothing there, but who writes them means them.

use super::{Schema, SchemaId, Schemas};

impl Schemas {
    /// Makes the reference of each schema that says more of values beside it a part of its `allOf`, so that no stage
    /// follows it and forgets the rest. Words beside a reference are left where they are.
    pub(super) fn unfold_references(&mut self) {
        for id in self.ids() {
            let schema = self.get(id);
            if !schema.has_structure() {
                continue;
            }
            let Some(target) = schema.target else { continue };
            let (input, at, is_dynamic) = (schema.input, schema.at.key("$ref"), schema.is_dynamic);
            let reference = schema.reference.clone();
            let part = Schema { input, at, reference, is_dynamic, target: Some(target), ..Schema::default() };
            let part = self.push(part);
            let whole = &mut self.all[id.0];
            whole.all_of.insert(0, part);
            (whole.reference, whole.target, whole.is_dynamic) = (None, None, false);
        }
    }

    /// What the reference leads to that such a schema had.
    pub(crate) fn extended(&self, id: SchemaId) -> Option<SchemaId> {
        let schema = self.get(id);
        let is_reference = |part: &&SchemaId| self.get(**part).at == schema.at.key("$ref");
        self.resolve(*schema.all_of.first().filter(is_reference)?)
    }
}
