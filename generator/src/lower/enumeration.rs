//! Stage 4, enumerations: the values that a document names, open to others.

use std::collections::HashSet;
use std::hash::Hash;

use serde_json::Value;

use super::object::scalar;
use super::place::Hint;
use super::{Lowered, Lowerer};
use crate::document::schema::{SchemaId, Type};
use crate::ir::{Enum, EnumValue, Primitive, Scalar, Shape, TypeRef};
use crate::names::Scope;

impl Lowerer<'_> {
    /// Strings are an enumeration of strings; integers, and scalars of several kinds, one that keeps the kind of each.
    /// Booleans name all there are, and what is no scalar can be any value.
    pub(super) fn enumeration(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let schema = self.document.schemas.get(id);
        let values: Vec<_> = schema.values.clone()?.into_iter().filter(|value| !value.is_null()).collect();
        let all = |kind: fn(&Value) -> bool| !values.is_empty() && values.iter().all(kind);
        let scalars: Option<Vec<Scalar>> = values.iter().map(scalar).collect();
        // Where `type` contradicts the values, there is no telling which of them servers follow.
        let is_typed = |ty: Type| schema.types.is_empty() || schema.types.contains(&ty);
        Some(Lowered::new(match scalars {
            _ if all(Value::is_string) && is_typed(Type::String) => {
                let texts: Vec<_> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                self.enter_enum(id, hint, &texts, String::clone, Shape::StringEnum)
            }
            _ if all(Value::is_boolean) && is_typed(Type::Boolean) => TypeRef::Primitive(Primitive::Bool),
            Some(scalars) if !scalars.is_empty() => self.enter_enum(id, hint, &scalars, words, Shape::ScalarEnum),
            _ if all(Value::is_number) && (is_typed(Type::Number) || is_typed(Type::Integer)) => {
                TypeRef::Primitive(Primitive::F64)
            }
            _ => TypeRef::Value,
        }))
    }

    /// Enters an enumeration, which names each value once: as the exporter calls it, else by its own words.
    fn enter_enum<V: Clone + Eq + Hash>(
        &mut self,
        id: SchemaId,
        hint: &Hint,
        values: &[V],
        words: fn(&V) -> String,
        shape: fn(Enum<V>) -> Shape,
    ) -> TypeRef {
        let ty = self.enter(id, hint);
        let owner = self.ident_of(ty).bare().to_owned();
        let schema = self.document.schemas.get(id);
        let mut names = Scope::default();
        let mut seen = HashSet::new();
        let mut named = Vec::with_capacity(values.len());
        // Names that are not one for each value would go to the wrong ones.
        let given = Some(schema.value_names.clone()).filter(|names| names.len() == values.len());
        let docs = Some(schema.value_docs.clone()).filter(|docs| docs.len() == values.len());
        for (index, value) in values.iter().enumerate().filter(|(_, value)| seen.insert((*value).clone())) {
            let words = given.as_ref().map_or_else(|| words(value), |names| names[index].clone());
            let docs = docs.as_ref().map(|docs| super::docs::from_markdown(&docs[index])).unwrap_or_default();
            let ident = self.claim_variant(&owner, &words, &mut names);
            named.push(EnumValue { ident, value: value.clone(), docs });
        }
        // Claimed last: a value that is called so keeps its name.
        let other = self.claim_variant(&owner, "Other", &mut names);
        self.types.get_mut(ty).shape = shape(Enum { values: named, other });
        TypeRef::Named(ty)
    }
}

fn words(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) if *value < 0 => format!("minus {}", value.unsigned_abs()),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Text(value) => value.clone(),
    }
}
