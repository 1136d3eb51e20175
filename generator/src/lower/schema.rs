//! Stage 4, schemas: an ordered list of recognisers, one rule each.

use serde_json::Value;

use super::place::Hint;
use super::{Lowered, Lowerer};
use crate::diagnostic::Code;
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::{Docs, Element, Shape, Struct, Tuple, TypeId, TypeRef, Union, Variant};
use crate::names::{Case, Scope};

/// A rule that makes a type of a schema, or leaves it to the next one.
type Recogniser<L> = fn(&mut L, SchemaId, &Hint) -> Option<Lowered>;

impl Lowerer<'_> {
    /// The rules, in order: what stands further up sees schemas that those below would misread.
    const RECOGNISERS: [Recogniser<Self>; 10] = [
        Self::reference,
        Self::family,
        Self::all_of,
        Self::described_values,
        Self::union,
        Self::several_types,
        Self::enumeration,
        Self::object,
        Self::array,
        Self::scalar,
    ];
}

impl Lowerer<'_> {
    /// Lowers every component, also those that no operation needs.
    pub(super) fn components(&mut self) {
        for (id, _) in self.component_ids() {
            self.component(id);
        }
    }

    /// The type of a schema that a reference leads to.
    pub(super) fn component(&mut self, id: SchemaId) -> Lowered {
        let id = self.canonical(id);
        if let Some(lowered) = self.lowered.get(&id) {
            return lowered.clone();
        }
        let hint = self.reference_hint(id);
        if !self.component_names.contains_key(&id) {
            return self.schema(id, &hint);
        }
        let entered = self.enter(id, &hint);
        // What a component is does not depend on what refers to it.
        let around = std::mem::replace(&mut self.breadth, 1);
        let lowered = self.recognise(id, &hint);
        self.breadth = around;
        if matches!(self.types.get(entered).shape, Shape::Pending) {
            self.alias(entered, lowered.ty);
        }
        let lowered = Lowered { ty: TypeRef::Named(entered), nullable: lowered.nullable };
        self.lowered.insert(id, lowered.clone());
        lowered
    }

    /// Makes a component another name for a type; one that contains itself needs a type of its own.
    fn alias(&mut self, alias: TypeId, ty: TypeRef) {
        self.types.get_mut(alias).shape = Shape::Alias(ty.clone());
        if !self.leads_back(&ty, alias) {
            return;
        }
        self.types.get_mut(alias).shape = match ty {
            TypeRef::Map(value) => {
                let extra_ident = Scope::default().claim("extra", Case::Snake);
                Shape::Struct(Struct { members: Vec::new(), extra: *value, extra_ident, any_kind: false })
            }
            TypeRef::List(_) => {
                let mut names = Scope::default();
                let ident = names.claim("array", Case::Camel);
                let variants = vec![Variant { ident, ty, tags: Vec::new(), docs: Docs::default() }];
                Shape::Union(Union::untagged(variants, names.claim("Other", Case::Camel)))
            }
            _ => {
                let place = self.types.get(alias).place.clone();
                let message = "the schema consists of itself without an object between; it is read as any value";
                self.warn(Code::UntypedSchema, place, message, "give it properties, or read the JSON value");
                Shape::Alias(TypeRef::Value)
            }
        };
    }

    /// Whether a type contains an alias by way of aliases alone.
    fn leads_back(&self, ty: &TypeRef, alias: TypeId) -> bool {
        match ty {
            TypeRef::Named(id) if *id == alias => true,
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::Alias(inner) => self.leads_back(inner, alias),
                _ => false,
            },
            TypeRef::Boxed(inner) | TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                self.leads_back(inner, alias)
            }
            TypeRef::Primitive(_) | TypeRef::Value => false,
        }
    }

    /// The type of a schema at the place that `hint` describes.
    pub(super) fn schema(&mut self, id: SchemaId, hint: &Hint) -> Lowered {
        if let Some(lowered) = self.lowered.get(&id) {
            return lowered.clone();
        }
        // A property of a base leads to a type that has it too: the type is known by then, so that this ends.
        let types = self.types.len();
        if self.in_progress.insert(id, types) == Some(types) {
            let place = self.document.schemas.get(id).place();
            let message = "the schema consists of itself without an object between; it is read as any value";
            self.warn(Code::UntypedSchema, place, message, "make it a component with properties");
            return Lowered::new(TypeRef::Value);
        }
        let lowered = self.recognise(id, hint);
        self.in_progress.remove(&id);
        self.lowered.insert(id, lowered.clone());
        lowered
    }

    pub(super) fn recognise(&mut self, id: SchemaId, hint: &Hint) -> Lowered {
        let found = Self::RECOGNISERS.iter().find_map(|recogniser| recogniser(self, id, hint));
        let mut lowered = found.unwrap_or(Lowered::new(TypeRef::Value));
        lowered.nullable |= self.allows_null(id);
        lowered
    }

    fn reference(&mut self, id: SchemaId, _: &Hint) -> Option<Lowered> {
        let schema = self.document.schemas.get(id);
        let reference = schema.reference.clone()?;
        let Some(target) = schema.target else { return Some(Lowered::new(TypeRef::Value)) };
        if self.document.schemas.resolve(id).is_none() {
            let place = schema.place();
            let message = format!("`{reference}` leads back to itself; the schema is read as any value");
            self.warn(Code::CyclicReference, place, message, "one of the references must lead to a type");
            return Some(Lowered::new(TypeRef::Value));
        }
        Some(self.component(self.end_of_references(target)))
    }

    /// Where references lead to that stand in the way without a name of their own.
    fn end_of_references(&self, mut id: SchemaId) -> SchemaId {
        // The caller has seen that the chain ends.
        while let schema = self.document.schemas.get(id)
            && let Some(target) = schema.target
            && !self.component_names.contains_key(&id)
        {
            id = target;
        }
        id
    }

    fn array(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let schema = self.document.schemas.get(id);
        if is_untyped_array(schema) {
            return Some(self.perhaps_array(id, hint));
        }
        if schema.types != [Type::Array] {
            return None;
        }
        if !schema.prefix_items.is_empty() {
            return Some(self.tuple(id, hint));
        }
        let element = self.items_type(id, hint);
        Some(Lowered::new(TypeRef::List(Box::new(element))))
    }

    /// Without a `type`, what is said of elements holds for arrays, and values of other kinds are as good (JSON Schema
    /// 2020-12, core 10.3.1).
    fn perhaps_array(&mut self, id: SchemaId, hint: &Hint) -> Lowered {
        let ty = self.enter(id, hint);
        let name = Hint::new(self.ident_of(ty).bare());
        let array = self.typed_array(id);
        let array = self.schema(array, &name.of("array")).ty;
        let mut names = Scope::default();
        let ident = names.claim("array", Case::Camel);
        let variants = vec![Variant { ident, ty: array, tags: Vec::new(), docs: Docs::default() }];
        self.types.get_mut(ty).shape = Shape::Union(Union::untagged(variants, names.claim("Other", Case::Camel)));
        Lowered { ty: TypeRef::Named(ty), nullable: true }
    }

    /// The schema of the arrays among the values of a schema that speaks of elements and names no type; of others the
    /// schema itself.
    pub(super) fn typed_array(&mut self, id: SchemaId) -> SchemaId {
        let schema = self.document.schemas.get(id);
        if !is_untyped_array(schema) {
            return id;
        }
        let array = Schema { types: vec![Type::Array], ..schema.clone() };
        self.document.schemas.push(array)
    }

    /// The first elements each have a type of their own; those that `minItems` does not promise may be missing.
    fn tuple(&mut self, id: SchemaId, hint: &Hint) -> Lowered {
        let ty = self.enter(id, hint);
        let hint = Hint::new(self.ident_of(ty).bare());
        let schema = self.document.schemas.get(id);
        let (first, promised) = (schema.prefix_items.clone(), schema.min_items);
        let elements = first.into_iter().zip(0_u64..).map(|(element, index)| {
            let lowered = self.schema(element, &hint.of(&format!("element {index}")));
            let (presence, ty) = lowered.into_presence(index < promised, &self.types);
            Element { ty, presence, docs: self.property_docs(element) }
        });
        let elements = elements.collect();
        let rest = self.items_type(id, &hint);
        self.types.get_mut(ty).shape = Shape::Tuple(Tuple { elements, rest });
        Lowered::new(TypeRef::Named(ty))
    }

    /// The type of the elements; where there should be none, a later server may send some all the same.
    fn items_type(&mut self, id: SchemaId, hint: &Hint) -> TypeRef {
        match self.document.schemas.get(id).items {
            Some(items) if !self.document.schemas.get(items).never => self.schema(items, &hint.of("item")).into_type(),
            _ => TypeRef::Value,
        }
    }

    /// The alternatives of a schema: the members of `oneOf`, else of `anyOf`.
    pub(super) fn alternatives(schema: &Schema) -> &[SchemaId] {
        if schema.one_of.is_empty() { &schema.any_of } else { &schema.one_of }
    }

    /// The schemas that a schema is made of: the parts of `allOf`.
    pub(super) fn parts(schema: &Schema) -> &[SchemaId] {
        &schema.all_of
    }

    /// Whether `null` is a value of a schema, by its own keywords.
    pub(super) fn allows_null(&self, id: SchemaId) -> bool {
        let schema = self.document.schemas.get(id);
        schema.nullable
            || schema.values.as_ref().is_some_and(|values| values.iter().any(Value::is_null))
            || Self::alternatives(schema).iter().any(|member| self.is_null(*member))
    }

    /// Whether `null` is the only value of a schema; through references, as exporters give it a name.
    pub(super) fn is_null(&self, id: SchemaId) -> bool {
        let Some(id) = self.document.schemas.resolve(id) else { return false };
        let schema = self.document.schemas.get(id);
        let only_null = |values: &Vec<Value>| !values.is_empty() && values.iter().all(Value::is_null);
        schema.values.as_ref().is_some_and(only_null)
            || schema.nullable
                && schema.types.is_empty()
                && schema.properties.is_empty()
                && schema.all_of.is_empty()
                && schema.any_of.is_empty()
                && schema.one_of.is_empty()
                && schema.values.is_none()
                && schema.items.is_none()
                && schema.prefix_items.is_empty()
                && schema.pattern_properties.is_empty()
    }
}

/// Whether a schema speaks of elements and names no type.
fn is_untyped_array(schema: &Schema) -> bool {
    schema.types.is_empty()
        && schema.reference.is_none()
        && (schema.items.is_some() || !schema.prefix_items.is_empty())
        && schema.all_of.is_empty()
        && schema.any_of.is_empty()
        && schema.one_of.is_empty()
}
