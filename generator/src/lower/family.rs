//! Stage 4, families: a schema with a discriminator that its members have as a part of their `allOf`.

use std::collections::HashSet;
use std::rc::Rc;

use super::place::Hint;
use super::{Lowered, Lowerer};
use crate::diagnostic::Place;
use crate::document::schema::{Schema, SchemaId};
use crate::ir::{Shape, TypeRef};
use crate::names::Ident;

impl Lowerer<'_> {
    /// The base of a family is the union of its members (OpenAPI 3.1.1, section 4.8.25.3): what refers to the base gets
    /// one of them.
    pub(super) fn family(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let members = self.family_members(id);
        if members.is_empty() {
            return None;
        }
        let base = self.document.schemas.get(id).clone();
        let one_of = members.iter().map(|member| self.reference_to(*member)).collect();
        let union = Schema {
            input: base.input,
            at: base.at,
            title: base.title,
            description: base.description,
            nullable: base.nullable,
            discriminator: base.discriminator,
            one_of,
            ..Schema::default()
        };
        let union = self.document.schemas.push(union);
        self.adopt(id, union);
        let lowered = self.recognise(union, hint);
        // What refers to the base asks for no more than the base does.
        if let TypeRef::Named(ty) = lowered.ty
            && let Shape::Union(union) = &mut self.types.get_mut(ty).shape
        {
            union.keeps_unfit = union.tag.is_some();
        }
        Some(lowered)
    }

    /// The components that have a base as a part, directly or by way of others, in the order of the texts.
    pub(super) fn family_members(&self, base: SchemaId) -> Rc<[SchemaId]> {
        let answer = self.known.families.get(&base);
        answer.unwrap_or_else(|| self.known.families.keep(base, self.find_family(base).into()))
    }

    fn find_family(&self, base: SchemaId) -> Vec<SchemaId> {
        let schema = self.document.schemas.get(base);
        let is_component = self.component_names.contains_key(&base);
        if schema.discriminator.is_none() || !Self::alternatives(schema).is_empty() || !is_component {
            return Vec::new();
        }
        let components = self.component_ids().into_iter().map(|(id, _)| id);
        let others = components.clone().filter(|id| *id != base && self.reaches(*id, base, &[Self::parts]));
        let mut others: Vec<_> = others.collect();
        let within = self.families_within(base, &others);
        if !within.is_empty() {
            let (mapped, default) = (self.mapped_tags(base), self.default_member(base));
            let named = mapped.into_iter().filter_map(|(_, target)| target).chain(default);
            let named: HashSet<Place> = named.collect();
            let is_behind =
                |id: SchemaId| within.iter().any(|one| *one != id && self.reaches(id, *one, &[Self::parts]));
            others.retain(|id| !is_behind(*id) || named.contains(&self.document.schemas.get(*id).place()));
        }
        let Some(alone) = self.bases_alone.get(&base) else { return others };
        // In the order of the texts, as the others are.
        let members = components.filter(|id| *id == base || others.contains(id));
        members.map(|id| if id == base { *alone } else { id }).collect()
    }

    /// Those of a family that are families by a property of their own: who is in one of these is known by that one.
    fn families_within(&self, base: SchemaId, others: &[SchemaId]) -> Vec<SchemaId> {
        let schemas = &self.document.schemas;
        let property = |id: SchemaId| Some(&schemas.get(id).discriminator.as_ref()?.property);
        let is_apart = |id: &SchemaId| property(*id).is_some_and(|own| Some(own) != property(base));
        let is_union = |id: &SchemaId| !Self::alternatives(schemas.get(*id)).is_empty();
        others.iter().copied().filter(|id| is_apart(id) && !is_union(id)).collect()
    }

    /// The components that are in a family or a union by way of a member of it that is a family by another property.
    pub(super) fn behind(&self, id: SchemaId, members: &[SchemaId], member: SchemaId) -> Vec<SchemaId> {
        if self.families_within(id, &[member]).is_empty() {
            return Vec::new();
        }
        let components = self.component_ids().into_iter().map(|(id, _)| id);
        let others = components.filter(|other| *other != id && !members.contains(other));
        others.filter(|other| self.reaches(*other, member, &[Self::parts])).collect()
    }

    /// Makes a schema of each base that is a member of its family too: with what the base says of its own values.
    pub(super) fn set_bases_apart(&mut self) {
        let components = self.component_ids().into_iter().map(|(id, _)| id);
        let bases: Vec<_> = components.filter(|id| self.is_mapped_base(*id) || self.is_listed_base(*id)).collect();
        for base in bases {
            self.set_apart(base);
        }
    }

    /// Whether the discriminator of a base knows it as one of its family, or that of a base of it does. Others are no
    /// more than what their members have in common.
    fn is_mapped_base(&self, id: SchemaId) -> bool {
        let schemas = &self.document.schemas;
        let Some(discriminator) = &schemas.get(id).discriminator else { return false };
        let place = Some(schemas.get(id).place());
        let is_same_tag = |base: &SchemaId| {
            let other = schemas.get(*base).discriminator.as_ref();
            other.is_some_and(|other| other.property == discriminator.property)
        };
        let names = |base: SchemaId| self.mapped_tags(base).iter().any(|(_, to)| *to == place);
        let is_named = self.default_member(id) == place || self.bases(id).into_iter().filter(is_same_tag).any(names);
        is_named && !self.find_family(id).is_empty()
    }

    /// A schema, its parts, and theirs.
    fn bases(&self, id: SchemaId) -> Vec<SchemaId> {
        let (mut open, mut bases) = (vec![id], Vec::new());
        while let Some(id) = open.pop() {
            let Some(id) = self.document.schemas.resolve(id).filter(|id| !bases.contains(id)) else { continue };
            bases.push(id);
            open.extend(&self.document.schemas.get(id).all_of);
        }
        bases
    }

    /// Whether a union lists a base beside all the others of its family: there it can only mean itself.
    fn is_listed_base(&self, base: SchemaId) -> bool {
        if self.document.schemas.get(base).discriminator.is_none() {
            return false;
        }
        let unions = self.document.schemas.ids().map(|id| Self::alternatives(self.document.schemas.get(id)));
        // Few bases are in a union; to find a family takes longer.
        let unions: Vec<_> = unions.filter(|members| self.list_all(members, &[base])).collect();
        let others = if unions.is_empty() { Vec::new() } else { self.find_family(base) };
        !others.is_empty() && unions.iter().any(|members| self.list_all(members, &others))
    }

    /// Whether all of some schemas are members of a union.
    fn list_all(&self, members: &[SchemaId], schemas: &[SchemaId]) -> bool {
        let lists = |id: &SchemaId| members.iter().any(|member| self.document.schemas.resolve(*member) == Some(*id));
        schemas.iter().all(lists)
    }

    /// The members of a union, with each base that stands beside all the others of its family as the base alone.
    pub(super) fn with_bases_alone(&mut self, members: Vec<SchemaId>) -> Vec<SchemaId> {
        let alone = |member: SchemaId| {
            let base = self.document.schemas.resolve(member)?;
            let alone = *self.bases_alone.get(&base)?;
            let mut others = self.family_members(base).to_vec();
            others.retain(|other| *other != alone);
            self.list_all(&members, &others).then_some(alone)
        };
        let alone: Vec<_> = members.iter().map(|member| alone(*member)).collect();
        let members = members.into_iter().zip(alone);
        members.map(|(member, alone)| alone.map_or(member, |alone| self.reference_to(alone))).collect()
    }

    fn set_apart(&mut self, base: SchemaId) {
        let Some(words) = self.component_names.get(&base).cloned() else { return };
        let schema = self.document.schemas.get(base).clone();
        let name = self.component_idents.get(&base).map_or(words.as_str(), Ident::bare);
        let ours = format!("`{name}` itself, and none of the schemas that extend it.");
        let description = [schema.description.unwrap_or_default(), ours].join("\n\n");
        // It stands where the base does: there the mapping finds it.
        let alone = Schema { description: Some(description), discriminator: None, nullable: false, ..schema };
        let alone = self.document.schemas.push(alone);
        self.component_names.insert(alone, format!("{words} base"));
        self.bases_alone.insert(base, alone);
    }

    /// Whether a schema was made of the base of a family, for the values that are of the base and of no other member.
    pub(super) fn is_base_alone(&self, id: SchemaId) -> bool {
        let schemas = &self.document.schemas;
        let base = schemas.at(schemas.get(id).input, &schemas.get(id).at);
        base.is_some_and(|base| self.bases_alone.get(&base) == Some(&id))
    }

    /// A schema that refers to another one.
    fn reference_to(&mut self, target: SchemaId) -> SchemaId {
        let schema = self.document.schemas.get(target);
        let (input, at, reference) = (schema.input, schema.at.clone(), Some(schema.at.to_reference()));
        self.document.schemas.push(Schema { input, at, reference, target: Some(target), ..Schema::default() })
    }
}
