//! Stage 4, narrowing: one schema for what several parts of an `allOf` say of the same property, elements or others.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::Lowerer;
use crate::document::schema::{Schema, SchemaId, Type};

/// Which of two schemas that hold for the same values says all there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Narrower {
    First,
    Second,
    /// Neither: each says something that the other does not.
    Both,
}

/// What the parts of a schema say, each of the same values, in their order.
#[derive(Default)]
struct Said {
    properties: IndexMap<String, Vec<SchemaId>>,
    items: Vec<SchemaId>,
    additional_properties: Vec<SchemaId>,
}

impl Lowerer<'_> {
    /// Gives a merged schema what all parts together say of its properties, elements and other properties.
    pub(super) fn combine_all(&mut self, id: SchemaId, merged: &mut Schema) {
        let mut said = Said::default();
        self.gather_said(id, &mut said, &mut HashSet::new());
        for (name, property) in &mut merged.properties {
            if let Some(all) = said.properties.get(name) {
                *property = self.combine(all).unwrap_or(*property);
            }
        }
        merged.items = self.combine(&said.items).or(merged.items);
        merged.additional_properties = self.combine(&said.additional_properties).or(merged.additional_properties);
    }

    fn gather_said(&self, id: SchemaId, said: &mut Said, seen: &mut HashSet<SchemaId>) {
        let Some(id) = self.document.schemas.resolve(id).filter(|id| seen.insert(*id)) else { return };
        let schema = self.document.schemas.get(id);
        schema.all_of.iter().for_each(|part| self.gather_said(*part, said, seen));
        for (name, property) in &schema.properties {
            said.properties.entry(name.clone()).or_default().push(*property);
        }
        said.items.extend(schema.items);
        let is_typed = |others: &SchemaId| {
            let others = self.document.schemas.get(*others);
            !others.never && !super::all_of::is_any(others)
        };
        said.additional_properties.extend(schema.additional_properties.filter(is_typed));
    }

    /// One schema that says what all of these do.
    fn combine(&mut self, all: &[SchemaId]) -> Option<SchemaId> {
        let (first, others) = all.split_first()?;
        let mut combined = *first;
        for other in others {
            if self.contradict(combined, *other) {
                return Some(self.any_instead(combined, *other));
            }
            combined = self.both(combined, *other);
        }
        Some(combined)
    }

    fn both(&mut self, one: SchemaId, other: SchemaId) -> SchemaId {
        if let Some(known) = self.combined.get(&(one, other)) {
            return *known;
        }
        let schemas = &self.document.schemas;
        let (first, second) = (schemas.get(one), schemas.get(other));
        let combined = match self.narrower(one, other) {
            Narrower::Second => other,
            Narrower::First if !has_words(second) => one,
            Narrower::First => {
                let typed = if first.reference.is_some() {
                    let reference = Some(first.at.to_reference());
                    Schema { reference, target: Some(one), ..Schema::default() }
                } else {
                    first.clone()
                };
                let described = with_words(typed, first, second);
                self.document.schemas.push(described)
            }
            Narrower::Both => {
                let whole = Schema { all_of: vec![one, other], ..Schema::default() };
                let described = with_words(whole, first, second);
                self.document.schemas.push(described)
            }
        };
        self.combined.insert((one, other), combined);
        combined
    }

    /// Which of two schemas that hold for the same values says more; the second one where nothing tells.
    pub(super) fn narrower(&self, one: SchemaId, other: SchemaId) -> Narrower {
        let schemas = &self.document.schemas;
        let (Some(first), Some(second)) = (schemas.resolve(one), schemas.resolve(other)) else {
            return Narrower::Second;
        };
        if first == second {
            return Narrower::First;
        }
        let refer = |id: SchemaId| schemas.get(id).reference.is_some();
        let (a, b) = (schemas.get(first), schemas.get(second));
        if adds_nothing(b, a) {
            Narrower::First
        } else if adds_nothing(a, b) {
            Narrower::Second
        } else if refer(one) && refer(other) {
            let is_part = self.reaches(first, second, &[Self::parts]);
            if is_part { Narrower::First } else { Narrower::Second }
        } else if a.has_structure() && b.has_structure() && a.values.is_none() && b.values.is_none() {
            Narrower::Both
        } else {
            let is_narrow = a.values.is_some() && b.values.is_none()
                || a.types == [Type::Integer] && b.types == [Type::Number] && b.values.is_none();
            if is_narrow { Narrower::First } else { Narrower::Second }
        }
    }
}

/// Whether a schema says nothing of the values that the other one does not, but words.
fn adds_nothing(schema: &Schema, other: &Schema) -> bool {
    let says_less =
        schema.types.is_empty() || schema.types == other.types || other.types.is_empty() && other.has_structure();
    says_less && schema.has_only_words()
}

/// Whether a schema has words for its values, or says who gives them.
fn has_words(schema: &Schema) -> bool {
    schema.description.is_some() || schema.deprecated || schema.read_only || schema.write_only
}

/// The schema in the place and with the words of the second of two parts; where it has none, with those of the first.
pub(super) fn with_words(schema: Schema, first: &Schema, second: &Schema) -> Schema {
    Schema {
        input: second.input,
        at: second.at.clone(),
        title: None,
        description: second.description.clone().or_else(|| first.description.clone()),
        default: second.default.clone().or_else(|| first.default.clone()),
        deprecated: first.deprecated || second.deprecated,
        read_only: first.read_only || second.read_only,
        write_only: first.write_only || second.write_only,
        ..schema
    }
}
