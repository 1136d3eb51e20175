//! Stage 4, settled tags: the values that schemas have as constants because discriminators know them by these.

use std::collections::HashMap;

use super::Lowerer;
use crate::diagnostic::Place;
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::Scalar;

impl Lowerer<'_> {
    /// Finds the members of unions and families that one value stands for: it is a constant of the member.
    pub(super) fn settle_tags(&mut self) {
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
            if self.path_of_tag(id).is_some() {
                continue;
            }
            let mut of_union: HashMap<Place, Vec<String>> = HashMap::new();
            for (tag, place) in self.mapped_tags(id) {
                place.into_iter().for_each(|place| of_union.entry(place).or_default().push(tag.clone()));
            }
            let default = self.default_member(id);
            let members = self.tagged_members(id);
            let place = |member: SchemaId| self.document.schemas.get(member).place();
            let asking = members.iter().copied().filter(|member| !of_union.contains_key(&place(*member)));
            let asking: Vec<_> = asking.filter(|member| !self.is_without_tag(id, &members, *member)).collect();
            let by_name = self.implied_tags(id, &members, &asking);
            // What is in a family within is known by the value of that one.
            let behind = |member: SchemaId| {
                let others = self.behind(id, &members, member).into_iter().map(place);
                others.filter(|place| !of_union.contains_key(place))
            };
            for member in asking {
                // What stands for all other values is called by no name.
                let tag = by_name.get(&member).cloned().filter(|_| default.as_ref() != Some(&place(member)));
                behind(member).for_each(|place| settle(&mut implied, place, property, tag.clone()));
                settle(&mut implied, place(member), property, tag);
            }
            let known = |values: &Vec<String>| if let [value] = values.as_slice() { Some(value.clone()) } else { None };
            for member in &members {
                let Some(values) = of_union.get(&place(*member)) else { continue };
                behind(*member).for_each(|place| settle(&mut tags, place, property, known(values)));
            }
            for (place, values) in &of_union {
                settle(&mut tags, place.clone(), property, known(values));
            }
        }
        // What a mapping says of a schema counts for those that say nothing of it.
        implied.extend(tags);
        self.tags = implied.into_iter().filter_map(|(key, tag)| Some((key, tag?))).collect();
    }

    /// The members of a union or a family that are no unions themselves.
    pub(super) fn tagged_members(&self, id: SchemaId) -> Vec<SchemaId> {
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
}
