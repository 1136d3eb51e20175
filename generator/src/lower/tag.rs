//! Stage 4, tags: the property that tells the members of a union apart, declared by a discriminator or found.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::Lowerer;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::Scalar;
use crate::names::is_same_name;

/// How deep unions are looked into: unions of unions are finite unless they are defined by themselves.
const DEEPEST: usize = 16;

/// The property that tells the members of a union apart, and for each member its values.
pub(super) struct Tag {
    pub(super) property: String,
    pub(super) values: Vec<Vec<String>>,
    /// Whether only lists of values say it, which a later server may extend.
    pub(super) is_guess: bool,
}

impl Lowerer<'_> {
    /// What tells the members apart: what the document says does, else a property with a constant of its own in each.
    pub(super) fn tag(&self, id: SchemaId, members: &[SchemaId]) -> Option<Tag> {
        self.declared_tag(id, members).or_else(|| self.inferred_tag(members))
    }

    fn declared_tag(&self, id: SchemaId, members: &[SchemaId]) -> Option<Tag> {
        let property = &self.document.schemas.get(id).discriminator.as_ref()?.property;
        let mapped = self.mapped_tags(id);
        let is_mapped = |value: &String| mapped.iter().any(|(tag, _)| tag == value);
        let unions: Vec<_> = members.iter().map(|member| self.tags_of_union(*member, property)).collect();
        let values = |(member, union): (&SchemaId, &Option<_>)| match union {
            Some(_) => Vec::new(),
            None => self.values_of(*member, property),
        };
        let own: Vec<Vec<String>> = members.iter().zip(&unions).map(values).collect();
        // A value that several members list, as those of a family do that have it from their base, says nothing; one
        // that is all that a member has is its own.
        let is_shared = |value: &String, index: usize| {
            let is_only = own[index].len() == 1;
            let others = own.iter().filter(|values| values.contains(value) && (!is_only || values.len() == 1));
            others.count() > 1
        };
        let values = members.iter().enumerate().map(|(index, member)| {
            let target = self.document.schemas.resolve(*member).map(|id| self.document.schemas.get(id));
            let place = target.map(Schema::place);
            let of_member = mapped.iter().filter(|(_, target)| target.is_some() && *target == place);
            let mut tags: Vec<_> = of_member.map(|(tag, _)| tag.clone()).collect();
            tags.extend(own[index].iter().filter(|value| !is_mapped(value) && !is_shared(value, index)).cloned());
            // A union stands for its members, but for those that are here themselves or in one before it.
            let before = unions[..index].iter().map(|values| values.as_deref().unwrap_or_default());
            let before = own.iter().map(Vec::as_slice).zip(members).chain(before.zip(members));
            let is_elsewhere = |value: &String| {
                let mut before = before.clone();
                before.any(|(values, other)| values.contains(value) && self.share_member(*member, *other))
            };
            let of_union = unions[index].iter().flat_map(|values| values.iter());
            tags.extend(of_union.filter(|value| !is_mapped(value) && !is_elsewhere(value)).cloned());
            if tags.is_empty() && own[index].len() != 1 {
                tags.extend(self.implicit_tag(*member, property));
            }
            (!tags.is_empty()).then_some(tags)
        });
        // A member that no value stands for could never be chosen by one.
        let values = values.collect::<Option<Vec<_>>>()?;
        Some(Tag { property: property.clone(), values, is_guess: false })
    }

    /// Whether two members of a union are, or lead to, one and the same schema.
    fn share_member(&self, a: SchemaId, b: SchemaId) -> bool {
        let [a, b] = [a, b].map(|member| self.leaves(member));
        a.intersection(&b).next().is_some()
    }

    /// The schemas that a union and the unions in it lead to; itself when it is none.
    fn leaves(&self, id: SchemaId) -> HashSet<SchemaId> {
        // Unions can contain each other, so that each is looked into once.
        let (mut open, mut seen, mut leaves) = (vec![id], HashSet::new(), HashSet::new());
        while let Some(id) = open.pop() {
            let Some(id) = self.document.schemas.resolve(id).filter(|id| seen.insert(*id)) else { continue };
            let (members, family) = (Self::alternatives(self.document.schemas.get(id)), self.family_members(id));
            if members.is_empty() && family.is_empty() {
                leaves.insert(id);
            }
            open.extend(members.iter().chain(family.iter()));
        }
        leaves
    }

    /// The values in the mapping of a discriminator, and the places of the schemas that they stand for.
    pub(super) fn mapped_tags(&self, id: SchemaId) -> Vec<(String, Option<Place>)> {
        let schema = self.document.schemas.get(id);
        let mapping = schema.discriminator.iter().flat_map(|discriminator| &discriminator.mapping);
        let target = |place: &str| self.mapping_target(schema.input, place);
        let place = |place: &str| target(place).map(|id| self.document.schemas.get(id).place());
        mapping.map(|(tag, target)| (tag.clone(), place(target))).collect()
    }

    /// The place of the member for values that no value of the discriminator stands for.
    pub(super) fn default_member(&self, id: SchemaId) -> Option<Place> {
        let schema = self.document.schemas.get(id);
        let target = self.mapping_target(schema.input, schema.discriminator.as_ref()?.default_mapping.as_deref()?)?;
        Some(self.document.schemas.get(target).place())
    }

    /// The value that stands for a member without a mapping: what an extension says, else the name of the schema
    /// (OpenAPI 3.1.1, section 4.8.25), as the property spells it where it lists its values.
    fn implicit_tag(&self, member: SchemaId, property: &str) -> Option<String> {
        let schema = self.document.schemas.get(self.document.schemas.resolve(member)?);
        let name = || {
            let key = schema.component_key().or_else(|| schema.name.clone())?;
            let listed = self.listed_values(member, property);
            let same = listed.into_iter().find(|value| is_same_name(value, &key));
            Some(same.unwrap_or(key))
        };
        schema.discriminator_value.clone().or_else(name)
    }

    /// Finds the members of unions and families that one value stands for: it is a constant of the member. Entries of
    /// mappings that lead nowhere are reported.
    pub(super) fn settle_tags(&mut self) {
        self.tell_lost_targets();
        self.find_used_alone();
        let mut tags: HashMap<(Place, String), Option<String>> = HashMap::new();
        let mut implied = HashMap::new();
        let settle =
            |tags: &mut HashMap<(Place, String), Option<String>>, place, property: &str, known: Option<String>| {
                let settled = tags.entry((place, property.to_owned())).or_insert_with(|| known.clone());
                // Unions that call the same member differently leave the value to the caller.
                if *settled != known {
                    *settled = None;
                }
            };
        for id in self.document.schemas.ids() {
            let Some(discriminator) = &self.document.schemas.get(id).discriminator else { continue };
            let property = &discriminator.property;
            let mut of_union: HashMap<Place, Vec<String>> = HashMap::new();
            for (tag, place) in self.mapped_tags(id) {
                place.into_iter().for_each(|place| of_union.entry(place).or_default().push(tag.clone()));
            }
            let default = self.default_member(id);
            for member in self.tagged_members(id) {
                let place = self.document.schemas.get(member).place();
                if !of_union.contains_key(&place) {
                    // What stands for all other values is called by no name.
                    let tag = self.implicit_tag(member, property).filter(|_| default.as_ref() != Some(&place));
                    settle(&mut implied, place, property, tag);
                }
            }
            for (place, values) in of_union {
                let known = if let [value] = values.as_slice() { Some(value.clone()) } else { None };
                settle(&mut tags, place, property, known);
            }
        }
        // What a mapping says of a schema counts for those that say nothing of it.
        implied.extend(tags);
        self.tags = implied.into_iter().filter_map(|(key, tag)| Some((key, tag?))).collect();
    }

    /// The members of a union or a family that are no unions themselves.
    fn tagged_members(&self, id: SchemaId) -> Vec<SchemaId> {
        let schemas = &self.document.schemas;
        let family = self.family_members(id);
        let members = Self::alternatives(schemas.get(id)).iter().chain(family.iter());
        let members = members.filter_map(|member| schemas.resolve(*member));
        members.filter(|member| Self::alternatives(schemas.get(*member)).is_empty()).collect()
    }

    /// Finds the schemas that are referred to from elsewhere than the members of a union.
    fn find_used_alone(&mut self) {
        let schemas = &self.document.schemas;
        let is_member = |schema: &Schema| {
            let list = schema.at.parent().and_then(|list| list.last());
            list.is_some_and(|list| matches!(list.as_str(), "oneOf" | "anyOf"))
        };
        let references = schemas.ids().map(|id| schemas.get(id)).filter(|schema| !is_member(schema));
        let targets = references.filter_map(|schema| schemas.resolve(schema.target?));
        self.used_alone = targets.map(|target| schemas.get(target).place()).collect();
    }

    fn tell_lost_targets(&mut self) {
        for id in self.document.schemas.ids() {
            let schema = self.document.schemas.get(id);
            let Some(discriminator) = &schema.discriminator else { continue };
            let (input, at) = (schema.input, schema.at.key("discriminator"));
            let tags = discriminator.mapping.iter();
            let tags = tags.map(|(tag, target)| (at.key("mapping").key(tag), format!("the value `{tag}`"), target));
            let default = discriminator.default_mapping.iter();
            let default = default.map(|target| (at.key("defaultMapping"), "any other value".to_owned(), target));
            let is_lost = |(.., target): &(_, _, &String)| self.mapping_target(input, target).is_none();
            let lost = tags.chain(default).filter(is_lost).map(|(at, what, target)| (at, what, target.clone()));
            for (at, what, target) in lost.collect::<Vec<_>>() {
                let place = Place { input, spot: Spot::Node(at) };
                let message = format!("`{target}` leads to no schema; {what} stands for none of the members");
                self.warn(Code::DanglingReference, place, message, "name a component, or mend the reference");
            }
        }
    }

    /// The value that a property of a schema has because a discriminator knows the schema by it.
    pub(super) fn tag_value(&self, id: SchemaId, property: &str, schema: SchemaId) -> Option<Scalar> {
        let tag = self.tags.get(&(self.document.schemas.get(id).place(), property.to_owned()))?;
        let schema = self.document.schemas.get(self.document.schemas.resolve(schema)?);
        let is_text = schema.types == [Type::String] && !schema.nullable;
        let is_value = schema.values.as_ref().is_none_or(|values| values.iter().any(|value| value == tag));
        (is_text && is_value).then(|| Scalar::Text(tag.clone()))
    }

    /// The properties by which discriminators know a schema that does not describe them, with their values: of one that
    /// is nothing but a member of unions, since elsewhere nobody asks for them.
    pub(super) fn undescribed_tags(&self, id: SchemaId) -> Vec<(String, Scalar)> {
        let schema = self.document.schemas.get(id);
        let is_closed = schema.additional_properties.is_some_and(|others| self.document.schemas.get(others).never);
        let place = schema.place();
        if is_closed || self.used_alone.contains(&place) {
            return Vec::new();
        }
        let is_described = |property: &String| schema.properties.iter().any(|(name, _)| name == property);
        let tags = self.tags.iter().filter(|((of, property), _)| *of == place && !is_described(property));
        let mut tags: Vec<_> = tags.map(|((_, property), tag)| (property.clone(), Scalar::Text(tag.clone()))).collect();
        tags.sort_by(|(a, _), (b, _)| a.cmp(b));
        tags
    }

    /// The values that a property can have in a member of a union with a discriminator, as texts.
    fn values_of(&self, member: SchemaId, property: &str) -> Vec<String> {
        if let Some(constants) = self.constants(member, property) {
            return constants.to_vec();
        }
        self.listed_values(member, property)
    }

    /// The values that an enumeration of a property lists, as texts.
    fn listed_values(&self, member: SchemaId, property: &str) -> Vec<String> {
        let Some(member) = self.document.schemas.resolve(member) else { return Vec::new() };
        let schema = self.merged(member);
        let property = schema.properties.iter().find(|(name, _)| name == property);
        let values = property.and_then(|(_, id)| self.named_values(*id, 0)).unwrap_or_default();
        values.iter().filter_map(tag_text).collect()
    }

    /// The values that a schema names, also where it allows `null` beside them by a union.
    fn named_values(&self, id: SchemaId, depth: usize) -> Option<Vec<Value>> {
        let naming = self.naming(id)?;
        let schema = self.document.schemas.get(naming);
        let mut members = Self::alternatives(schema).iter().filter(|member| !self.is_null(**member));
        match (self.values_named_by(naming), members.next(), members.next()) {
            (Some(values), ..) => Some(values.into_owned()),
            (None, Some(one), None) if depth < DEEPEST => self.named_values(*one, depth + 1),
            _ => None,
        }
    }

    /// The values that stand for the members of a union or a family, if it has a discriminator of that property itself.
    fn tags_of_union(&self, member: SchemaId, property: &str) -> Option<Rc<[String]>> {
        let schemas = &self.document.schemas;
        let member = schemas.resolve(member).filter(|member| !self.is_base_alone(*member))?;
        // What was made of a union and the properties beside it stands where the union does.
        let id = schemas.at(schemas.get(member).input, &schemas.get(member).at).unwrap_or(member);
        let schema = schemas.get(id);
        schema.discriminator.as_ref().filter(|discriminator| discriminator.property == property)?;
        let key = (id, property.to_owned());
        if let Some(answer) = self.known.tags.get(&key) {
            return answer;
        }
        // A union within itself finds this: its values are those of the other members.
        self.known.tags.keep(key.clone(), None);
        let mut members: Vec<_> = Self::alternatives(schema).to_vec();
        members.extend_from_slice(&self.family_members(id));
        members.retain(|member| !self.is_null(*member) && schemas.resolve(*member) != Some(id));
        let tags = self.declared_tag(id, &members).map(|tag| tag.values.concat().into());
        self.known.tags.keep(key, tags)
    }

    /// The schema that a value of a mapping means: a reference, or the name of a component.
    fn mapping_target(&self, input: usize, place: &str) -> Option<SchemaId> {
        let schemas = &self.document.schemas;
        let by_name =
            || schemas.components().into_iter().find(|(id, key)| key == place && schemas.get(*id).input == input);
        let target = schemas.at_reference(input, place).or_else(|| by_name().map(|(id, _)| id))?;
        schemas.resolve(target)
    }

    /// A property with a constant of its own in each member, else one of which no two members list the same value: one
    /// that all of them require, or else that need not be there.
    fn inferred_tag(&self, members: &[SchemaId]) -> Option<Tag> {
        let objects: Vec<_> = members.iter().copied().filter(|member| self.is_object(*member)).collect();
        let (first, _) = objects.split_first().filter(|(_, others)| !others.is_empty())?;
        let constants = |member: SchemaId, property: &str| Some(self.constants(member, property)?.to_vec());
        let required = |member: SchemaId, property: &str| self.texts_of(member, property, true);
        let optional = |member: SchemaId, property: &str| self.texts_of(member, property, false);
        let find = |candidates: Vec<String>, values: &dyn Fn(SchemaId, &str) -> Option<Vec<String>>| {
            distinct_tag(members, &objects, candidates, values)
        };
        let of_lists = || {
            let candidates = self.properties_of(*first);
            let tag = find(candidates.clone(), &required).or_else(|| find(candidates, &optional))?;
            Some(Tag { is_guess: true, ..tag })
        };
        find(self.constant_properties(*first, 0), &constants).or_else(of_lists)
    }

    fn properties_of(&self, id: SchemaId) -> Vec<String> {
        let schema = self.document.schemas.resolve(id).map(|id| self.merged(id));
        schema.map(|schema| schema.properties.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default()
    }

    /// The texts that a property must be one of in a member, which perhaps has to require it.
    fn texts_of(&self, member: SchemaId, property: &str, is_required: bool) -> Option<Vec<String>> {
        let schema = self.merged(self.document.schemas.resolve(member)?);
        let (name, value) = schema.properties.iter().find(|(name, _)| name == property)?;
        let naming = self.naming(*value).filter(|_| !is_required || schema.required.contains(name))?;
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

    /// The constants that a property has in a member: one, or those of all members of a union.
    fn constants(&self, id: SchemaId, property: &str) -> Option<Rc<[String]>> {
        let key = (self.document.schemas.resolve(id)?, property.to_owned());
        if let Some(answer) = self.known.constants.get(&key) {
            return answer;
        }
        // A union within itself finds this: what leads back has no constant of its own.
        self.known.constants.keep(key.clone(), None);
        let constants = self.find_constants(key.0, property);
        self.known.constants.keep(key, constants)
    }

    fn find_constants(&self, id: SchemaId, property: &str) -> Option<Rc<[String]>> {
        let schema = self.merged(id);
        if let Some((_, value)) = schema.properties.iter().find(|(name, _)| name == property) {
            return match self.constant_value(*value).or_else(|| self.tag_value(id, property, *value))? {
                Scalar::Text(text) => Some(Rc::new([text])),
                _ => None,
            };
        }
        let members = Self::alternatives(&schema).iter().map(|member| self.constants(*member, property));
        let mut constants = members.collect::<Option<Vec<_>>>()?.concat();
        let mut seen = HashSet::new();
        constants.retain(|constant| seen.insert(constant.clone()));
        (!constants.is_empty()).then(|| constants.into())
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

/// How a mapping writes the value of a tag.
fn tag_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether the value of a tag says no more of a member than that it is another one.
pub(super) fn is_bare(tag: &str) -> bool {
    matches!(tag, "true" | "false") || tag.parse::<i64>().is_ok()
}
