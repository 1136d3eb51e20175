//! The cases of one document: values of its schemas, each with the type that has to read and write it.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use specwright::SchemaType;
use specwright::diagnostic::Spot;

use super::examples;
use super::mutations::mutate;
use super::samples::Sampler;
use super::schemas::Schemas;
use super::validators::Validators;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The document gives it.
    Example,
    /// It was made from the schema.
    Sample,
    /// It is one of the others, changed as a future server would.
    Mutated,
}

/// A value to decode and to encode again.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// The place of the schema.
    pub(super) schema: String,
    /// The type of the schema in Rust.
    pub(super) rust: String,
    /// Where the value comes from.
    pub(super) origin: Origin,
    /// How the value was changed, where it was.
    pub(super) change: Option<String>,
    /// The value.
    pub(super) value: Value,
}

/// The cases of a document.
#[derive(Debug, Default)]
pub(super) struct Cases {
    /// The cases, each pair of type and value once.
    pub(super) all: Vec<Case>,
    /// Examples in the document.
    pub(super) found: usize,
    /// Those of them that their schemas allow.
    pub(super) valid: usize,
    /// Schemas that the validator cannot read.
    pub(super) unreadable: usize,
}

/// Collects the cases of a document whose schemas have these types.
///
/// # Errors
///
/// When the validator does not take the document at all.
pub(super) fn collect(document: &Value, schemas: &Schemas, types: &[SchemaType]) -> Result<Cases, String> {
    let places = types.iter().filter_map(|one| match &one.place.spot {
        Spot::Node(pointer) => Some((pointer.as_str(), one.rust.as_str())),
        _ => None,
    });
    let types: Vec<(&str, &str)> = places.collect();
    let mut given: HashMap<String, Vec<Value>> = HashMap::new();
    let mut cases = Cases::default();
    for example in examples::collect(document, &types.iter().map(|(place, _)| *place).collect()) {
        cases.found += 1;
        given.entry(example.schema).or_default().push(example.value);
    }
    let validators = Validators::new(schemas)?;
    let mut collector = Collector { schemas, validators, seen: HashSet::new(), cases };
    for (place, rust) in types {
        collector.schema(place, rust, &given.remove(place).unwrap_or_default());
    }
    Ok(collector.cases)
}

struct Collector<'s> {
    schemas: &'s Schemas,
    validators: Validators<'s>,
    /// Types and values that are cases already.
    seen: HashSet<(String, String)>,
    cases: Cases,
}

impl Collector<'_> {
    /// Adds the cases of one schema.
    fn schema(&mut self, place: &str, rust: &str, given: &[Value]) {
        let schemas = self.schemas;
        let Some(schema) = schemas.get(place) else { return };
        // What a reference leads to is sampled where it stands; a scalar shows nothing that an object does not.
        let sampled = schema.get("$ref").is_none() && (rust.contains("types::") || rust.contains("Map<"));
        if given.is_empty() && !sampled {
            return;
        }
        let validator = match self.validators.at(place) {
            Ok(validator) => validator,
            Err(_) => {
                self.cases.unreadable += 1;
                return;
            }
        };
        let samples = if sampled { Sampler::new(schemas).all(schema) } else { Vec::new() };
        let given = given.iter().cloned().map(|value| (value, Origin::Example));
        for (value, origin) in given.chain(samples.into_iter().map(|value| (value, Origin::Sample))) {
            if !validator.is_valid(&value) {
                continue;
            }
            self.cases.valid += usize::from(origin == Origin::Example);
            if self.seen.contains(&(rust.to_owned(), value.to_string())) {
                continue;
            }
            let mutants = mutate(schemas, schema, &value);
            self.add(place, rust, origin, None, value);
            for mutant in mutants.into_iter().filter(|one| !one.if_valid || validator.is_valid(&one.value)) {
                self.add(place, rust, Origin::Mutated, Some(mutant.change), mutant.value);
            }
        }
    }

    fn add(&mut self, place: &str, rust: &str, origin: Origin, change: Option<String>, value: Value) {
        if self.seen.insert((rust.to_owned(), value.to_string())) {
            let (schema, rust) = (place.to_owned(), rust.to_owned());
            self.cases.all.push(Case { schema, rust, origin, change, value });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use specwright::diagnostic::Place;
    use specwright::pointer::Pointer;

    use super::*;

    fn cases(components: Value, types: &[(&str, &str)]) -> Cases {
        let document = json!({"openapi": "3.0.0", "components": {"schemas": components}});
        let place = |name: &str| Pointer::root().key("components").key("schemas").key(name);
        let one = |(name, rust): &(&str, &str)| SchemaType {
            place: Place { input: 0, spot: Spot::Node(place(name)) },
            rust: (*rust).to_owned(),
        };
        let types: Vec<_> = types.iter().map(one).collect();
        collect(&document, &Schemas::new(document.clone()), &types).expect("cases")
    }

    #[test]
    fn only_valid_examples_are_cases() {
        let schema = json!({"type": "integer", "nullable": true, "example": "no", "default": null});
        let cases = cases(json!({"A": schema}), &[("A", "Option<i64>")]);
        assert_eq!((cases.found, cases.valid, cases.all.len()), (2, 1, 1));
        assert_eq!(cases.all[0].value, Value::Null);
    }

    #[test]
    fn references_within_the_document_are_followed() {
        let a = json!({"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B~1%7Bx%7D"}}});
        let schemas = json!({"A": a, "B/{x}": {"type": "string", "enum": ["x"]}});
        let cases = cases(schemas, &[("A", "types::A")]);
        assert_eq!(cases.unreadable, 0);
        let values: Vec<&Value> = cases.all.iter().map(|case| &case.value).collect();
        assert!(values.contains(&&json!({"b": "x"})) && values.contains(&&json!({})), "{values:?}");
        assert!(cases.all.iter().any(|case| case.origin == Origin::Mutated));
    }
}
