//! Stage 4, the names of types: of components from their keys and titles, of inline types from the place they stand in.

use std::collections::HashMap;

use super::owner::own_place;
use super::{Lowered, Lowerer};
use crate::document::prose::code;
use crate::document::schema::{Schema, SchemaId};
use crate::ir::{Docs, Facts, Shape, TypeDef, TypeId, TypeRef};
use crate::names::{Case, Ident, is_identifier, spoken};
use crate::pointer::Pointer;

/// The words that name an inline type: those of its parent, and its own place in it.
#[derive(Clone, Debug)]
pub(super) struct Hint(String);

impl Hint {
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// The hint for a part of this one.
    pub(super) fn of(&self, part: &str) -> Self {
        Self(format!("{} {}", self.0, spoken(part)))
    }

    pub(super) fn words(&self) -> &str {
        &self.0
    }
}

impl Lowerer<'_> {
    /// Settles the words that name each component: its title where that is an identifier and no other's name, else its
    /// key.
    pub(super) fn name_components(&mut self) {
        let components = self.component_ids();
        let mut titles: HashMap<&str, usize> = HashMap::new();
        for (id, key) in &components {
            let title = self.document.schemas.get(*id).title.as_deref();
            for name in title.filter(|title| title != key).into_iter().chain([key.as_str()]) {
                *titles.entry(name).or_default() += 1;
            }
        }
        let words = |id: SchemaId, key: &str| {
            let schema = self.document.schemas.get(id);
            let title = schema.title.as_deref().filter(|title| is_identifier(title) && titles.get(title) == Some(&1));
            let words = title.or(schema.name.as_deref()).unwrap_or(key);
            self.version_words.get(&id).map_or_else(|| words.to_owned(), |version| format!("{version} {words}"))
        };
        let words: Vec<_> = components.iter().map(|(id, key)| (*id, words(*id, key))).collect();
        // Before any other name: no type that is added where it is used renames a component. Those that are kept apart
        // come last, so that what was added to their names takes none.
        let (apart, plain): (Vec<_>, Vec<_>) = words.iter().partition(|(id, _)| self.version_words.contains_key(id));
        self.names.expect(plain.iter().map(|(_, words)| words.as_str()), Case::Camel);
        let claim = |(id, words): &(SchemaId, String)| (*id, self.claim_type(words));
        self.component_idents = plain.into_iter().chain(apart).map(claim).collect();
        self.component_names = words.into_iter().collect();
    }

    /// The components that have a type of their own, in the order of the texts.
    pub(super) fn component_ids(&self) -> Vec<(SchemaId, String)> {
        let components = self.document.schemas.components();
        components.into_iter().filter(|(id, _)| !self.same.contains_key(id)).collect()
    }

    /// The words for a schema that a reference leads to.
    pub(super) fn reference_hint(&self, id: SchemaId) -> Hint {
        match self.component_names.get(&id) {
            Some(words) => Hint::new(words),
            None => {
                let schema = self.document.schemas.get(id);
                let held = self.held_names.get(&schema.place());
                Hint::new(held.map_or_else(|| words_of_place(&schema.at), String::clone))
            }
        }
    }

    /// Claims the names of a type, and enters it as one that is still being lowered; a component is entered already
    /// when a rule makes a type of it.
    pub(super) fn enter(&mut self, id: SchemaId, hint: &Hint) -> TypeId {
        if let Some(Lowered { ty: TypeRef::Named(entered), .. }) = self.lowered.get(&id) {
            return *entered;
        }
        let schema = self.document.schemas.get(id);
        let is_component = self.component_names.contains_key(&id);
        let title = self.own_title(schema).filter(|_| !is_component);
        let words = title.unwrap_or(hint.words()).to_owned();
        let (docs, deprecated, place) = (docs_of(schema), schema.deprecated, schema.place());
        let ident = self.component_idents.remove(&id).unwrap_or_else(|| self.claim_type(&words));
        let module = self.modules.claim(ident.bare(), Case::Module);
        let facts = Facts::default();
        let (shape, inline) = (Shape::Pending, !is_component);
        let def = TypeDef { ident, module, docs, deprecated, inline, shape, place, facts };
        let ty = self.types.push(def);
        // A schema within itself finds the type that is being made of it.
        let mut open = Some(id);
        while let Some(id) = open {
            self.lowered.insert(id, Lowered { ty: TypeRef::Named(ty), nullable: self.allows_null(id) });
            open = self.stands_for.remove(&id);
        }
        ty
    }

    /// Lets the type that was entered for `id`, or else the one that will be for `part`, be that of both: `part` stands
    /// for it.
    pub(super) fn adopt(&mut self, id: SchemaId, part: SchemaId) {
        if let Some(entered) = self.lowered.get(&id).cloned() {
            self.lowered.insert(part, entered);
        } else {
            self.stands_for.insert(part, id);
        }
    }

    pub(super) fn ident_of(&self, id: TypeId) -> &Ident {
        &self.types.get(id).ident
    }

    /// The documentation of a property: its own words, its default, and what its values must be.
    pub(super) fn property_docs(&self, id: SchemaId) -> Docs {
        self.value_docs(self.document.schemas.get(id).description.as_deref().unwrap_or_default(), id)
    }

    /// The documentation of what an operation takes: the words for it, else those of its schema, the default, and what
    /// values must be. A setter without any words has ours.
    pub(super) fn taken_docs(&self, name: &str, words: &str, required: bool, id: Option<SchemaId>) -> Docs {
        let schema = id.map(|id| self.document.schemas.get(id));
        let of_schema = schema.and_then(|schema| schema.description.as_deref());
        let words = [words, of_schema.unwrap_or_default()].into_iter().find(|words| !words.trim().is_empty());
        let ours = if required { String::new() } else { format!("Sets `{name}`.") };
        let words = words.unwrap_or(&ours);
        id.map_or_else(|| super::docs::from_markdown(words), |id| self.value_docs(words, id))
    }

    fn value_docs(&self, words: &str, id: SchemaId) -> Docs {
        let schema = self.document.schemas.get(id);
        let docs = docs_with(words, schema);
        let default = schema.default.as_ref().filter(|default| !default.is_null());
        let default = default.map(|default| format!("default {}", code(default)));
        let facts: Vec<_> = default.into_iter().chain(self.constraints(id).cloned()).collect();
        if facts.is_empty() { docs } else { docs.aside(&format!("({})", facts.join(", "))) }
    }

    /// What values must be besides their type: as the schema says, and where it is written as the alternatives of one
    /// schema and `null`, as that one does.
    pub(super) fn constraints(&self, id: SchemaId) -> impl Iterator<Item = &String> {
        let schema = self.document.schemas.get(id);
        let mut members = Self::alternatives(schema).iter().filter(|member| !self.is_null(**member));
        let only = members.next().filter(|_| members.next().is_none()).map(|member| self.document.schemas.get(*member));
        schema.constraints.iter().chain(only.into_iter().flat_map(|only| &only.constraints))
    }
}

