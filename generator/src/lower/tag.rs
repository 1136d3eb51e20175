//! Stage 4, tags: the property that tells the members of a union apart, as a discriminator declares it.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::rc::Rc;

use serde_json::Value;

use super::Lowerer;
use crate::diagnostic::Place;
use crate::document::schema::SchemaId;
use crate::ir::Scalar;

/// How deep unions are looked into: unions of unions are finite unless they are defined by themselves.
pub(super) const DEEPEST: usize = 16;

/// The property that tells the members of a union apart, and for each member its values.
pub(super) struct Tag {
    pub(super) property: String,
    pub(super) values: Vec<Vec<String>>,
    /// Whether only lists of values say it, which a later server may extend, or flags and numbers, which may mean less.
    pub(super) is_guess: bool,
}

impl Lowerer<'_> {
    /// What tells the members apart: what the document says does, else a property with a constant of its own in each.
    pub(super) fn tag(&self, id: SchemaId, members: &[SchemaId]) -> Option<Tag> {
        self.declared_tag(id, members).or_else(|| self.inferred_tag(members))
    }

    fn declared_tag(&self, id: SchemaId, members: &[SchemaId]) -> Option<Tag> {
        let property = &self.document.schemas.get(id).discriminator.as_ref()?.property;
        if self.path_of_tag(id).is_some() {
            return None;
        }
        let mapped = self.mapped_tags(id);
        let is_mapped = |value: &String| mapped.iter().any(|(tag, _)| tag == value);
        let unions: Vec<_> = members.iter().map(|member| self.tags_of_union(*member, property)).collect();
        let of_mapping = |member: SchemaId| {
            let place = self.document.schemas.resolve(member).map(|id| self.document.schemas.get(id).place());
            let of_member = mapped.iter().filter(move |(_, target)| target.is_some() && *target == place);
            of_member.map(|(tag, _)| tag.clone()).collect::<Vec<_>>()
        };
        let values = |index: usize| match &unions[index] {
            Some(_) => Vec::new(),
            None => self.values_of(members[index], property),
        };
        // What a base lists for all is not a member's own, once the mapping says which of it is.
        let is_settled = |index: usize, values: &[String]| {
            let is_named = values.len() > 1 && !of_mapping(members[index]).is_empty();
            is_named && self.is_inherited(id, members, index, property)
        };
        let own = (0..members.len()).map(|index| Some(values(index)).filter(|values| !is_settled(index, values)));
        let own: Vec<Vec<String>> = own.map(Option::unwrap_or_default).collect();
        // A value that several members list, as those of a family do that have it from their base, says nothing; one
        // that is all that a member has is its own.
        let is_shared = |value: &String, index: usize| {
            let is_only = own[index].len() == 1;
            let others = own.iter().filter(|values| values.contains(value) && (!is_only || values.len() == 1));
            others.count() > 1
        };
        let is_alone = |value: &&String, index: usize| !is_mapped(value) && !is_shared(value, index);
        let alone = own.iter().enumerate();
        let alone = alone.map(|(index, values)| values.iter().filter(move |value| is_alone(value, index)).cloned());
        let alone: Vec<Vec<String>> = alone.map(Iterator::collect).collect();
        let implied = OnceCell::new();
        let implied_by_name = |index: usize| {
            let has_none = |index: &usize| {
                own[*index].len() != 1
                    && alone[*index].is_empty()
                    && unions[*index].as_ref().is_none_or(|values| values.is_empty())
            };
            let asking = (0..members.len()).filter(has_none).map(|index| members[index]);
            let asking: Vec<_> = asking.filter(|member| of_mapping(*member).is_empty()).collect();
            implied.get_or_init(|| self.implied_tags(id, members, &asking)).get(&members[index]).cloned()
        };
        let values = members.iter().enumerate().map(|(index, member)| {
            let mut tags = of_mapping(*member);
            tags.extend_from_slice(&alone[index]);
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
                if self.is_without_tag(id, members, *member) {
                    return Some(tags);
                }
                tags.extend(implied_by_name(index));
            }
            (!tags.is_empty()).then_some(tags)
        });
        // A member that no value stands for could never be chosen by one.
        let values = values.collect::<Option<Vec<_>>>()?;
        Some(Tag { property: property.clone(), values, is_guess: false })
    }

    /// Whether a member has what it says of a property from where others or the union itself have it, and is not what
    /// these have it from.
    fn is_inherited(&self, id: SchemaId, members: &[SchemaId], index: usize, property: &str) -> bool {
        let schemas = &self.document.schemas;
        let said = |member: SchemaId| schemas.resolve(self.property_of(member, property)?);
        // The union of a family and the base alone stand where the base does.
        let in_text = |id: SchemaId| schemas.at(schemas.get(id).input, &schemas.get(id).at).unwrap_or(id);
        let Some(member) = schemas.resolve(members[index]).map(in_text) else { return false };
        let others = members.iter().copied().chain([in_text(id)]);
        let mut others = others.filter(|other| !self.reaches(*other, member, &[Self::parts]));
        said(member).is_some() && others.any(|other| said(other) == said(member))
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
        let place = |(tag, target): &(String, String)| {
            let target = self.mapping_target(schema.input, target)?;
            let meant = self.member_with_keywords(id, tag, target).unwrap_or(target);
            Some(self.document.schemas.get(meant).place())
        };
        mapping.map(|mapped| (mapped.0.clone(), place(mapped))).collect()
    }

    /// The member of a union that a mapping means by a component which is none itself: the member adds to it where it
    /// is listed. Of several the one whose own value that is.
    pub(super) fn member_with_keywords(&self, id: SchemaId, tag: &str, target: SchemaId) -> Option<SchemaId> {
        let discriminator = self.document.schemas.get(id).discriminator.as_ref()?;
        let members = Self::alternatives(self.document.schemas.get(id)).iter();
        let members = members.filter_map(|member| self.document.schemas.resolve(*member));
        let is_meant = |member: &SchemaId| {
            let values = self.listed_values(*member, &discriminator.property);
            values.is_empty() || values.iter().any(|value| value == tag)
        };
        let adds_to_it = |member: &SchemaId| {
            let schema = self.document.schemas.get(*member);
            let is_part = |part: &SchemaId| self.document.schemas.resolve(*part) == Some(target);
            schema.component_key().is_none() && schema.all_of.iter().any(is_part)
        };
        let mut adding = members.clone().filter(|member| adds_to_it(member) && is_meant(member));
        adding.next().filter(|_| !members.clone().any(|member| member == target))
    }

    /// What a schema adds to that has no name of its own: keywords stand beside the reference to it.
    pub(super) fn extended(&self, id: SchemaId) -> Option<SchemaId> {
        let schemas = &self.document.schemas;
        let schema = schemas.get(id);
        // What was made of a member and the properties beside the union stands where the member does.
        let id = schemas.at(schema.input, &schema.at).unwrap_or(id);
        schemas.extended(id).filter(|_| schema.component_key().is_none() && schema.name.is_none())
    }

    /// The place of the member for values that no value of the discriminator stands for.
    pub(super) fn default_member(&self, id: SchemaId) -> Option<Place> {
        let schema = self.document.schemas.get(id);
        let target = self.mapping_target(schema.input, schema.discriminator.as_ref()?.default_mapping.as_deref()?)?;
        Some(self.document.schemas.get(target).place())
    }

    /// Whether a member is the one for values without the property of the discriminator: a mapping names others, which
    /// have the property, and the member has none.
    pub(super) fn is_without_tag(&self, id: SchemaId, members: &[SchemaId], member: SchemaId) -> bool {
        let schemas = &self.document.schemas;
        let Some(discriminator) = &schemas.get(id).discriminator else { return false };
        let (Some(target), mapped) = (schemas.resolve(member), self.mapped_tags(id)) else { return false };
        let names = |target: SchemaId| {
            let place = Some(schemas.get(target).place());
            mapped.iter().any(|(_, named)| *named == place)
        };
        let has_it = |member: SchemaId| self.property_of(member, &discriminator.property).is_some();
        let mut others = members.iter().filter_map(|member| schemas.resolve(*member));
        let is_named = names(target) || schemas.get(target).discriminator_value.is_some();
        !is_named
            && !has_it(target)
            && !has_it(id)
            && !self.merged(target).is_union()
            && others.any(|other| names(other) && has_it(other))
    }

    /// The values that a property can have in a member of a union with a discriminator, as texts.
    fn values_of(&self, member: SchemaId, property: &str) -> Vec<String> {
        if let Some(constants) = self.constants(member, property) {
            return constants.to_vec();
        }
        self.listed_values(member, property)
    }

    /// The values that an enumeration of a property lists, as texts.
    pub(super) fn listed_values(&self, member: SchemaId, property: &str) -> Vec<String> {
        let Some(member) = self.document.schemas.resolve(member) else { return Vec::new() };
        let schema = self.merged(member);
        let property = schema.properties.iter().find(|(name, _)| name == property);
        let values = property.and_then(|(_, id)| self.named_values(*id, 0)).unwrap_or_default();
        values.iter().filter_map(tag_text).collect()
    }

    /// The values that a schema names, also where it allows `null` beside them by a union.
    fn named_values(&self, id: SchemaId, depth: usize) -> Option<Vec<Value>> {
        let naming = self.document.schemas.resolve(id)?;
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
    pub(super) fn mapping_target(&self, input: usize, place: &str) -> Option<SchemaId> {
        let schemas = &self.document.schemas;
        let by_name =
            || schemas.components().into_iter().find(|(id, key)| key == place && schemas.get(*id).input == input);
        let target = schemas.at_reference(input, place).or_else(|| by_name().map(|(id, _)| id))?;
        schemas.resolve(target)
    }

    /// The constants that a property has in a member: one, or those of all members of a union.
    pub(super) fn constants(&self, id: SchemaId, property: &str) -> Option<Rc<[String]>> {
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
