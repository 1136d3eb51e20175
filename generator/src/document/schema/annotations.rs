//! Stage 3, annotations: a part of `allOf` that says nothing of values is words for the schema around it. OpenAPI 3.0
//! reads nothing beside `$ref`, so that descriptions are written so there, and the schema is what the other parts are.

use super::{Schema, SchemaId, Schemas};

impl Schemas {
    /// Takes such parts out of every `allOf` and says what they say where the `allOf` stands.
    pub(super) fn fold_annotations(&mut self) {
        for index in 0..self.all.len() {
            let parts = std::mem::take(&mut self.all[index].all_of);
            let (words, parts): (Vec<SchemaId>, Vec<SchemaId>) =
                parts.into_iter().partition(|part| self.get(*part).is_annotation());
            let words: Vec<Schema> = words.into_iter().map(|part| self.get(part).clone()).collect();
            let whole = &mut self.all[index];
            whole.all_of = parts;
            words.into_iter().for_each(|part| whole.annotate(part));
        }
    }
}

impl Schema {
    fn is_annotation(&self) -> bool {
        self.has_only_words()
            && self.types.is_empty()
            && self.minimum.is_none()
            && self.maximum.is_none()
            && self.min_items == 0
    }

    fn annotate(&mut self, part: Self) {
        // Not the title, which would name the type after its part.
        self.description = self.description.take().or(part.description);
        self.default = self.default.take().or(part.default);
        self.shown = self.shown.and(part.shown);
        self.nullable |= part.nullable;
        self.deprecated |= part.deprecated;
        self.read_only |= part.read_only;
        self.write_only |= part.write_only;
        self.constraints.extend(part.constraints);
        self.conditions.extend(part.conditions);
    }
}
