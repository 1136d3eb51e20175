//! Stage 3, the equality of schemas: which say the same of values, in whatever words, and whose words these have.

use std::collections::HashSet;

use super::{Schema, SchemaId, Schemas, Shown};
use crate::pointer::Pointer;

impl Schemas {
    /// Whether two schemas say the same of values, wherever they stand and in whatever words and order. Pairs under
    /// comparison are taken to be equal, which is what makes two recursive schemas equal.
    pub(crate) fn equal(&self, a: SchemaId, b: SchemaId, assumed: &mut HashSet<(SchemaId, SchemaId)>) -> bool {
        if a == b || !assumed.insert((a, b)) {
            return true;
        }
        let (left, right) = (self.get(a), self.get(b));
        let (inner, others) = (left.inner(), right.inner());
        left.without_words() == right.without_words()
            && (left.target.is_some() && right.target.is_some() || left.reference == right.reference)
            && inner.len() == others.len()
            && inner.iter().zip(&others).all(|((key, _), (other, _))| key == other)
            && left.target.zip(right.target).is_none_or(|(a, b)| self.equal(a, b, assumed))
            && inner.into_iter().zip(others).all(|((_, a), (_, b))| self.equal(a, b, assumed))
    }

    /// Lets a schema and those within it have the words of an equal one where they have none of their own.
    pub(crate) fn lend_words(&mut self, id: SchemaId, other: SchemaId) {
        if id == other {
            return;
        }
        let lender = self.get(other);
        let (description, default, value_docs) =
            (lender.description.clone(), lender.default.clone(), lender.value_docs.clone());
        let shown = lender.shown;
        let schema = &mut self.all[id.0];
        schema.description = schema.description.take().or(description);
        schema.default = schema.default.take().or(default);
        schema.shown = schema.shown.and(shown);
        if schema.value_docs.is_empty() {
            schema.value_docs = value_docs;
        }
        let (inner, others) = (self.get(id).inner(), self.get(other).inner());
        let pairs: Vec<_> = inner.into_iter().zip(others).map(|((_, id), (_, other))| (id, other)).collect();
        pairs.into_iter().for_each(|(id, other)| self.lend_words(id, other));
    }
}

impl Schema {
    /// What it says of values itself: the schema without its place, its words, and those within it.
    fn without_words(&self) -> Self {
        let mut required = self.required.clone();
        required.sort();
        Self {
            input: 0,
            at: Pointer::root(),
            reference: None,
            target: None,
            title: None,
            description: None,
            name: None,
            package: None,
            default: None,
            shown: Shown::default(),
            value_docs: Vec::new(),
            properties: Vec::new(),
            required,
            additional_properties: None,
            items: None,
            prefix_items: Vec::new(),
            pattern_properties: Vec::new(),
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            content_schema: None,
            ..self.clone()
        }
    }

    /// The schemas within this one and what they are in it, those of properties by name.
    pub(super) fn inner(&self) -> Vec<((&str, &str), SchemaId)> {
        fn named<'s>(
            keyword: &'s str,
            map: &'s [(String, SchemaId)],
        ) -> impl Iterator<Item = ((&'s str, &'s str), SchemaId)> {
            map.iter().map(move |(name, id)| ((keyword, name.as_str()), *id))
        }
        let listed = [
            ("contentSchema", self.content_schema.as_slice()),
            ("additionalProperties", self.additional_properties.as_slice()),
            ("items", self.items.as_slice()),
            ("prefixItems", &self.prefix_items),
            ("allOf", &self.all_of),
            ("anyOf", &self.any_of),
            ("oneOf", &self.one_of),
        ];
        let mut inner: Vec<_> =
            named("properties", &self.properties).chain(named("patternProperties", &self.pattern_properties)).collect();
        inner.sort();
        inner.extend(listed.into_iter().flat_map(|(keyword, ids)| ids.iter().map(move |id| ((keyword, ""), *id))));
        inner
    }
}
