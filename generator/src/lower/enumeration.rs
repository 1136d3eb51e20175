//! Stage 4, enumerations: the values that a document names, open to others.

use std::collections::HashSet;
use std::hash::Hash;

use serde_json::Value;

use super::object::scalar;
use super::place::Hint;
use super::union::{is_union_alone, says_no_type};
use super::{Lowered, Lowerer};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::{Enum, EnumValue, Primitive, Scalar, Shape, TypeRef};
use crate::names::{Case, Scope, is_identifier};

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
        // A later server can name one of another type.
        let is_only = |ty: Type| schema.types.is_empty() || schema.types == [ty];
        Some(Lowered::new(match scalars {
            _ if all(Value::is_string) && is_only(Type::String) => {
                let texts: Vec<_> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                self.enter_enum(id, hint, &texts, String::clone, Shape::StringEnum)
            }
            _ if all(Value::is_boolean) && is_only(Type::Boolean) => TypeRef::Primitive(Primitive::Bool),
            Some(scalars) if !scalars.is_empty() => self.enter_enum(id, hint, &scalars, words, Shape::ScalarEnum),
            // Some are beyond `i64`.
            _ if all(Value::is_u64) && is_typed(Type::Integer) => TypeRef::Primitive(Primitive::U64),
            _ if all(|value| value.is_i64() || value.is_u64()) && is_typed(Type::Integer) => {
                TypeRef::Primitive(Primitive::I128)
            }
            _ if all(Value::is_number) && (is_typed(Type::Number) || is_typed(Type::Integer)) => {
                TypeRef::Primitive(Primitive::F64)
            }
            _ => TypeRef::Value,
        }))
    }

    /// Alternatives that are values, each with words of its own, or enumerations of strings, are one enumeration of
    /// these values; strings beside them are what it is open to.
    pub(super) fn described_values(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let schema = self.document.schemas.get(id);
        if schema.values.is_some() || schema.discriminator.is_some() || !is_union_alone(schema) {
            return None;
        }
        let members = Self::alternatives(schema).iter().copied().filter(|member| !self.is_null(*member));
        let together = self.values_together(&members.collect::<Vec<_>>(), &schema.types)?;
        let types = if schema.types.is_empty() { together.types } else { schema.types.clone() };
        let Schema { values, value_names, value_docs, .. } = together;
        let (one_of, any_of) = (Vec::new(), Vec::new());
        let whole = Schema { types, values, value_names, value_docs, one_of, any_of, ..schema.clone() };
        let whole = self.document.schemas.push(whole);
        self.adopt(id, whole);
        Some(self.recognise(whole, hint))
    }

    /// The members of a union, of which those that name texts are one: it is open to other texts, while of several the
    /// first would take each that none of them names. So are those that name integers.
    pub(super) fn with_values_together(&mut self, members: Vec<SchemaId>) -> Vec<SchemaId> {
        let kinds = [Type::String, Type::Integer];
        kinds.into_iter().fold(members, |members, kind| self.with_kind_together(members, kind))
    }

    fn with_kind_together(&mut self, mut members: Vec<SchemaId>, kind: Type) -> Vec<SchemaId> {
        let is_named = |member: &SchemaId| self.named_kind(*member) == Some(kind);
        let is_of_kind = |member: &SchemaId| is_named(member) || kind == Type::String && self.is_plain_text(*member);
        let (of_kind, others): (Vec<_>, Vec<_>) = members.iter().copied().partition(is_of_kind);
        let named: Vec<_> = of_kind.iter().copied().filter(is_named).collect();
        if of_kind.len() < 2 || others.is_empty() {
            return members;
        }
        let together = match named.as_slice() {
            [] => return members,
            [one] => *one,
            several => match self.values_together(several, &[]) {
                Some(together) => self.document.schemas.push(together),
                None => return members,
            },
        };
        if let Some(first) = members.iter_mut().find(|member| of_kind.contains(member)) {
            *first = together;
        }
        let mut is_there = false;
        members
            .retain(|member| others.contains(member) || *member == together && !std::mem::replace(&mut is_there, true));
        members
    }

    /// What the values are that a member of a union names, where they are of a kind that several such are one for.
    pub(super) fn named_kind(&self, member: SchemaId) -> Option<Type> {
        let schemas = &self.document.schemas;
        let target = schemas.get(schemas.resolve(member)?);
        let values = target.values.as_ref().filter(|values| !values.iter().all(Value::is_null))?;
        let is_only = |ty: Type| target.types.is_empty() || target.types == [ty];
        let is_inline = schemas.get(member).reference.is_none();
        if are_texts(values) && is_only(Type::String) {
            return Some(Type::String);
        }
        let is_number = is_only(Type::Integer) || is_only(Type::Number);
        (is_inline && is_number && are_integers(values)).then_some(Type::Integer)
    }

    /// Whether a member of a union is texts of which it names none.
    fn is_plain_text(&self, member: SchemaId) -> bool {
        let target = self.document.schemas.resolve(member).map(|target| self.document.schemas.get(target));
        target.is_some_and(|target| target.types == [Type::String] && target.values.is_none() && says_no_type(target))
    }

    /// One enumeration of the values of some schemas, with the words and in the place of these; `types` are those that
    /// are said of all.
    fn values_together(&self, members: &[SchemaId], types: &[Type]) -> Option<Schema> {
        let schemas = &self.document.schemas;
        let (mut described, mut null, mut is_open) = (Vec::new(), None, false);
        for member in members {
            let target = schemas.get(schemas.resolve(*member)?);
            let is_inline = schemas.get(*member).reference.is_none();
            match &target.values {
                // Of several components that are open to any text, none would tell which text is whose.
                Some(values) if is_inline || are_texts(values) => described.push((target, is_inline)),
                None if target.types == [Type::String] => is_open = true,
                None if types == [Type::String] && says_no_type(target) => is_open = true,
                _ => return None,
            }
            null = null.or_else(|| target.nullable.then_some(Value::Null));
        }
        let values = || described.iter().flat_map(|(member, _)| member.values.iter().flatten());
        null = null.or_else(|| values().find(|value| value.is_null()).cloned());
        let values: Vec<_> = values().filter(|value| !value.is_null()).cloned().collect();
        let ty = match values.as_slice() {
            values if are_texts(values) => Type::String,
            values if are_integers(values) && !is_open => Type::Integer,
            _ => return None,
        };
        let ((first, _), true) = (described.first()?, described.len() > 1) else { return None };
        // The title of a component is the name of its type, and its words are about that.
        let titles: Vec<_> =
            described.iter().map(|(member, is_inline)| caption(member).filter(|_| *is_inline)).collect();
        let distinct = titles.iter().flatten().collect::<HashSet<_>>().len() == titles.iter().flatten().count();
        let titles = titles.into_iter().map(|title| title.filter(|_| distinct));
        let (value_names, value_docs) = described
            .iter()
            .zip(titles)
            .flat_map(|((member, inline), title)| names_and_docs(member, title, *inline))
            .unzip();
        let (input, at) = (first.input, first.at.clone());
        let title = first.title.clone().filter(|_| described.iter().all(|(member, _)| member.title == first.title));
        let values = Some(values.into_iter().chain(null).collect());
        Some(Schema { input, at, title, types: vec![ty], values, value_names, value_docs, ..Schema::default() })
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
        let is_for_each = |texts: &Vec<String>| texts.len() == values.len();
        let (given, docs) = (schema.value_names.clone(), schema.value_docs.clone());
        for texts in [&given, &docs].into_iter().filter(|texts| !texts.is_empty() && !is_for_each(texts)) {
            self.tell_unequal(id, texts.len(), values.len());
        }
        let (given, docs) = (Some(given).filter(is_for_each), Some(docs).filter(is_for_each));
        let words: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let given = given.as_ref().map(|names| names[index].clone()).filter(|name| !name.is_empty());
                given.unwrap_or_else(|| words(value))
            })
            .collect();
        names.expect(words.iter().map(String::as_str), Case::Camel);
        let distinct = values.iter().zip(words).enumerate().filter(|(_, (value, _))| seen.insert((*value).clone()));
        for (index, (value, words)) in distinct {
            let docs = docs.as_ref().map(|docs| super::docs::from_markdown(&docs[index])).unwrap_or_default();
            let ident = self.claim_variant(&owner, &words, &mut names);
            named.push(EnumValue { ident, value: value.clone(), docs });
        }
        // Claimed last: a value that is called so keeps its name.
        let other = self.claim_variant(&owner, "Other", &mut names);
        self.types.get_mut(ty).shape = shape(Enum { values: named, other });
        TypeRef::Named(ty)
    }

    fn tell_unequal(&mut self, id: SchemaId, texts: usize, values: usize) {
        let place = self.document.schemas.get(id).place();
        let message = format!("an extension has {texts} entries for {values} values; which is which is not said");
        let help = "name or describe each value, in their order";
        self.diagnostics.push(Diagnostic::new(Severity::Note, Code::WrongCombination, place, message).help(help));
    }
}

