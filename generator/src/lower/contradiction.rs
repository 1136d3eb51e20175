//! Stage 4, contradictions: parts of an `allOf` that no value satisfies together. Nobody can tell which of them servers
//! follow, so that any value is read.

use std::collections::HashSet;

use serde_json::Value;

use super::Lowerer;
use crate::diagnostic::Code;
use crate::document::schema::{Schema, SchemaId, Type};

/// What parts leave of all values.
#[derive(Default)]
struct Left {
    types: Vec<Type>,
    values: Option<Vec<Value>>,
}

impl Left {
    /// What is left of it by another part, unless that is nothing.
    fn narrowed(&self, schema: &Schema) -> Option<Self> {
        let types = common_types(&self.types, &schema.types)?;
        let values = common_values(self.values.as_ref(), schema.values.as_ref());
        let is_none_left = self.values.is_some() && values.iter().flatten().all(Value::is_null);
        (!is_none_left).then_some(Self { types, values })
    }
}

impl Lowerer<'_> {
    /// The first part of a schema that leaves no value of what those before it allow; the schema itself where its own
    /// keywords do.
    pub(super) fn contradiction(&self, id: SchemaId) -> Option<SchemaId> {
        self.contradicting_part(id, &mut Left::default(), &mut HashSet::new())
    }

    fn contradicting_part(&self, id: SchemaId, left: &mut Left, seen: &mut HashSet<SchemaId>) -> Option<SchemaId> {
        let target = self.document.schemas.resolve(id).filter(|target| seen.insert(*target))?;
        let schema = self.document.schemas.get(target);
        let part = schema.all_of.iter().find(|part| self.contradicting_part(**part, left, seen).is_some());
        // A schema that is read as its only part is so whatever type it names.
        if part.is_some() || super::all_of::only_part(schema).is_some() {
            return part.copied();
        }
        match left.narrowed(schema) {
            Some(narrowed) => *left = narrowed,
            None => return Some(id),
        }
        None
    }

    /// Whether no value, but perhaps `null`, is one of both schemas, as far as types tell.
    pub(super) fn contradict(&self, one: SchemaId, other: SchemaId) -> bool {
        let types = |id| self.types_of(id, &mut HashSet::new());
        common_types(&types(one), &types(other)).is_none()
    }

    /// The types that the values of a schema have by its parts and alternatives, too; any type when empty.
    fn types_of(&self, id: SchemaId, seen: &mut HashSet<SchemaId>) -> Vec<Type> {
        let Some(id) = self.document.schemas.resolve(id).filter(|id| seen.insert(*id)) else { return Vec::new() };
        let schema = self.document.schemas.get(id);
        let mut types = schema.types.clone();
        for part in &schema.all_of {
            // What contradicts itself says nothing of others.
            types = common_types(&types, &self.types_of(*part, seen)).unwrap_or_default();
        }
        let members = Self::alternatives(schema).iter().filter(|member| !self.is_null(**member));
        let members: Vec<_> = members.map(|member| self.types_of(*member, seen)).collect();
        if members.iter().any(Vec::is_empty) {
            return types;
        }
        common_types(&types, &members.concat()).unwrap_or_default()
    }

    /// Any value, in the place and with the words of the second of two schemas that contradict each other.
    pub(super) fn any_instead(&mut self, one: SchemaId, other: SchemaId) -> SchemaId {
        self.warn_contradiction(other);
        let schemas = &self.document.schemas;
        let any = super::narrow::with_words(Schema::default(), schemas.get(one), schemas.get(other));
        self.document.schemas.push(any)
    }

    /// Says that a part contradicts those before it.
    pub(super) fn warn_contradiction(&mut self, part: SchemaId) {
        let place = self.document.schemas.get(part).place();
        let message = "no value satisfies both this and what else is said of the same values; any value is read";
        self.warn(Code::UntypedSchema, place, message, "take out what servers do not follow");
    }
}

/// The types that two lists have in common, where none is any type and an integer is a number; `None` where there is
/// no such type.
pub(super) fn common_types(some: &[Type], others: &[Type]) -> Option<Vec<Type>> {
    if some.is_empty() || others.is_empty() {
        return Some([some, others].concat());
    }
    let mut common = Vec::new();
    for one in some.iter().flat_map(|some| others.iter().filter_map(|other| common_type(*some, *other))) {
        if !common.contains(&one) {
            common.push(one);
        }
    }
    Some(common).filter(|common| !common.is_empty())
}

fn common_type(one: Type, other: Type) -> Option<Type> {
    match (one, other) {
        (Type::Integer, Type::Number) | (Type::Number, Type::Integer) => Some(Type::Integer),
        _ => (one == other).then_some(one),
    }
}

/// The values that two enumerations have in common; what is no enumeration has all.
pub(super) fn common_values(some: Option<&Vec<Value>>, others: Option<&Vec<Value>>) -> Option<Vec<Value>> {
    match (some, others) {
        (Some(some), Some(others)) => Some(some.iter().filter(|value| others.contains(value)).cloned().collect()),
        (one, other) => one.or(other).cloned(),
    }
}