/// Whether a title reads like the name of a type, rather than like the caption of a property.
pub(super) fn is_type_name(title: &str) -> bool {
    is_identifier(title) && title.starts_with(|first: char| first.is_ascii_uppercase())
}

/// The words of a schema, and what else it says that no type can say.
pub(super) fn docs_of(schema: &Schema) -> Docs {
    docs_with(schema.description.as_deref().unwrap_or_default(), schema)
}

/// Words for a schema, and what it says that no type can say.
fn docs_with(words: &str, schema: &Schema) -> Docs {
    let docs = super::docs::from_markdown(words);
    if schema.conditions.is_empty() { docs } else { docs.paragraph(schema.conditions.join(" ")) }
}

/// Words for a schema that no component names: the keys on the way to it, without the keywords between them.
fn words_of_place(at: &Pointer) -> String {
    const SILENT: [&str; 14] = [
        "components",
        "schemas",
        "properties",
        "items",
        "schema",
        "content",
        "paths",
        "$defs",
        "definitions",
        "application/json",
        "responses",
        "parameters",
        "allOf",
        "additionalProperties",
    ];
    let own = own_place(at);
    let tokens = own.tokens().filter(|token| !SILENT.contains(&token.as_str()) && token.parse::<usize>().is_err());
    tokens.collect::<Vec<_>>().join(" ")
}
