//! Stage 3, families: a base with a discriminator, and the schemas that have it as a part of their `allOf`, to which no
//! reference leads from a description that only refers to the base.

use std::collections::HashSet;

use super::{SchemaId, Schemas, is_component};
use crate::dialect::external;

impl Schemas {
    /// Makes the schemas of a family components, where a description that is only referred to has them and its base is
    /// asked for.
    pub(super) fn complete_families(&mut self) {
        let grafted = |id: SchemaId| external::origin(&self.get(id).at).map(|(_, at)| at);
        let component = |id: SchemaId| grafted(id).filter(is_component).and_then(|at| at.last());
        if self.ids().all(|id| grafted(id).is_none()) {
            return;
        }
        let asked_for = self.reached(self.ids().filter(|id| grafted(*id).is_none()));
        let is_base = |id: &SchemaId| self.get(*id).discriminator.is_some() && component(*id).is_some();
        let bases: HashSet<SchemaId> = asked_for.into_iter().filter(is_base).collect();
        if bases.is_empty() {
            return;
        }
        let known: HashSet<SchemaId> = self.components.iter().map(|(id, _)| *id).collect();
        let family = self.ids().filter(|id| bases.contains(id) || self.has_part(*id, &bases));
        let family = family.filter(|id| !known.contains(id)).filter_map(|id| Some((id, component(id)?)));
        for (id, key) in family.collect::<Vec<_>>() {
            self.all[id.0].name.get_or_insert(key.clone());
            self.components.push((id, key));
        }
    }

    /// Gives each component the discriminator that one of its own parts has: exporters that write a base of another
    /// base do so in the part with its properties.
    pub(super) fn lift_discriminators(&mut self) {
        for (id, _) in self.components() {
            let schema = self.get(id);
            if schema.discriminator.is_some() || schema.is_union() {
                continue;
            }
            let says = |part: &SchemaId| {
                let part = self.get(*part);
                part.discriminator.is_some() && part.reference.is_none() && !part.is_union()
            };
            let Some(part) = schema.all_of.iter().copied().find(says) else { continue };
            self.all[id.0].discriminator = self.all[part.0].discriminator.take();
        }
    }

    /// Whether one of some schemas is a part of the `allOf` of another, directly or by way of others.
    pub(super) fn has_part(&self, id: SchemaId, parts: &HashSet<SchemaId>) -> bool {
        let (mut open, mut seen) = (self.get(id).all_of.clone(), HashSet::new());
        while let Some(part) = open.pop() {
            let Some(part) = self.resolve(part) else { continue };
            if parts.contains(&part) {
                return true;
            }
            if seen.insert(part) {
                open.extend(&self.get(part).all_of);
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use crate::{Input, Options, Role};

    #[test]
    fn a_base_that_is_asked_for_has_its_family() {
        let pets = "openapi: 3.0.3\ninfo: {title: B, version: '1'}\ncomponents:\n  schemas:\n    Pet: {type: object, \
            properties: {kind: {type: string}}, discriminator: {propertyName: kind}}\n    Cat: {allOf: [{$ref: \
            '#/components/schemas/Pet'}]}\n    Rock: {type: object, properties: {weight: {type: number}}}\n";
        let house = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    House: \
            {type: object, properties: {pet: {$ref: 'pets.yaml#/components/schemas/Pet'}}}\n";
        let referred = Input { role: Role::Referenced, ..Input::new("pets.yaml", pets) };
        let options = Options { name: "house".into(), version: "0.1.0".into(), ..Options::default() };
        let files = crate::generate(&[Input::new("house.yaml", house), referred], &options).files.expect("a crate");
        let has = |name: &str| files.get(&format!("src/types/{name}.rs")).is_some();
        assert_eq!(["house", "pet", "cat", "rock"].map(has), [true, true, true, false]);
        assert!(files.get("src/types/pet.rs").is_some_and(|text| text.contains("enum Pet by \"kind\"")));
    }
}
