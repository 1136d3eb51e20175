//! Stage 4, variants: the words that tell the members of a union apart.

use super::place::Hint;
use super::tag::{Tag, is_bare};
use super::{Lowered, Lowerer};
use crate::document::schema::SchemaId;
use crate::ir::{Primitive, Scalar, TypeRef};
use crate::names::snake_case;

/// What a member of a union says that can tell it from the others.
struct Said {
    /// The component that it is or extends, by the first part that does.
    component: Option<SchemaId>,
    /// Its properties that have a text as their only value, with that.
    constants: Vec<(String, String)>,
    /// The properties that must be there.
    required: Vec<String>,
}

impl Lowerer<'_> {
    /// The types of the members of a union that is called `name`, each with the values of the tag that stand for it.
    pub(super) fn member_types(
        &mut self,
        members: &[SchemaId],
        tag: Option<&Tag>,
        name: &Hint,
    ) -> Vec<(Lowered, Vec<String>, SchemaId)> {
        let tags = |index: usize| tag.map(|tag| tag.values[index].clone()).unwrap_or_default();
        let words = self.member_words(members, &tags);
        let mut types = Vec::with_capacity(members.len());
        for (index, (member, words)) in members.iter().zip(words).enumerate() {
            let lowered = self.schema(*member, &self.union_hint(*member).as_ref().unwrap_or(name).of(&words));
            types.push((lowered, tags(index), *member));
        }
        types
    }

    /// The hint for the union that lists a member, which others have by way of the component that it is a part of. What
    /// was made of a member is of the union for which it was made.
    fn union_hint(&self, member: SchemaId) -> Option<Hint> {
        let schema = self.document.schemas.get(member);
        let is_listed = self.document.schemas.at(schema.input, &schema.at) == Some(member);
        self.owner_hint(member).filter(|_| is_listed)
    }

    /// The words that tell the inline members of a union from the others: the value of the tag, the title, what they
    /// alone say, and where nothing of it tells, their number.
    fn member_words(&self, members: &[SchemaId], tags: &dyn Fn(usize) -> Vec<String>) -> Vec<String> {
        let given = members.iter().enumerate().map(|(index, member)| {
            let title = &self.document.schemas.get(*member).title;
            match tags(index).as_slice() {
                [tag] if title.is_none() || !is_bare(tag) => Some(tag.clone()),
                _ => title.clone(),
            }
        });
        let given: Vec<Option<String>> = given.collect();
        let is_named = |(member, given): (&SchemaId, &Option<String>)| {
            let schema = self.document.schemas.get(*member);
            given.is_some() || schema.reference.is_some() && !schema.has_structure()
        };
        let said: Vec<_> = match members.iter().zip(&given).all(is_named) {
            true => Vec::new(),
            false => members.iter().map(|member| self.said(*member)).collect(),
        };
        let own: Vec<_> = said.iter().map(|one| self.words_of_own(one, &said)).collect();
        let is_unique =
            |words: &&String| own.iter().flatten().filter(|other| snake_case(other) == snake_case(words)).count() == 1;
        let words = |(index, given): (usize, Option<String>)| {
            let own = || own.get(index)?.as_ref().filter(is_unique).cloned();
            // Named texts are open to others, and one of them is no name for all.
            let kind = || self.named_kind(members[index]).map(|kind| kind.name().to_owned());
            given.or_else(kind).or_else(own).unwrap_or_else(|| format!("variant {}", index + 1))
        };
        given.into_iter().enumerate().map(words).collect()
    }

    fn said(&self, id: SchemaId) -> Said {
        let schemas = &self.document.schemas;
        let schema = schemas.get(id);
        let merged = self.merged(schemas.resolve(id).filter(|_| !schema.has_structure()).unwrap_or(id));
        let text = |id: SchemaId| match self.constant_value(id)? {
            Scalar::Text(text) => Some(text),
            _ => None,
        };
        let constants = merged.properties.iter();
        let mut constants: Vec<_> = constants.filter_map(|(name, id)| Some((name.clone(), text(*id)?))).collect();
        // The customary name first; otherwise the document's order decides.
        constants.sort_by_key(|(name, _)| name != "type");
        let of_parts = || schema.all_of.iter().find_map(|part| schemas.get(*part).target);
        let component = schema.target.or_else(of_parts).and_then(|target| schemas.resolve(target));
        let mut required = merged.required.clone();
        required.sort();
        required.dedup();
        Said { component: component.map(|id| self.canonical(id)), constants, required }
    }

    /// What a member says and no other member does: the component that it is or extends, a constant, or the one
    /// property that must be there. None of it changes when a member is added that says something else.
    fn words_of_own(&self, one: &Said, all: &[Said]) -> Option<String> {
        let is_own = |has: &dyn Fn(&Said) -> bool| all.iter().filter(|said| has(said)).count() == 1;
        let component = one.component.filter(|_| is_own(&|said| said.component == one.component));
        let component = component.and_then(|id| self.component_names.get(&id));
        let mut constants = one.constants.iter().filter(|(_, value)| !is_bare(value));
        let constant = constants.find(|constant| is_own(&|said| said.constants.contains(constant)));
        let mut required = one.required.iter().filter(|name| is_own(&|said| said.required.contains(name)));
        let required = required.next().filter(|_| required.next().is_none());
        let constant = constant.map(|(_, value)| value);
        [component, constant, required].into_iter().flatten().next().cloned()
    }

    /// The words that a variant of the union `name` is called by: the one value of its tag, else those of its type.
    pub(super) fn variant_words(&self, ty: &TypeRef, tags: &[String], member: SchemaId, name: &Hint) -> String {
        let words = match tags {
            [tag] if !is_bare(tag) => tag.clone(),
            _ => self.type_words(ty),
        };
        let schema = self.document.schemas.get(member);
        // An inline member bears the name of the union in its own, which need not be said twice; a title need not end
        // where that does.
        let of_union = self.union_hint(member);
        let rest = words.strip_prefix(of_union.as_ref().unwrap_or(name).words());
        let is_title = schema.title.as_ref() == Some(&words);
        let is_word = |first: char| !(first.is_lowercase() || is_title && first.is_numeric());
        let is_inline = schema.reference.is_none() || schema.has_structure();
        let rest = rest.filter(|rest| is_inline && rest.starts_with(is_word));
        rest.map(str::to_owned).unwrap_or(words)
    }

    fn type_words(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Named(id) => self.ident_of(*id).bare().to_owned(),
            TypeRef::Boxed(inner) | TypeRef::Nullable(inner) => self.type_words(inner),
            TypeRef::Primitive(Primitive::String) => "string".to_owned(),
            TypeRef::Primitive(Primitive::DateTime) => "date_time".to_owned(),
            TypeRef::Primitive(Primitive::Date) => "date".to_owned(),
            TypeRef::Primitive(Primitive::Bool) => "boolean".to_owned(),
            TypeRef::Primitive(Primitive::F64) => "number".to_owned(),
            TypeRef::Primitive(_) => "integer".to_owned(),
            TypeRef::List(element) if **element == TypeRef::Value => "array".to_owned(),
            TypeRef::Map(value) if **value == TypeRef::Value => "object".to_owned(),
            TypeRef::List(element) => format!("{} array", self.type_words(element)),
            TypeRef::Map(value) => format!("{} map", self.type_words(value)),
            TypeRef::Value => "any".to_owned(),
        }
    }
}
