//! Stage 4, `allOf`: one schema with the keywords of all its parts.

use std::collections::HashSet;
use std::rc::Rc;

use super::contradiction::{common_types, common_values};
use super::narrow::Narrower;
use super::place::Hint;
use super::{Lowered, Lowerer};
use crate::diagnostic::Code;
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::TypeRef;

impl Lowerer<'_> {
    /// One part that says everything is that part; several become one schema.
    pub(super) fn all_of(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let schema = self.document.schemas.get(id);
        if schema.all_of.is_empty() {
            return None;
        }
        // A component that adds nothing to the base of its family is not the base, which is the union of such.
        let is_base = |part: &SchemaId| self.component_names.contains_key(&id) && self.is_family_base(*part);
        if let Some(part) = only_part(schema)
            .or_else(|| self.part_with_its_values(schema))
            .filter(|part| !is_base(part) && !self.is_base_alone(id))
        {
            return Some(self.only_member(id, part, hint));
        }
        if let Some(part) = self.contradiction(id) {
            self.warn_contradiction(part);
            return Some(Lowered::new(TypeRef::Value));
        }
        let mut merged = Schema::clone(&self.merged(id));
        self.combine_all(id, &mut merged);
        self.tell_second_union(id, &merged);
        let merged = self.document.schemas.push(merged);
        // The merged schema stands for this one, also where a part refers back to it.
        self.adopt(id, merged);
        Some(self.recognise(merged, hint))
    }

    /// The only part of a schema that names all of its values once more, which tells it from no other.
    fn part_with_its_values(&self, schema: &Schema) -> Option<SchemaId> {
        let named = schema.values.as_ref()?;
        let part = only_part(&Schema { values: None, ..schema.clone() })?;
        let values = self.values_named_by(self.document.schemas.resolve(part)?)?;
        values.iter().all(|value| named.contains(value)).then_some(part)
    }

    /// Says of the parts of a schema whose unions the merged schema does not have.
    fn tell_second_union(&mut self, id: SchemaId, merged: &Schema) {
        let chosen = Self::alternatives(merged).to_vec();
        let (mut open, mut seen) = (vec![id], HashSet::new());
        while let Some(part) = open.pop() {
            let Some(part) = self.document.schemas.resolve(part).filter(|part| seen.insert(*part)) else { continue };
            let schema = self.document.schemas.get(part);
            open.extend(&schema.all_of);
            let is_lost = |union: &Vec<SchemaId>| *union != chosen && self.describes(part, union);
            if !chosen.is_empty() && [&schema.one_of, &schema.any_of].into_iter().any(is_lost) {
                self.warn_second_union(part);
            }
        }
    }

    /// Says that a schema has a union that is not read.
    pub(super) fn warn_second_union(&mut self, id: SchemaId) {
        let place = self.document.schemas.get(id).place();
        let message = "a second union holds for the same values; what its members describe is in `extra`";
        self.warn(Code::UntypedSchema, place, message, "let one union list the members of both");
    }

    /// Whether the members of a union describe values and do more than require or forbid some; the base of a family
    /// lists what it is a part of.
    pub(super) fn describes(&self, id: SchemaId, union: &[SchemaId]) -> bool {
        let describes = |member: &&SchemaId| !self.is_constraint(**member) && !self.is_null(**member);
        union.iter().filter(describes).count() > 1
            && !union.iter().any(|member| self.reaches(*member, id, &[Self::parts, Self::alternatives]))
    }

    fn is_family_base(&self, part: SchemaId) -> bool {
        self.document.schemas.resolve(part).is_some_and(|base| !self.family_members(base).is_empty())
    }

    /// The schema with the keywords of all parts of its `allOf`; itself when it has none.
    pub(super) fn merged(&self, id: SchemaId) -> Rc<Schema> {
        let answer = self.known.merged.get(&id);
        answer.unwrap_or_else(|| self.known.merged.keep(id, Rc::new(self.merge_parts(id))))
    }

    fn merge_parts(&self, id: SchemaId) -> Schema {
        let schema = self.document.schemas.get(id);
        let mut merged = Schema { nullable: true, ..Schema::default() };
        // Of parts that contradict each other nothing is left.
        if self.contradiction(id).is_none() {
            self.gather(id, &mut merged, &mut HashSet::new(), &mut Vec::new());
        }
        Schema {
            input: schema.input,
            at: schema.at.clone(),
            title: schema.title.clone(),
            description: schema.description.clone(),
            name: schema.name.clone(),
            deprecated: schema.deprecated,
            nullable: merged.nullable && !merged.types.is_empty(),
            ..merged
        }
    }

    /// Adds the keywords of a part; `within` are the schemas that it is a part of.
    fn gather(&self, id: SchemaId, merged: &mut Schema, seen: &mut HashSet<SchemaId>, within: &mut Vec<SchemaId>) {
        let Some(id) = self.document.schemas.resolve(id) else { return };
        if !seen.insert(id) {
            return;
        }
        let schema = self.document.schemas.get(id);
        within.push(id);
        for part in &schema.all_of {
            self.gather(*part, merged, seen, within);
        }
        within.pop();
        for (name, property) in &schema.properties {
            match merged.properties.iter_mut().find(|(other, _)| other == name) {
                Some((_, other)) if self.narrower(*other, *property) != Narrower::First => *other = *property,
                Some(_) => {}
                None => merged.properties.push((name.clone(), *property)),
            }
        }
        merged.required.extend(schema.required.iter().cloned());
        // Parts that have no type in common are read as any value, but for a schema that is read as its only part.
        merged.types = common_types(&merged.types, &schema.types).unwrap_or_else(|| merged.types.clone());
        if !schema.types.is_empty() {
            merged.nullable &= schema.nullable;
        }
        let typed = |id: &SchemaId| !is_any(self.document.schemas.get(*id)) && !self.document.schemas.get(*id).never;
        merged.additional_properties = schema.additional_properties.filter(typed).or(merged.additional_properties);
        merged.items = schema.items.or(merged.items);
        if !schema.prefix_items.is_empty() {
            merged.prefix_items.clone_from(&schema.prefix_items);
        }
        merged.min_items = merged.min_items.max(schema.min_items);
        merged.pattern_properties.extend(schema.pattern_properties.iter().cloned());
        // The format of a number says nothing of the integers among them.
        let is_number_only = schema.types == [Type::Number] && merged.types == [Type::Integer];
        merged.format = schema.format.clone().filter(|_| !is_number_only).or(merged.format.take());
        merged.values = common_values(merged.values.as_ref(), schema.values.as_ref());
        merged.default = schema.default.clone().or(merged.default.take());
        merged.shown = merged.shown.and(schema.shown);
        merged.minimum = schema.minimum.clone().or(merged.minimum.take());
        merged.pattern = schema.pattern.clone().or(merged.pattern.take());
        merged.maximum = schema.maximum.clone().or(merged.maximum.take());
        merged.conditions.extend_from_slice(&schema.conditions);
        merged.read_only |= schema.read_only;
        merged.write_only |= schema.write_only;
        // The base of a family lists its members, and each member has the base as a part: as a part it is no union.
        let is_listed = |member: &SchemaId| {
            let member = self.document.schemas.resolve(*member);
            member.is_some_and(|member| member != id && seen.contains(&member))
        };
        // A union that leads back to itself or to what it is a part of would be unfolded for ever.
        let leads_back = |member: &SchemaId| {
            self.reaches(*member, id, &[Self::alternatives])
                || within.iter().any(|outer| self.reaches(*member, *outer, &[Self::alternatives, Self::parts]))
        };
        let is_base = Self::alternatives(schema).iter().any(|member| is_listed(member) || leads_back(member));
        if merged.one_of.is_empty() && merged.any_of.is_empty() && !is_base {
            merged.one_of.clone_from(&schema.one_of);
            merged.any_of.clone_from(&schema.any_of);
            merged.discriminator = schema.discriminator.clone().or(merged.discriminator.take());
        }
    }
}

/// The part that says everything: the only one of a schema that says nothing but that.
pub(super) fn only_part(schema: &Schema) -> Option<SchemaId> {
    match schema.all_of.as_slice() {
        [part] if says_nothing_itself(schema) => Some(*part),
        _ => None,
    }
}

/// Whether the only keyword that makes a type is `allOf`.
fn says_nothing_itself(schema: &Schema) -> bool {
    schema.properties.is_empty()
        && schema.required.is_empty()
        && schema.additional_properties.is_none()
        && schema.pattern_properties.is_empty()
        && schema.one_of.is_empty()
        && schema.any_of.is_empty()
        && schema.values.is_none()
}

/// Whether every value is valid, as far as types go.
pub(super) fn is_any(schema: &Schema) -> bool {
    !schema.never
        && schema.reference.is_none()
        && schema.types.is_empty()
        && schema.items.is_none()
        && schema.prefix_items.is_empty()
        && schema.pattern_properties.is_empty()
        && schema.additional_properties.is_none()
        && schema.all_of.is_empty()
        && schema.any_of.is_empty()
        && schema.one_of.is_empty()
        && says_nothing_itself(schema)
}
