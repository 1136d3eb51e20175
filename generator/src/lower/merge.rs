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
            self.name_versions(&versions);
            let place = self.document.schemas.get(second).place();
            let count = versions.len();
            let message = format!("the component `{key}` differs from the one of the same name in another text");
            let help =
                format!("{count} types are made of it: most texts have the one of that name, the others add theirs");
            self.warn(Code::ConflictingComponent, place, message, &help);
        }
    }

    /// Tells versions of a component apart: the one that most texts have keeps the name, of equally many the first; the
    /// others add what their text describes. So no text that is added renames what another one has, unless it turns the
    /// majority.
    fn name_versions(&mut self, versions: &[SchemaId]) {
        let texts = |version: &SchemaId| self.same.values().filter(|other| *other == version).count();
        let most = versions.iter().map(texts).max();
        let common = versions.iter().find(|version| Some(texts(version)) == most);
        let others = versions.iter().filter(|version| Some(*version) != common);
        let named: Vec<_> = others.map(|version| (*version, self.text_words(*version))).collect();
        self.version_words.extend(named);
    }

    /// What the text of a schema describes: its first operation by name, else the API.
    fn text_words(&self, id: SchemaId) -> String {
        let stands_for = |other: &SchemaId| *other == id || self.same.get(other) == Some(&id);
        let schemas = &self.document.schemas;
        let inputs: HashSet<usize> = self
            .same
            .keys()
            .chain([&id])
            .filter(|other| stands_for(other))
            .map(|other| schemas.get(*other).input)
            .collect();
        let parts = self.document.parts.iter().filter(|part| inputs.contains(&part.input));
        let words = parts.filter_map(|part| match (&part.page, part.operations.first()) {
            (Some(_), Some(node)) => Some(self.full_words(part.input, node)),
            _ => part.title.clone(),
        });
        words.min().unwrap_or_default()
    }

    /// The schema that stands for this one in all texts.
    pub(super) fn canonical(&self, id: SchemaId) -> SchemaId {
        self.same.get(&id).copied().unwrap_or(id)
    }
}
