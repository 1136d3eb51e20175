//! Stage 4, owners: whose a schema is that stands within another one or in a component, so that its name is the same
//! whichever operation leads to it first.

use std::collections::{BTreeSet, HashMap};

use super::media_type::{self, Kind};
use super::place::{Hint, is_type_name};
use super::{Lowered, Lowerer};
use crate::diagnostic::Place;
use crate::dialect::external;
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::TypeRef;
use crate::names::{Case, Ident, snake_case};
use crate::pointer::Pointer;

/// The components that have schemas and are none, with the word that tells one from another of its name.
const HOLDERS: [(&str, &str); 5] = [
    ("responses", "response"),
    ("requestBodies", "request"),
    ("parameters", "parameter"),
    ("headers", "header"),
    ("mediaTypes", "content"),
];

/// A schema in a component that has schemas and is none.
struct Held {
    id: SchemaId,
    word: &'static str,
    key: String,
    media_type: Option<String>,
}

impl Lowerer<'_> {
    /// Settles the words for what stands in a component that is no schema, which several operations share: its key,
    /// with the kind of component where a schema or another one has that name.
    pub(super) fn name_held(&mut self) {
        let all: Vec<Held> = self.document.schemas.ids().filter_map(|id| self.held(id)).collect();
        let mut kinds: HashMap<String, BTreeSet<&str>> = HashMap::new();
        for held in all.iter().filter(|held| self.may_be_type(held.id)) {
            kinds.entry(snake_case(&held.key)).or_default().insert(held.word);
        }
        let mut contents: HashMap<(usize, &str, &str), Vec<&Held>> = HashMap::new();
        for held in &all {
            let input = self.document.schemas.get(held.id).input;
            contents.entry((input, held.word, &held.key)).or_default().push(held);
        }
        let mut named = HashMap::new();
        for ((_, word, key), mut held) in contents {
            // What is said of a header is named after it everywhere.
            let is_plain = word != "header"
                && self.names.is_free(key, Case::Camel)
                && kinds.get(&snake_case(key)).is_none_or(|kinds| kinds.len() < 2);
            let words = if is_plain { key.to_owned() } else { format!("{key} {word}") };
            held.sort_by_key(|held| (order(held.media_type.as_deref()), held.id));
            for (index, Held { id, media_type, .. }) in held.into_iter().enumerate() {
                let kind = media_type.as_deref().map(media_type::kind);
                let words = match media_type.as_deref().zip(kind) {
                    Some((_, Kind::Events | Kind::Lines)) => format!("{words} item"),
                    Some((other, kind)) if index > 0 => format!("{words} {}", media_type::word(other, kind)),
                    _ => words.clone(),
                };
                named.insert(self.document.schemas.get(*id).place(), words);
            }
        }
        let types = all.iter().filter(|held| self.may_be_type(held.id)).map(|held| held.id);
        let expected: Vec<_> = types.filter_map(|id| named.get(&self.document.schemas.get(id).place())).collect();
        self.names.expect(expected.into_iter().map(String::as_str), Case::Camel);
        self.held_names = named;
    }

    fn held(&self, id: SchemaId) -> Option<Held> {
        let schema = self.document.schemas.get(id);
        if schema.reference.is_some() {
            return None;
        }
        let tokens: Vec<_> = own_place(&schema.at).tokens().collect();
        let tokens: Vec<_> = tokens.iter().map(String::as_str).collect();
        // Swagger 2.0 has them at the root.
        let within = tokens.strip_prefix(&["components"]).unwrap_or(&tokens);
        let (kind, key, media_type) = match *within {
            [kind, key, "schema" | "itemSchema"] => (kind, key, None),
            [kind, key, "content", media_type, "schema" | "itemSchema"] => (kind, key, Some(media_type)),
            _ => return None,
        };
        let (_, word) = HOLDERS.into_iter().find(|(holder, _)| *holder == kind)?;
        Some(Held { id, word, key: key.to_owned(), media_type: media_type.map(str::to_owned) })
    }

    /// Settles which of the inline schemas with one title has it as its name: the first in the order of the texts,
    /// those in components before the others. So no operation that leads to one of them earlier renames another.
    pub(super) fn settle_titles(&mut self, operations: &[(usize, usize)]) {
        let schemas = &self.document.schemas;
        let mut used: Vec<_> = schemas.components().into_iter().map(|(id, _)| id).collect();
        used.extend(schemas.messages());
        for (part, index) in operations {
            let part = &self.document.parts[*part];
            let references = part.operations[*index].references();
            used.extend(references.filter_map(|reference| schemas.at_reference(part.input, reference)));
        }
        for part in &self.document.parts {
            let references = part.webhooks.iter().flat_map(|webhook| webhook.body.references());
            used.extend(references.filter_map(|reference| schemas.at_reference(part.input, reference)));
        }
        let titled = schemas.reached(used).into_iter().filter(|id| {
            let title = schemas.get(*id).title.as_deref();
            title.is_some_and(is_type_name) && !self.component_names.contains_key(id) && self.may_be_type(*id)
        });
        let mut titled: Vec<_> = titled.collect();
        titled.sort_by_key(|id| (!is_in_component(&schemas.get(*id).at), *id));
        let mut places: HashMap<String, Place> = HashMap::new();
        // Components of two texts can have one name.
        for place in schemas.ids().map(|id| schemas.get(id).place()) {
            if let Some(words) = self.held_names.get(&place) {
                places.entry(words.clone()).or_insert(place);
            }
        }
        let mut expected = Vec::new();
        for schema in titled.into_iter().map(|id| schemas.get(id)) {
            let Some(title) = &schema.title else { continue };
            places.entry(title.clone()).or_insert_with(|| {
                expected.push(title.clone());
                schema.place()
            });
        }
        self.names.expect(expected.iter().map(String::as_str), Case::Camel);
        self.title_places = places;
    }

    /// The title of a schema, where it is to be the name of its type.
    pub(super) fn own_title<'s>(&self, schema: &'s Schema) -> Option<&'s str> {
        let title = schema.title.as_deref().filter(|title| is_type_name(title))?;
        let is_own = self.title_places.get(title).is_none_or(|place| *place == schema.place());
        Some(title).filter(|title| is_own && self.names.is_free(title, Case::Camel))
    }

    /// Whether a schema becomes a type with a name, as far as its own keywords tell.
    fn may_be_type(&self, id: SchemaId) -> bool {
        let schemas = &self.document.schemas;
        let schema = schemas.get(id);
        let is_part = schema.at.parent().and_then(|list| list.last()).is_some_and(|list| list == "allOf");
        if schema.reference.is_some() || is_part {
            return false;
        }
        let values = schema.values.iter().flatten().filter(|value| value.is_string() || value.is_number());
        let members = || Self::alternatives(schema).iter().filter(|member| !self.is_null(**member));
        let is_text = |member: &SchemaId| {
            let target = schemas.resolve(*member).map(|id| schemas.get(id));
            target.is_some_and(|target| target.types == [Type::String] && target.values.is_none())
        };
        !schema.properties.is_empty()
            || schema.all_of.len() > 1
            || !schema.prefix_items.is_empty()
            || values.count() > 1
            || members().count() > 1 && !members().all(is_text) && !members().any(|id| self.is_any_value(*id))
    }

    /// The hint for a schema, where it is known by its place whoever leads to it.
    pub(super) fn place_hint(&self, id: SchemaId) -> Option<Hint> {
        let schema = self.document.schemas.get(id);
        self.hint_of_place(schema.input, &schema.at)
    }

    /// The hint for the schema that says what one within it is: what others have of that is named after it, too.
    pub(super) fn owner_hint(&self, id: SchemaId) -> Option<Hint> {
        let schema = self.document.schemas.get(id);
        self.hint_of_place(schema.input, &owner(&schema.at)?)
    }

    fn hint_of_place(&self, input: usize, at: &Pointer) -> Option<Hint> {
        // What a part says the whole says.
        let mut place = at.clone();
        while let Some(list) = place.parent().filter(|list| list.last().is_some_and(|list| list == "allOf")) {
            place = list.parent()?;
        }
        let id = self.canonical(self.document.schemas.at(input, &place)?);
        let schema = self.document.schemas.get(id);
        if let Some(Lowered { ty: TypeRef::Named(entered), .. }) = self.lowered.get(&id) {
            let def = self.types.get(*entered);
            if def.place == schema.place() {
                return Some(Hint::new(def.ident.bare()));
            }
        }
        if let Some(words) = self.component_names.get(&id) {
            return Some(Hint::new(self.component_idents.get(&id).map_or(words.as_str(), Ident::bare)));
        }
        if let Some(words) = self.held_names.get(&schema.place()) {
            return Some(Hint::new(words));
        }
        let (list, last) = (place.parent()?, place.last()?);
        match list.last()?.as_str() {
            "properties" => Some(self.hint_of_place(input, &list.parent()?)?.of(&last)),
            _ if last == "items" => Some(self.hint_of_place(input, &list)?.of("item")),
            _ => None,
        }
    }
}

/// Where the schema stands of which a property, a member, an element or other properties are.
fn owner(at: &Pointer) -> Option<Pointer> {
    let list = at.parent()?;
    match list.last()?.as_str() {
        "properties" | "patternProperties" | "oneOf" | "anyOf" => list.parent(),
        _ => at.last().filter(|last| matches!(last.as_str(), "items" | "additionalProperties")).map(|_| list),
    }
}

/// The place in the text that a node is from.
pub(super) fn own_place(at: &Pointer) -> Pointer {
    external::origin(at).map_or_else(|| at.clone(), |(_, own)| own)
}

fn is_in_component(at: &Pointer) -> bool {
    own_place(at).tokens().next().is_some_and(|first| matches!(first.as_str(), "components" | "definitions"))
}

/// The order in which the media types of a component are named: JSON first, as it is sent.
fn order(media_type: Option<&str>) -> (bool, bool) {
    let is_json = |media_type| media_type::kind(media_type) == Kind::Json;
    let is_usual = |media_type| media_type::essence(media_type) == "application/json";
    (!media_type.is_none_or(is_json), !media_type.is_none_or(is_usual))
}
