//! Stage 4, inferred tags: a property that tells the members of a union apart where no discriminator says so.

use std::collections::HashSet;

use super::Lowerer;
use super::tag::{DEEPEST, Tag};
use crate::document::schema::SchemaId;
use crate::ir::Scalar;

impl Lowerer<'_> {
    /// A property with a constant of its own in each member, a text rather than a boolean or an integer, else one of
    /// which no two members list the same value: one that all of them require, or else that need not be there.
    pub(super) fn inferred_tag(&self, members: &[SchemaId]) -> Option<Tag> {
        let objects: Vec<_> = members.iter().copied().filter(|member| self.is_object(*member)).collect();
        let (first, _) = objects.split_first().filter(|(_, others)| !others.is_empty())?;
        let constants = |member: SchemaId, property: &str| Some(self.constants(member, property)?.to_vec());
        let required = |member: SchemaId, property: &str| self.texts_of(member, property, true);
        let optional = |member: SchemaId, property: &str| self.texts_of(member, property, false);
        let find = |candidates: Vec<String>, values: &dyn Fn(SchemaId, &str) -> Option<Vec<String>>| {
            distinct_tag(members, &objects, candidates, values)
        };
        let flags = |member: SchemaId, property: &str| Some(vec![self.flag_of(member, property)?]);
        let of_others = || {
            let candidates = self.properties_of(*first);
            let tag = find(candidates.clone(), &flags).or_else(|| find(candidates.clone(), &required));
            Some(Tag { is_guess: true, ..tag.or_else(|| find(candidates, &optional))? })
        };
        find(self.constant_properties(*first, 0), &constants).or_else(of_others)
    }

    fn properties_of(&self, id: SchemaId) -> Vec<String> {
        let schema = self.document.schemas.resolve(id).map(|id| self.merged(id));
        schema.map(|schema| schema.properties.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default()
    }

    /// The boolean or the integer that a property always is in a member, as a text.
    fn flag_of(&self, member: SchemaId, property: &str) -> Option<String> {
        match self.constant_value(self.property_of(member, property)?)? {
            Scalar::Bool(flag) => Some(flag.to_string()),
            Scalar::Integer(number) => Some(number.to_string()),
            Scalar::Number(_) | Scalar::Text(_) => None,
        }
    }

    /// The texts that a property must be one of in a member, which perhaps has to require it.
    fn texts_of(&self, member: SchemaId, property: &str, is_required: bool) -> Option<Vec<String>> {
        let schema = self.merged(self.document.schemas.resolve(member)?);
        let (name, value) = schema.properties.iter().find(|(name, _)| name == property)?;
        let naming =
            self.document.schemas.resolve(*value).filter(|_| !is_required || schema.required.contains(name))?;
        let values = self.values_named_by(naming)?;
        values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
    }

    /// The properties of a member that have a text as their one value; of a union of members, those of its first.
    fn constant_properties(&self, id: SchemaId, depth: usize) -> Vec<String> {
        let Some(schema) = self.document.schemas.resolve(id).map(|id| self.merged(id)) else { return Vec::new() };
        let names = schema.properties.iter().map(|(name, _)| name);
        let own: Vec<_> = names.filter(|name| self.constants(id, name).is_some()).cloned().collect();
        match Self::alternatives(&schema).first() {
            Some(first) if own.is_empty() && depth < DEEPEST => self.constant_properties(*first, depth + 1),
            _ => own,
        }
    }
}

/// The first of some properties whose values tell the members apart that are objects.
fn distinct_tag(
    members: &[SchemaId],
    objects: &[SchemaId],
    mut candidates: Vec<String>,
    values: &dyn Fn(SchemaId, &str) -> Option<Vec<String>>,
) -> Option<Tag> {
    // The customary name first; otherwise the document's order decides.
    candidates.sort_by_key(|name| name != "type");
    candidates.into_iter().find_map(|property| {
        let of =
            |member: &SchemaId| if objects.contains(member) { values(*member, &property) } else { Some(Vec::new()) };
        let values = members.iter().map(of).collect::<Option<Vec<_>>>()?;
        let mut all = HashSet::new();
        values.iter().flatten().all(|value| all.insert(value.clone())).then(|| Tag {
            property: property.clone(),
            values,
            is_guess: false,
        })
    })
}
