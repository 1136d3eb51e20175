//! The schemas of a document as JSON Schema 2020-12, which both a validator and the makers of test values read.
//!
//! The nodes keep their places, except where a schema of OpenAPI 3.0 says `nullable` beside what would refuse `null`:
//! it moves into an `anyOf`, and [`Schemas::place`] knows where to.

use std::collections::HashSet;

use serde_json::{Value, json};
use specwright::pointer::Pointer;

use super::keywords::{convert, name_null, obey_tags, repair};

/// Members that hold values of the API and no schemas.
const PAYLOADS: &[&str] = &["example", "examples", "default", "enum", "const", "value", "dataValue"];

/// Members whose own members have names that the document chooses.
const NAMED: &[&str] = &[
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "headers",
    "mapping",
    "patternProperties",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "webhooks",
];

/// Where a moved schema is found within the one that took its place.
const MOVED: &str = "/anyOf/1";

/// A document whose schemas are those of JSON Schema 2020-12.
#[derive(Debug)]
pub(crate) struct Schemas {
    root: Value,
    /// The places of the schemas that moved, as the document has them.
    moved: HashSet<String>,
}

impl Schemas {
    /// Converts the schemas of a document.
    #[must_use]
    pub(crate) fn new(mut root: Value) -> Self {
        let old = root["openapi"].as_str().is_some_and(|version| version.starts_with("3.0"));
        let mut conversion = Conversion { old, moved: HashSet::new() };
        conversion.node(&mut root, &Pointer::root(), false);
        let mut schemas = Self { root, moved: conversion.moved };
        let mut root = schemas.root.clone();
        schemas.rewrite(&mut root, false);
        schemas.root = root;
        schemas
    }

    /// The document.
    #[must_use]
    pub(crate) fn root(&self) -> &Value {
        &self.root
    }

    /// The schema at a place of the document as it was written.
    #[must_use]
    pub(crate) fn get(&self, place: &str) -> Option<&Value> {
        self.root.pointer(&self.place(place))
    }

    /// The schema that a reference leads to.
    #[must_use]
    pub(crate) fn resolve(&self, reference: &str) -> Option<&Value> {
        Pointer::from_reference(reference)?.get(&self.root)
    }

    /// The place at which a place of the document as it was written is found.
    fn place(&self, place: &str) -> String {
        let mut now = String::new();
        let mut ends = place.match_indices('/').map(|(at, _)| at).chain([place.len()]);
        let mut from = ends.next().unwrap_or_default();
        for to in ends {
            if self.moved.contains(&place[..from]) {
                now.push_str(MOVED);
            }
            now.push_str(&place[from..to]);
            from = to;
        }
        now
    }

    /// A reference to a place of the document as it was written, as a URI takes it.
    #[must_use]
    pub(crate) fn reference(&self, place: &str) -> String {
        let mut reference = "#".to_owned();
        for byte in self.place(place).bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                reference.push(char::from(byte));
            } else {
                reference.push_str(&format!("%{byte:02X}"));
            }
        }
        reference
    }

    /// Lets references lead to where their schemas are now; one that leads nowhere allows every value.
    fn rewrite(&self, node: &mut Value, names: bool) {
        match node {
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item, false)),
            Value::Object(members) => {
                if !names && let Some(Value::String(reference)) = members.get("$ref") {
                    let found = Pointer::from_reference(reference).filter(|place| self.get(place.as_str()).is_some());
                    match found {
                        Some(place) => drop(members.insert("$ref".to_owned(), self.reference(place.as_str()).into())),
                        None => drop(members.shift_remove("$ref")),
                    }
                }
                for (key, member) in members.iter_mut().filter(|(key, _)| names || !is_payload(key)) {
                    self.rewrite(member, !names && NAMED.contains(&key.as_str()));
                }
            }
            _ => {}
        }
    }
}

struct Conversion {
    /// Whether the schemas are those of OpenAPI 3.0.
    old: bool,
    moved: HashSet<String>,
}

