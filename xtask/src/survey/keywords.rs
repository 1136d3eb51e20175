//! The keywords of a schema that have to change before a validator of JSON Schema 2020-12 reads it.

use serde_json::{Map, Value, json};

/// The types of JSON Schema.
const TYPES: &[&str] = &["null", "boolean", "integer", "number", "string", "array", "object"];

/// Takes out what no validator accepts, so that one mistake does not cost every schema around it.
pub(super) fn repair(members: &mut Map<String, Value>) {
    let known = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
    // Bounds beyond 64 bits bound nothing that is tried, and not every validator reads them.
    let number = |value: &Value| value.as_f64().filter(|number| number.abs() < 9.2e18);
    let wrong = |key: &str, value: &Value| match key {
        // The document is one resource, whatever its schemas were once called.
        "$id" | "$schema" => true,
        "type" => !known(value) && !value.as_array().is_some_and(|types| types.iter().all(known)),
        "required" => !value.as_array().is_some_and(|names| names.iter().all(Value::is_string)),
        "minimum" | "maximum" => number(value).is_none(),
        "exclusiveMinimum" | "exclusiveMaximum" => number(value).is_none() && !value.is_boolean(),
        "multipleOf" => !number(value).is_some_and(|number| number > 0.0),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            !number(value).is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
        }
        "items" | "additionalProperties" => !value.is_object() && !value.is_boolean(),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => value.as_array().is_none_or(Vec::is_empty),
        "pattern" => !value.as_str().is_some_and(compiles),
        _ => false,
    };
    name_tuple(members);
    members.retain(|key, value| !wrong(key, value));
}

/// Names tuples as drafts since 2020-12 do: those before had `items` for the first elements.
fn name_tuple(members: &mut Map<String, Value>) {
    if members.get("items").is_some_and(Value::is_array) {
        let (first, rest) = (members.shift_remove("items"), members.shift_remove("additionalItems"));
        members.extend(first.map(|first| ("prefixItems".to_owned(), first)));
        members.extend(rest.map(|rest| ("items".to_owned(), rest)));
    }
}

/// Says with `if` and `then` what a discriminator says: a value with the tag of a member is one of that member.
pub(super) fn obey_tags(members: &mut Map<String, Value>) {
    let Some(tag) = members.get("discriminator").and_then(|found| found["propertyName"].as_str()) else { return };
    if members.contains_key("if") {
        return;
    }
    let parts = ["oneOf", "anyOf"].iter().filter_map(|keyword| members.get(*keyword)?.as_array()).flatten();
    let mapping = members["discriminator"]["mapping"].as_object();
    let mut rules = Value::Bool(true);
    for reference in parts.filter_map(|part| part["$ref"].as_str()) {
        let name = reference.rsplit('/').next().unwrap_or_default();
        let mapped = mapping.into_iter().flatten();
        let mut tags: Vec<&str> = mapped
            .filter(|(_, target)| [Some(reference), Some(name)].contains(&target.as_str()))
            .map(|(tag, _)| tag.as_str())
            .collect();
        if tags.is_empty() {
            tags.push(name);
        }
        let tagged = json!({"type": "object", "properties": {tag: {"enum": tags}}, "required": [tag]});
        rules = json!({"if": tagged, "then": {"$ref": reference}, "else": rules});
    }
    if let Value::Object(rules) = rules {
        members.extend(rules);
    }
}

/// Members of unions that say nothing but `nullable` mean `null`; to the letter they would allow every value.
pub(super) fn name_null(members: &mut Map<String, Value>) {
    let says_null = |part: &Value| {
        let spoken = |key: &&String| !matches!(key.as_str(), "title" | "description" | "nullable");
        part["nullable"] == true && part.as_object().is_some_and(|members| members.keys().find(spoken).is_none())
    };
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(parts)) = members.get_mut(keyword) else { continue };
        parts.iter_mut().filter(|part| says_null(part)).for_each(|part| *part = json!({"type": "null"}));
    }
}

/// Whether a validator takes a pattern.
fn compiles(pattern: &str) -> bool {
    jsonschema::validator_for(&json!({"pattern": pattern})).is_ok()
}

/// Converts a schema of OpenAPI 3.0; whether `null` has to be allowed around it.
pub(super) fn convert(members: &mut Map<String, Value>) -> bool {
    for (exclusive, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(Value::Bool(strict)) = members.get(exclusive).cloned() {
            members.shift_remove(exclusive);
            if strict && let Some(number) = members.shift_remove(limit) {
                members.insert(exclusive.to_owned(), number);
            }
        }
    }
    // Beside a reference it says nothing in OpenAPI 3.0.
    if members.shift_remove("nullable") != Some(Value::Bool(true)) || members.contains_key("$ref") {
        return false;
    }
    if ["allOf", "anyOf", "oneOf", "not", "enum"].iter().any(|keyword| members.contains_key(*keyword)) {
        return true;
    }
    if let Some(ty @ Value::String(_)) = members.get_mut("type") {
        *ty = json!([ty.take(), "null"]);
    }
    false
}