/// Whether values are texts, or `null` beside them.
fn are_texts(values: &[Value]) -> bool {
    values.iter().all(|value| value.is_string() || value.is_null())
}

/// Whether values are integers that `i64` has, or `null` beside them.
fn are_integers(values: &[Value]) -> bool {
    values.iter().all(|value| value.is_i64() || value.is_null())
}

/// The title of a schema with one value, where it can name the value.
fn caption(schema: &Schema) -> Option<&str> {
    let is_one = schema.values.as_ref().is_some_and(|values| values.len() == 1);
    schema.title.as_deref().filter(|title| is_one && is_identifier(title))
}

/// What each value of a schema is called, and what is said of it.
fn names_and_docs(schema: &Schema, title: Option<&str>, is_inline: bool) -> Vec<(String, String)> {
    let values = schema.values.as_deref().unwrap_or_default();
    let given = |texts: &[String], index: usize| texts.get(index).filter(|_| texts.len() == values.len()).cloned();
    // A title that names no value tells of it.
    let caption = schema.title.as_deref().filter(|title| !is_identifier(title));
    // Those of a component are about its values together, and not about each.
    let words_of_all =
        caption.into_iter().chain(schema.description.as_deref()).filter(|_| is_inline || values.len() == 1);
    let words_of_all = words_of_all.collect::<Vec<_>>().join("\n\n");
    let of_value = |(index, value): (usize, &Value)| {
        let own = || scalar(value).as_ref().map(words).unwrap_or_default();
        let name = title.map(str::to_owned).or_else(|| given(&schema.value_names, index)).unwrap_or_else(own);
        (name, given(&schema.value_docs, index).unwrap_or_else(|| words_of_all.clone()))
    };
    values.iter().enumerate().filter(|(_, value)| !value.is_null()).map(of_value).collect()
}

fn words(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) if *value < 0 => format!("minus {}", value.unsigned_abs()),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Number(value) => value.to_string().replace('-', "minus "),
        Scalar::Text(value) => value.clone(),
    }
}
