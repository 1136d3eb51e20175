//! Files of JSON-Schema-Test-Suite as documents: each group becomes a component, its valid instances are the examples.
//!
//! In the survey it stands before the generator, which has no other way to read a schema that is in no document.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};
use specwright::pointer::Pointer;

/// Where the schema of a group is in the document.
fn place(group: usize) -> Pointer {
    Pointer::root().key("components").key("schemas").key(&format!("Group{group}"))
}

/// A file of the suite as a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Suite {
    /// The document: OpenAPI 3.1, of which each operation answers with the instances of one group.
    pub(super) document: Value,
    /// How many groups are not in it, by the reason.
    pub(super) left_out: BTreeMap<&'static str, usize>,
}

/// Reads a file of the suite, which is a list of groups of `schema` and `tests`; `None` when the text is another one.
#[must_use]
pub(super) fn read(text: &str) -> Option<Suite> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let groups: Vec<Value> = serde_json::from_str(text).ok()?;
    let is_group = |group: &Value| group.get("schema").is_some() && group["tests"].is_array();
    if groups.is_empty() || !groups.iter().all(is_group) {
        return None;
    }
    let (mut schemas, mut paths, mut anchors) = (Map::new(), Map::new(), HashSet::new());
    let mut left_out = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        let instances = instances(group);
        let component = if instances.is_empty() {
            Err("no instance is valid")
        } else {
            component(&group["schema"], &place(index), &mut anchors)
        };
        match component {
            Ok(schema) => {
                let place = place(index);
                paths.insert(format!("/{index}"), operation(group, &place, instances));
                schemas.insert(place.last().unwrap_or_default(), schema);
            }
            Err(reason) => *left_out.entry(reason).or_default() += 1,
        }
    }
    let info = json!({"title": "JSON-Schema-Test-Suite", "version": "1"});
    let document = json!({"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}});
    Some(Suite { document, left_out })
}

/// The valid instances of a group, as the examples of a media type.
fn instances(group: &Value) -> Map<String, Value> {
    let tests = group["tests"].as_array().into_iter().flatten();
    let valid = tests.filter(|test| test["valid"] == true).enumerate();
    valid.map(|(index, test)| (format!("valid{index}"), json!({"value": test["data"]}))).collect()
}

/// The operation that answers with the instances of a group.
fn operation(group: &Value, place: &Pointer, instances: Map<String, Value>) -> Value {
    let schema = json!({"$ref": format!("#{}", place.as_str())});
    let content = json!({"application/json": {"schema": schema, "examples": instances}});
    json!({"get": {"summary": group["description"], "responses": {"200": {"description": "", "content": content}}}})
}

/// The schema of a group as a component at `place`.
///
/// # Errors
///
/// Says why it cannot be one: within a document of OpenAPI, what a reference means is another matter.
fn component(schema: &Value, place: &Pointer, anchors: &mut HashSet<String>) -> Result<Value, &'static str> {
    let mut schema = schema.clone();
    let mut own = Vec::new();
    settle(&mut schema, place, &mut own)?;
    if own.iter().any(|anchor| anchors.contains(anchor)) {
        return Err("an earlier group has the same `$anchor`");
    }
    anchors.extend(own);
    Ok(schema)
}

/// Lets the references of a schema lead to where it is in the document, and collects the anchors.
fn settle(node: &mut Value, place: &Pointer, anchors: &mut Vec<String>) -> Result<(), &'static str> {
    match node {
        Value::Array(items) => items.iter_mut().try_for_each(|item| settle(item, place, anchors)),
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match (key.as_str(), &mut *member) {
                    ("$id", Value::String(_)) => return Err("`$id` changes what references mean"),
                    ("$dynamicRef", Value::String(_)) => return Err("`$dynamicRef` has no type"),
                    ("$schema", Value::String(dialect)) if !dialect.ends_with("draft/2020-12/schema") => {
                        return Err("the schema is of another dialect");
                    }
                    ("$anchor", Value::String(anchor)) => anchors.push(anchor.clone()),
                    ("$ref", Value::String(reference)) => match reference.strip_prefix('#') {
                        Some(within) if within.is_empty() || within.starts_with('/') => {
                            *reference = format!("#{}{within}", place.as_str());
                        }
                        Some(_) => {}
                        None => return Err("a reference leads out of the schema"),
                    },
                    ("enum" | "const" | "default", _) => {}
                    (_, member) => settle(member, place, anchors)?,
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(schema: Value) -> Value {
        let tests = json!([{"data": 1, "valid": true}, {"data": "no", "valid": false}, {"data": [2], "valid": true}]);
        json!({"description": "What it shows", "schema": schema, "tests": tests})
    }

    fn suite(groups: &[Value]) -> Suite {
        read(&json!(groups).to_string()).expect("a file of the suite")
    }

    #[test]
    fn a_group_is_a_component_and_its_valid_instances_are_examples() {
        let Suite { document, left_out } = suite(&[group(json!({"items": {"$ref": "#"}, "$defs": {"a": {}}}))]);
        let schema = json!({"items": {"$ref": "#/components/schemas/Group0"}, "$defs": {"a": {}}});
        assert_eq!(document["components"]["schemas"]["Group0"], schema);
        let content = &document["paths"]["/0"]["get"]["responses"]["200"]["content"]["application/json"];
        assert_eq!(content["schema"]["$ref"], "#/components/schemas/Group0");
        assert_eq!(content["examples"], json!({"valid0": {"value": 1}, "valid1": {"value": [2]}}));
        assert!(left_out.is_empty());
    }

    #[test]
    fn groups_that_no_document_can_hold_are_counted() {
        let anchor = || json!({"$anchor": "a", "items": {"$ref": "#a"}, "const": {"$ref": "kept"}});
        let remote = json!({"properties": {"a": {"$ref": "http://localhost/a"}}});
        let invalid = json!({"description": "", "schema": false, "tests": [{"data": 1, "valid": false}]});
        let Suite { document, left_out } =
            suite(&[group(anchor()), group(anchor()), group(remote), group(json!({"$id": "a"})), invalid]);
        let schemas = json!({"Group0": anchor()});
        assert_eq!(document["components"]["schemas"], schemas);
        assert_eq!(left_out.len(), 4, "{left_out:?}");
        assert!(left_out.values().all(|count| *count == 1), "{left_out:?}");
    }

    #[test]
    fn other_lists_are_no_suite() {
        for text in ["[]", "[1]", "[{\"schema\": {}}]", "{\"openapi\": \"3.1.0\"}", "[ # A page"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
