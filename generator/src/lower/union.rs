//! Stage 4, unions: `oneOf`, `anyOf` and lists of types.

use std::collections::HashSet;

use super::all_of::is_any;
use super::place::{Hint, docs_of};
use super::{Lowered, Lowerer, scalar};
use crate::diagnostic::Code;
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::{Primitive, Shape, TypeRef, Union, Variant};
use crate::names::Scope;

/// How many members unions within unions have together before the properties beside them are no longer added to each:
/// every level would multiply the types.
const BROADEST: usize = 32;

impl Lowerer<'_> {
    /// `oneOf` and `anyOf` alike: exporters do not tell them apart, and a value that fits two members keeps what either
    /// knows.
    pub(super) fn union(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let schema = self.document.schemas.get(id);
        let alternatives = Self::alternatives(schema).to_vec();
        // Alternatives that only require or forbid are constraints on the object beside them.
        if alternatives.iter().all(|member| self.is_constraint(*member)) && !is_union_alone(schema) {
            return None;
        }
        if self.only_narrows(schema) {
            return Some(self.without_union(id, hint));
        }
        if !schema.one_of.is_empty() && self.describes(id, &schema.any_of) {
            self.warn_second_union(id);
        }
        let mut members: Vec<SchemaId> = Vec::new();
        for member in alternatives {
            let same =
                |other: &SchemaId| self.document.schemas.resolve(*other) == self.document.schemas.resolve(member);
            // A union among its own members adds no value.
            let is_itself = self.document.schemas.resolve(member) == Some(id);
            if !self.is_null(member) && !is_itself && !members.iter().any(same) {
                members.push(member);
            }
        }
        if members.iter().any(|member| self.reaches(*member, id, &[Self::alternatives])) {
            // Reading it would never end.
            let place = self.document.schemas.get(id).place();
            let message = "the union is a member of one of its members; it is read as any value";
            self.warn(Code::UntypedSchema, place, message, "let one of them list the members of both");
            return Some(Lowered::new(TypeRef::Value));
        }
        members = self.with_bases_alone(members);
        // A union is open to other values itself.
        members.iter_mut().for_each(|member| *member = self.typed_array(*member));
        let around = self.breadth;
        if is_union_alone(self.document.schemas.get(id)) {
            members.iter_mut().for_each(|member| *member = self.with_type_beside(id, *member));
            // What a discriminator says of a member is not said of others.
            if self.document.schemas.get(id).discriminator.is_none() {
                members = self.with_values_together(members);
            }
        } else {
            self.breadth *= members.len().max(1);
            members = self.with_common(id, members);
        }
        let lowered = match members.as_slice() {
            [] => None,
            // With a discriminator there can be others, which the document does not know yet.
            [member] if self.document.schemas.get(id).discriminator.is_none() => {
                Some(self.only_member(id, *member, hint))
            }
            _ => Some(self.several_members(id, &members, hint)),
        };
        self.breadth = around;
        lowered
    }

    /// A list of several types is a union of schemas with one type each.
    pub(super) fn several_types(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let mut schema = self.document.schemas.get(id).clone();
        // Kubernetes calls it a string, so that readers which know nothing of the format have one type at least.
        if schema.types == [Type::String] && schema.format.as_deref() == Some("int-or-string") {
            (schema.types, schema.format) = (vec![Type::Integer, Type::String], None);
        }
        // One enumeration holds scalars of several kinds.
        let is_scalar = |value: &serde_json::Value| value.is_null() || super::object::scalar(value).is_some();
        let is_named = schema.values.as_ref().is_some_and(|values| values.iter().all(is_scalar));
        if schema.types.len() < 2 || is_named {
            return None;
        }
        if schema.types == [Type::Integer, Type::Number] || schema.types == [Type::Number, Type::Integer] {
            return Some(Lowered::new(TypeRef::Primitive(Primitive::F64)));
        }
        let members: Vec<_> = schema.types.iter().map(|ty| self.document.schemas.push(of_type(&schema, *ty))).collect();
        Some(self.several_members(id, &members, hint))
    }

    /// Whether the members of a union are no more than constraints on the values of the type that stands beside it.
    /// Named texts are more: an enumeration of them is open to others.
    fn only_narrows(&self, schema: &Schema) -> bool {
        let members = Self::alternatives(schema).iter().filter(|member| !self.is_null(**member));
        let members: Option<Vec<_>> = members.map(|member| self.document.schemas.resolve(*member)).collect();
        let members: Vec<_> = members.into_iter().flatten().map(|member| self.document.schemas.get(member)).collect();
        let is_text = schema.types.contains(&Type::String);
        let narrows = |member: &&Schema| {
            says_no_type(member)
                && (member.types.is_empty() || member.types == schema.types)
                && (member.values.is_none() || !is_text)
        };
        says_type(schema)
            && is_union_alone(schema)
            && members.len() > 1
            && members.iter().all(narrows)
            && members.iter().any(|member| member.values.is_none())
    }

    /// The type of a schema without its union.
    fn without_union(&mut self, id: SchemaId, hint: &Hint) -> Lowered {
        let mut schema = self.document.schemas.get(id).clone();
        let union = if schema.one_of.is_empty() { &mut schema.any_of } else { &mut schema.one_of };
        union.clear();
        let whole = self.document.schemas.push(schema);
        self.adopt(id, whole);
        self.recognise(whole, hint)
    }

    /// A member that leaves it to the schema around it which type its values have, with that type. Values say it
    /// themselves.
    fn with_type_beside(&mut self, id: SchemaId, member: SchemaId) -> SchemaId {
        let schemas = &self.document.schemas;
        let schema = schemas.get(id);
        let Some(target) = schemas.resolve(member).map(|target| schemas.get(target)) else { return member };
        let is_inline = schemas.get(member).reference.is_none();
        let leaves_type = target.types.is_empty();
        let leaves_items = is_inline && (schema.types.is_empty() || target.types == schema.types);
        let leaves_all = says_no_type(target) && target.values.is_none() && (leaves_type || leaves_items);
        if !says_type(schema) || !leaves_all {
            return member;
        }
        let types = if leaves_type { &schema.types } else { &target.types }.clone();
        let format = target.format.clone().or_else(|| schema.format.clone().filter(|_| leaves_type));
        let (items, prefix_items) = (schema.items, schema.prefix_items.clone());
        let typed = Schema { types, format, items, prefix_items, ..target.clone() };
        self.document.schemas.push(typed)
    }

    /// The members with the properties that stand beside the union.
    fn with_common(&mut self, id: SchemaId, members: Vec<SchemaId>) -> Vec<SchemaId> {
        let schema = self.document.schemas.get(id);
        if self.breadth > members.len().max(BROADEST) {
            let message = "unions within unions have too many members; the properties beside this one are not named";
            self.warn(Code::UntypedSchema, schema.place(), message, "they are in `extra` of the members");
            return members;
        }
        let common = Schema { one_of: Vec::new(), any_of: Vec::new(), discriminator: None, ..schema.clone() };
        let common = self.document.schemas.push(common);
        let mut extended = Vec::with_capacity(members.len());
        for member in members {
            // The members of a family have them already: the union is a part of each.
            if self.reaches(member, id, &[Self::parts]) || self.says_all_of(member, common) {
                extended.push(member);
                continue;
            }
            let title = self.document.schemas.get(member).title.clone();
            let all_of = vec![common, member];
            // It stands for the member, also where a mapping names the member by its place.
            let target = self.document.schemas.get(self.document.schemas.resolve(member).unwrap_or(member));
            let (input, at) = (target.input, target.at.clone());
            extended.push(self.document.schemas.push(Schema { input, at, title, all_of, ..Schema::default() }));
        }
        extended
    }

    /// Whether a schema says all that another one does of properties, so that it is what both are together.
    fn says_all_of(&self, id: SchemaId, common: SchemaId) -> bool {
        let schemas = &self.document.schemas;
        let (Some(id), common) = (schemas.resolve(id), schemas.get(common)) else { return false };
        let schema = self.merged(id);
        let has = |(name, property): &(String, SchemaId)| {
            let mut own = schema.properties.iter().filter(|(own, _)| own == name);
            own.any(|(_, own)| schemas.equal(*own, *property, &mut HashSet::new()))
        };
        let is_one = Self::alternatives(&schema).is_empty() && self.family_members(id).is_empty();
        is_one
            && (common.types.is_empty() || common.types == schema.types)
            && common.additional_properties.is_none()
            && common.pattern_properties.is_empty()
            && common.all_of.is_empty()
            && common.properties.iter().all(has)
            && common.required.iter().all(|name| schema.required.contains(name))
    }

    /// Whether a schema is reached from another by these ways alone.
    pub(super) fn reaches(&self, from: SchemaId, to: SchemaId, ways: &[fn(&Schema) -> &[SchemaId]]) -> bool {
        let (mut open, mut seen) = (vec![from], HashSet::new());
        while let Some(id) = open.pop().map(|id| self.document.schemas.resolve(id)) {
            let Some(id) = id.filter(|id| seen.insert(*id)) else { continue };
            if id == to {
                return true;
            }
            open.extend(ways.iter().flat_map(|way| way(self.document.schemas.get(id))));
        }
        false
    }

    /// The type of a schema that is nothing but another one, which bears its name where it has none of its own.
    pub(super) fn only_member(&mut self, id: SchemaId, member: SchemaId, hint: &Hint) -> Lowered {
        if self.document.schemas.get(member).reference.is_some() {
            return self.schema(member, hint);
        }
        self.adopt(id, member);
        self.recognise(member, hint)
    }

    fn several_members(&mut self, id: SchemaId, members: &[SchemaId], hint: &Hint) -> Lowered {
        // A member that admits any value says nothing of those that the others describe: the union is open to it.
        let admits_any =
            |member: &SchemaId| self.document.schemas.resolve(*member).is_none_or(|member| self.is_any_value(member));
        let (any, members): (Vec<_>, Vec<_>) = members.iter().partition(|member| admits_any(member));
        if members.is_empty() {
            return Lowered::new(TypeRef::Value);
        }
        let (admits_any, members) = (!any.is_empty(), members.as_slice());
        // What a member allows the union allows.
        let mut nullable = admits_any || members.iter().any(|member| self.allows_null(*member));
        if !admits_any && let Some(lowered) = self.open_enum(id, members, hint) {
            return Lowered { nullable: nullable || lowered.nullable, ..lowered };
        }
        let tag = self.tag(id, members);
        if tag.is_none() {
            self.tell_unnamed(id, members);
        }
        let ty = self.enter(id, hint);
        let name = Hint::new(self.ident_of(ty).bare());
        let types = self.member_types(members, tag.as_ref(), &name);
        nullable |= types.iter().any(|(one, ..)| one.nullable);
        let mut lowered: Vec<_> = types.into_iter().map(|(one, tags, member)| (one.ty, tags, member)).collect();
        self.one_kind_of_text(&mut lowered);
        let mut variants: Vec<(TypeRef, Vec<String>, SchemaId)> = Vec::new();
        for (ty, tags, member) in lowered {
            match variants.iter_mut().find(|(other, ..)| *other == ty) {
                Some((_, others, _)) => others.extend(tags),
                None => variants.push((ty, tags, member)),
            }
        }
        let default = self.default_member(id).filter(|_| tag.is_some());
        let place = |member: SchemaId| Some(self.document.schemas.get(self.document.schemas.resolve(member)?).place());
        let is_default = |member: &SchemaId| place(*member) == default;
        let default = default.as_ref().and_then(|_| variants.iter().position(|(.., member)| is_default(member)));
        let mut names = Scope::default();
        let mut named = Vec::with_capacity(variants.len());
        for (ty, tags, member) in variants {
            let words = self.variant_words(&ty, &tags, member, &name);
            let docs = docs_of(self.document.schemas.get(member));
            named.push(Variant { ident: self.claim_variant(name.words(), &words, &mut names), ty, tags, docs });
        }
        let other = self.claim_variant(name.words(), "Other", &mut names);
        let keeps_unfit = tag.as_ref().is_some_and(|tag| tag.is_guess || admits_any);
        let tag = tag.map(|tag| tag.property);
        self.types.get_mut(ty).shape = Shape::Union(Union { tag, default, keeps_unfit, variants: named, other });
        Lowered { ty: TypeRef::Named(ty), nullable }
    }

    /// A union of one enumeration and plain strings is that enumeration: it is open to other strings.
    fn open_enum(&mut self, id: SchemaId, members: &[SchemaId], hint: &Hint) -> Option<Lowered> {
        // Exporters write words beside a reference by putting it into an `allOf`.
        let schema = |id: &SchemaId| self.merged(self.document.schemas.resolve(*id).unwrap_or(*id));
        let is_enum = |id: &SchemaId| {
            schema(id)
                .values
                .as_ref()
                .is_some_and(|values| !values.is_empty() && values.iter().all(serde_json::Value::is_string))
        };
        let is_string = |id: &SchemaId| schema(id).types == [Type::String] && schema(id).values.is_none();
        if !members.iter().all(|id| is_enum(id) || is_string(id)) {
            return None;
        }
        let mut enums = members.iter().filter(|id| is_enum(id));
        match (enums.next(), enums.next()) {
            (None, _) => {
                let mut kinds = members.iter().map(|id| scalar::text(&schema(id)));
                let kind = kinds.next().filter(|first| kinds.all(|kind| kind == *first)).unwrap_or(Primitive::String);
                let nullable = members.iter().any(|id| schema(id).nullable);
                self.has_dates |= kind != Primitive::String;
                Some(Lowered { ty: TypeRef::Primitive(kind), nullable })
            }
            (Some(member), None) => Some(self.only_member(id, *member, hint)),
            (Some(_), Some(_)) => None,
        }
    }

    /// Any text is read as a date or a time too, so that of several members the first would take all texts, whatever
    /// they are called: they are one type, and where there is more than one kind, plain strings.
    fn one_kind_of_text(&self, members: &mut [(TypeRef, Vec<String>, SchemaId)]) {
        let texts: Vec<_> =
            members.iter_mut().filter_map(|(ty, ..)| self.text_kind(ty).map(|kind| (ty, kind))).collect();
        let Some((first, kind)) = texts.first().map(|(ty, kind)| ((**ty).clone(), *kind)) else { return };
        if texts.iter().all(|(ty, _)| **ty == first) {
            return;
        }
        let kind = if texts.iter().all(|(_, other)| *other == kind) { kind } else { Primitive::String };
        texts.into_iter().for_each(|(ty, _)| *ty = TypeRef::Primitive(kind));
    }

    /// What a type is, by whatever name, that is read from any text.
    fn text_kind(&self, ty: &TypeRef) -> Option<Primitive> {
        match ty {
            TypeRef::Primitive(primitive) => Some(*primitive).filter(|primitive| primitive.is_text()),
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::Alias(ty) => self.text_kind(ty),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn is_object(&self, id: SchemaId) -> bool {
        let Some(schema) = self.document.schemas.resolve(id).map(|id| self.merged(id)) else { return false };
        schema.types == [Type::Object]
            || schema.types.is_empty() && (!schema.properties.is_empty() || !Self::alternatives(&schema).is_empty())
    }

    pub(super) fn is_any_value(&self, id: SchemaId) -> bool {
        let schema = self.document.schemas.get(id);
        is_any(schema) && !schema.nullable
    }

    /// Whether a schema says nothing but what must or must not be there.
    pub(super) fn is_constraint(&self, id: SchemaId) -> bool {
        let schema = self.document.schemas.get(id);
        is_any(&Schema { required: Vec::new(), types: Vec::new(), ..schema.clone() })
            && (schema.types.is_empty() || schema.types == [Type::Object])
            && schema.format.is_none()
            && !schema.nullable
    }
}

/// Whether a schema says which type its values have, or what arrays among them are.
fn says_type(schema: &Schema) -> bool {
    !schema.types.is_empty() || schema.items.is_some() || !schema.prefix_items.is_empty()
}

/// Whether a schema says no more of values than their types, which of them are allowed, and words.
pub(super) fn says_no_type(schema: &Schema) -> bool {
    is_any(&Schema { types: Vec::new(), values: None, ..schema.clone() })
}

/// Whether a schema with alternatives has no properties beside them.
pub(super) fn is_union_alone(schema: &Schema) -> bool {
    schema.properties.is_empty() && schema.required.is_empty() && schema.additional_properties.is_none()
}

/// The schema for the values of one of its types.
fn of_type(schema: &Schema, ty: Type) -> Schema {
    let values = schema.values.as_ref().map(|values| {
        let of_type = |value: &&serde_json::Value| match ty {
            Type::Boolean => value.is_boolean(),
            Type::Integer => value.is_i64() || value.is_u64(),
            Type::Number => value.is_number(),
            Type::String => value.is_string(),
            Type::Array => value.is_array(),
            Type::Object => value.is_object(),
        };
        values.iter().filter(of_type).cloned().collect()
    });
    let of_object = ty == Type::Object;
    Schema {
        input: schema.input,
        at: schema.at.clone(),
        types: vec![ty],
        values,
        format: schema.format.clone(),
        properties: if of_object { schema.properties.clone() } else { Vec::new() },
        required: if of_object { schema.required.clone() } else { Vec::new() },
        additional_properties: schema.additional_properties.filter(|_| of_object),
        pattern_properties: if of_object { schema.pattern_properties.clone() } else { Vec::new() },
        items: schema.items.filter(|_| ty == Type::Array),
        prefix_items: if ty == Type::Array { schema.prefix_items.clone() } else { Vec::new() },
        min_items: schema.min_items,
        ..Schema::default()
    }
}
