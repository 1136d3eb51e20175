//! Stage 4, discriminators: what they say that no union can follow, which is reported.

use std::collections::{HashMap, HashSet};

use super::Lowerer;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::schema::SchemaId;
use crate::pointer::Pointer;

impl Lowerer<'_> {
    /// Reports entries of mappings that lead nowhere or to what is no member, and names of properties that no member
    /// has but within another one.
    pub(super) fn tell_discriminators(&mut self) {
        for id in self.document.schemas.ids() {
            if self.document.schemas.get(id).discriminator.is_some() && !self.document.schemas.is_forgotten(id) {
                self.tell_targets(id);
                self.tell_path(id);
            }
        }
    }

    fn tell_targets(&mut self, id: SchemaId) {
        let members = self.places_within(id);
        let schema = self.document.schemas.get(id);
        let input = schema.input;
        for (at, tag, target) in self.targets(id) {
            let what = tag.as_ref().map_or_else(|| "any other value".to_owned(), |tag| format!("the value `{tag}`"));
            let found = self.mapping_target(input, &target);
            let is_member = |found| {
                let meant = tag.as_ref().and_then(|tag| self.member_with_keywords(id, tag, found));
                members.contains(&self.document.schemas.get(meant.unwrap_or(found)).place())
            };
            let (message, help) = match found {
                None => (
                    format!("`{target}` leads to no schema; {what} stands for none of the members"),
                    "name a component, or mend the reference",
                ),
                Some(found) if !members.is_empty() && !is_member(found) => (
                    format!("`{target}` is no member of the union; {what} stands for none of the members"),
                    "list it among the members, or let it have the base as a part",
                ),
                Some(_) => continue,
            };
            self.warn(Code::DanglingReference, Place { input, spot: Spot::Node(at) }, message, help);
        }
    }

    /// Reports that a discriminator tells nothing apart, because a member lists values of which none can be its own.
    pub(super) fn tell_unnamed(&mut self, id: SchemaId, members: &[SchemaId]) {
        let schema = self.document.schemas.get(id);
        let Some(discriminator) = schema.discriminator.as_ref().filter(|_| self.path_of_tag(id).is_none()) else {
            return;
        };
        let property = &discriminator.property;
        let mapped = self.mapped_tags(id);
        let is_mapped = |member: SchemaId| {
            let place = self.document.schemas.resolve(member).map(|id| self.document.schemas.get(id).place());
            mapped.iter().any(|(_, target)| target.is_some() && *target == place)
        };
        let asking: Vec<_> = members.iter().copied().filter(|member| !is_mapped(*member)).collect();
        let implied = self.implied_tags(id, members, &asking);
        let lists: HashMap<_, _> =
            members.iter().map(|member| (*member, self.listed_values(*member, property))).collect();
        let is_taken = |member: SchemaId, value: &String| {
            let mut others = lists.iter().filter(|(other, _)| **other != member);
            mapped.iter().any(|(tag, _)| tag == value) || others.any(|(_, values)| values.contains(value))
        };
        let is_unnamed = |member: &SchemaId| {
            let listed = &lists[member];
            !implied.contains_key(member) && listed.len() > 1 && listed.iter().all(|value| is_taken(*member, value))
        };
        let Some(name) = asking.into_iter().find(is_unnamed).and_then(|member| self.name_of_member(member)) else {
            return;
        };
        let message = format!(
            "no value of `{property}` is the name of `{name}`; the members are told apart by what they look like"
        );
        let place = Place { input: schema.input, spot: Spot::Node(schema.at.key("discriminator").key("propertyName")) };
        self.warn(Code::WrongCombination, place, message, "add a `mapping`, or list the values of each member alone");
    }

    /// What the mapping of a discriminator names, each with its place and its value; none where it is for all others.
    fn targets(&self, id: SchemaId) -> Vec<(Pointer, Option<String>, String)> {
        let schema = self.document.schemas.get(id);
        let Some(discriminator) = &schema.discriminator else { return Vec::new() };
        let at = schema.at.key("discriminator");
        let tags = discriminator.mapping.iter();
        let tags = tags.map(|(tag, target)| (at.key("mapping").key(tag), Some(tag.clone()), target.clone()));
        let default = discriminator.default_mapping.iter();
        tags.chain(default.map(|target| (at.key("defaultMapping"), None, target.clone()))).collect()
    }

    fn tell_path(&mut self, id: SchemaId) {
        let schema = self.document.schemas.get(id);
        let (at, input) = (schema.at.key("discriminator").key("propertyName"), schema.input);
        let Some(property) = self.path_of_tag(id) else { return };
        let message =
            format!("no member has the property `{property}`, which reads like the way to one within another");
        let help = "name a property of the members; until then they are told apart by what they look like";
        self.warn(Code::UnsupportedKeyword, Place { input, spot: Spot::Node(at) }, message, help);
    }

    /// The property of a discriminator, where no member has it and one has what it is a path to: a discriminator names
    /// a property, and to send one of that name would be an invention.
    pub(super) fn path_of_tag(&self, id: SchemaId) -> Option<String> {
        let property = &self.document.schemas.get(id).discriminator.as_ref()?.property;
        let steps: Vec<_> = property.split(['.', '/']).filter(|step| !matches!(*step, "" | "$" | "#")).collect();
        if steps.len() < 2 {
            return None;
        }
        let members = self.tagged_members(id);
        let has_it = |member: &SchemaId| self.property_of(*member, property).is_some();
        let leads_on = |member: &SchemaId| {
            let step = |at: SchemaId, step: &&str| self.property_of(at, step);
            steps.iter().try_fold(*member, step).is_some()
        };
        (!members.iter().any(has_it) && members.iter().any(leads_on)).then(|| property.clone())
    }

    /// What a schema says of a property, by whatever part.
    pub(super) fn property_of(&self, id: SchemaId, property: &str) -> Option<SchemaId> {
        let schema = self.merged(self.document.schemas.resolve(id)?);
        schema.properties.iter().find(|(name, _)| name == property).map(|(_, id)| *id)
    }

    /// Where the members of a union or a family are, and those of the unions among them; none of what is neither.
    fn places_within(&self, id: SchemaId) -> HashSet<Place> {
        let (mut open, mut seen) = (vec![id], HashSet::new());
        while let Some(id) = open.pop() {
            let Some(id) = self.document.schemas.resolve(id).filter(|id| seen.insert(*id)) else { continue };
            let (members, family) = (Self::alternatives(self.document.schemas.get(id)), self.family_members(id));
            open.extend(members.iter().chain(family.iter()));
        }
        let is_union = seen.len() > 1;
        seen.into_iter().filter(|_| is_union).map(|id| self.document.schemas.get(id).place()).collect()
    }
}