impl Conversion {
    /// Converts what is in a node, then the node; `names` is whether its keys are no keywords.
    fn node(&mut self, node: &mut Value, at: &Pointer, names: bool) {
        match node {
            Value::Array(items) => {
                items.iter_mut().enumerate().for_each(|(index, item)| self.node(item, &at.index(index), false));
            }
            Value::Object(members) => {
                if self.old && !names {
                    name_null(members);
                }
                for (key, member) in members.iter_mut().filter(|(key, _)| names || !is_payload(key)) {
                    self.node(member, &at.key(key), !names && NAMED.contains(&key.as_str()));
                }
                if !names {
                    repair(members);
                    obey_tags(members);
                    if self.old && convert(members) {
                        self.moved.insert(at.as_str().to_owned());
                        let schema = std::mem::take(members);
                        members.insert("anyOf".to_owned(), json!([{"type": "null"}, schema]));
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_payload(key: &str) -> bool {
    PAYLOADS.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas(version: &str, components: Value) -> Schemas {
        Schemas::new(json!({"openapi": version, "components": {"schemas": components}}))
    }

    #[test]
    fn schemas_of_the_old_version_are_converted() {
        let schemas = schemas(
            "3.0.3",
            json!({
                "A": {"type": "string", "nullable": true},
                "B": {"type": "integer", "minimum": 5, "exclusiveMinimum": true},
                "C": {"type": "integer", "minimum": 5, "exclusiveMinimum": false},
                "D": {"type": "object", "properties": {"nullable": {"type": "boolean"}}},
                "E": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"nullable": true}]},
            }),
        );
        let at = |name: &str| schemas.get(&format!("/components/schemas/{name}")).expect("a schema").clone();
        assert_eq!(at("A"), json!({"type": ["string", "null"]}));
        assert_eq!(at("B"), json!({"type": "integer", "exclusiveMinimum": 5}));
        assert_eq!(at("C"), json!({"type": "integer", "minimum": 5}));
        assert_eq!(at("E")["anyOf"][1], json!({"type": "null"}));
        assert_eq!(at("D")["properties"]["nullable"], json!({"type": "boolean"}));
    }

    #[test]
    fn a_moved_schema_is_found_and_referred_to() {
        let schemas = schemas(
            "3.0.3",
            json!({
                "A": {"nullable": true, "allOf": [{"properties": {"b/{c}": {"type": "string"}}}]},
                "B": {"$ref": "#/components/schemas/A/allOf/0/properties/b~1{c}"},
            }),
        );
        let inner = "/components/schemas/A/allOf/0/properties/b~1{c}";
        assert_eq!(schemas.get(inner), Some(&json!({"type": "string"})));
        assert!(schemas.get("/components/schemas/A").is_some_and(|schema| schema["anyOf"][0]["type"] == "null"));
        let reference = schemas.get("/components/schemas/B").and_then(|schema| schema["$ref"].as_str());
        let reference = reference.expect("a reference");
        assert_eq!(reference, "#/components/schemas/A/anyOf/1/allOf/0/properties/b~1%7Bc%7D");
        assert_eq!(schemas.resolve(reference), Some(&json!({"type": "string"})));
    }

    #[test]
    fn a_tag_names_its_member() {
        let part =
            |name: &str| json!({"type": "object", "properties": {"kind": {"type": "string"}}, "required": [name]});
        let parts = json!([{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]);
        let tags = json!({"propertyName": "kind", "mapping": {"b": "#/components/schemas/B"}});
        let schemas =
            schemas("3.1.0", json!({"A": part("a"), "B": part("b"), "C": {"oneOf": parts, "discriminator": tags}}));
        let mut root = schemas.root().clone();
        root["$ref"] = "#/components/schemas/C".into();
        let validator = jsonschema::validator_for(&root).expect("a schema");
        for value in [json!({"kind": "A", "a": 1}), json!({"kind": "b", "b": 1}), json!({"kind": "c", "b": 1})] {
            assert!(validator.is_valid(&value), "{value}");
        }
        for value in [json!({"kind": "A", "b": 1}), json!({"kind": "b", "a": 1})] {
            assert!(!validator.is_valid(&value), "{value}");
        }
    }

    #[test]
    fn mistakes_and_dangling_references_are_taken_out() {
        let schemas = schemas(
            "3.1.0",
            json!({
                "A": {"type": "strng", "required": true, "pattern": "(", "nullable": true},
                "B": {"$ref": "#/gone"},
                "C": {"example": {"$ref": "#/gone"}},
                "D": {"minimum": 0, "maximum": 18_446_744_073_709_552_000_f64},
            }),
        );
        assert_eq!(schemas.get("/components/schemas/D"), Some(&json!({"minimum": 0})));
        assert_eq!(schemas.get("/components/schemas/A"), Some(&json!({"nullable": true})));
        assert_eq!(schemas.get("/components/schemas/B"), Some(&json!({})));
        assert_eq!(schemas.get("/components/schemas/C/example/$ref"), Some(&json!("#/gone")));
    }
}
