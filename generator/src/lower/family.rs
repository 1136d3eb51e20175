//! Stage 4, families: a schema with a discriminator that its members have as a part of their `allOf`.

use std::rc::Rc;

use super::place::Hint;
use super::{Lowered, Lowerer};
use crate::document::schema::{Schema, SchemaId};
use crate::ir::{Shape, TypeRef};

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
        components.filter(|id| *id != base && self.reaches(*id, base, &[Self::parts])).collect()
    }

    /// A schema that refers to another one.
    fn reference_to(&mut self, target: SchemaId) -> SchemaId {
        let schema = self.document.schemas.get(target);
        let (input, at, reference) = (schema.input, schema.at.clone(), Some(schema.at.to_reference()));
        self.document.schemas.push(Schema { input, at, reference, target: Some(target), ..Schema::default() })
    }
}
