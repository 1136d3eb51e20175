//! Values made from the schemas themselves, for the many that no document gives an example of.
//!
//! The sampler follows the common keywords and does not try to be right about the others: a validator decides which of
//! its values are kept. Nothing is random; the number of the variant says which of several ways is taken.

use std::cell::{Cell, RefCell};

use serde_json::{Map, Value, json};

use super::patterns;
use super::schemas::Schemas;

/// Where every object and array ends up with as little as possible.
const SMALL: usize = 4;

/// Where a sample is given up.
const DEEPEST: usize = 12;

/// The nodes of a sample beyond which nothing optional is added.
const LARGEST: usize = 300;

/// The most variants of one schema.
const MOST: usize = 24;

/// Makes values of schemas.
#[derive(Debug)]
pub(crate) struct Sampler<'s> {
    schemas: &'s Schemas,
    nodes: Cell<usize>,
    /// The properties that a schema around those of them that describe these requires.
    wanted: RefCell<Vec<String>>,
}

impl<'s> Sampler<'s> {
    /// A sampler of the schemas of one document.
    #[must_use]
    pub(crate) fn new(schemas: &'s Schemas) -> Self {
        Self { schemas, nodes: Cell::new(0), wanted: RefCell::default() }
    }

    /// Different values of a schema, perhaps not all of them valid.
    #[must_use]
    pub(crate) fn all(&self, schema: &Value) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        for variant in 0..(2 * self.choices(schema)).clamp(6, MOST) {
            self.nodes.set(0);
            values.extend(self.sample(schema, variant, 0).filter(|value| !values.contains(value)));
        }
        values
    }

    /// One value of a schema; `None` where none is found that ends.
    #[must_use]
    pub(crate) fn one(&self, schema: &Value) -> Option<Value> {
        self.nodes.set(0);
        self.sample(schema, 0, SMALL)
    }

    /// The ways that a schema has to choose from.
    fn choices(&self, schema: &Value) -> usize {
        let target = schema["$ref"].as_str().and_then(|reference| self.schemas.resolve(reference));
        let schema = target.unwrap_or(schema);
        let length = |keyword: &str| schema[keyword].as_array().map_or(0, Vec::len);
        ["oneOf", "anyOf", "enum", "type"].iter().map(|keyword| length(keyword)).sum()
    }

    fn sample(&self, schema: &Value, variant: usize, depth: usize) -> Option<Value> {
        let members = match schema {
            Value::Object(members) if depth < DEEPEST => members,
            Value::Bool(true) => return Some(any(variant)),
            _ => return None,
        };
        self.nodes.set(self.nodes.get() + 1);
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            return self.sample(self.schemas.resolve(reference)?, variant, depth + 1);
        }
        if let Some(value) = members.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = list(members, "enum") {
            return values.get(variant % values.len()).cloned();
        }
        if let Some(keyword) = ["allOf", "oneOf", "anyOf"].into_iter().find(|keyword| list(members, keyword).is_some())
        {
            return self.composed(members, keyword, variant, depth);
        }
        self.simple(members, variant, depth)
    }

    /// A value of a schema with members of this keyword: of all of them or of one, and of what stands beside them.
    fn composed(&self, schema: &Map<String, Value>, keyword: &str, variant: usize, depth: usize) -> Option<Value> {
        let parts = list(schema, keyword)?;
        let mut beside = schema.clone();
        beside.shift_remove(keyword);
        let says_something =
            beside.keys().any(|key| !matches!(key.as_str(), "description" | "title" | "discriminator"));
        let beside = says_something.then(|| self.sample(&Value::Object(beside), variant, depth + 1)).flatten();
        if keyword == "allOf" {
            let before = self.wanted.borrow().len();
            let required = std::iter::once(schema).chain(parts.iter().filter_map(Value::as_object));
            let required = required.filter_map(|part| list(part, "required")).flatten().filter_map(Value::as_str);
            self.wanted.borrow_mut().extend(required.map(str::to_owned));
            let parts = parts.iter().map(|part| self.sample(part, variant, depth + 1)).collect::<Option<Vec<_>>>();
            self.wanted.borrow_mut().truncate(before);
            return parts?.into_iter().fold(beside, |all, part| Some(merge(all, part)));
        }
        // Further ones where the first has no end.
        let mut order = (0..parts.len()).map(|step| &parts[(variant + step) % parts.len()]);
        let part = order.find_map(|part| self.sample(part, variant / parts.len(), depth + 1))?;
        Some(match (beside, part) {
            (Some(Value::Object(beside)), Value::Object(part)) => {
                merge(Some(Value::Object(beside)), Value::Object(part))
            }
            (_, part) => part,
        })
    }

    fn simple(&self, schema: &Map<String, Value>, variant: usize, depth: usize) -> Option<Value> {
        let (ty, variant) = match schema.get("type") {
            Some(Value::Array(types)) => (types.get(variant % types.len())?.as_str(), variant / types.len()),
            Some(ty) => (ty.as_str(), variant),
            None => (kind(schema), variant),
        };
        match ty {
            Some("object") => self.object(schema, variant, depth),
            Some("array") => self.array(schema, variant, depth),
            Some("string") => Some(Value::String(text(schema, variant))),
            Some("integer") => integer(schema, variant),
            Some("number") => number(schema, variant),
            Some("boolean") => Some(Value::Bool(variant.is_multiple_of(2))),
            Some("null") => Some(Value::Null),
            _ => Some(any(variant)),
        }
    }

    fn object(&self, schema: &Map<String, Value>, variant: usize, depth: usize) -> Option<Value> {
        let required: Vec<&str> = list(schema, "required").into_iter().flatten().filter_map(Value::as_str).collect();
        let full = || variant.is_multiple_of(2) && depth < SMALL && self.nodes.get() < LARGEST;
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (index, (key, property)) in properties.into_iter().flatten().enumerate() {
            let needed = required.contains(&key.as_str());
            if !needed && !full() && !self.wanted.borrow().contains(key) {
                continue;
            }
            match self.sample(property, variant + index, depth + 1) {
                Some(value) => drop(object.insert(key.clone(), value)),
                None if needed => return None,
                None => {}
            }
        }
        let anything = Value::Bool(true);
        let others = schema.get("additionalProperties").filter(|others| !others.is_boolean());
        for key in required {
            if !object.contains_key(key) {
                object.insert(key.to_owned(), self.sample(others.unwrap_or(&anything), variant, depth + 1)?);
            }
        }
        if full()
            && let Some(others) = others
        {
            for (index, key) in ["key", "another key", "ключ"].into_iter().take(1 + variant % 3).enumerate() {
                object.extend(self.sample(others, variant + index, depth + 1).map(|value| (key.to_owned(), value)));
            }
        }
        Some(Value::Object(object))
    }

    fn array(&self, schema: &Map<String, Value>, variant: usize, depth: usize) -> Option<Value> {
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        let least = limit("minItems").unwrap_or(0);
        let wanted = if depth < SMALL && self.nodes.get() < LARGEST { (variant + 2) % 4 } else { 0 };
        let length = wanted.max(least).min(limit("maxItems").unwrap_or(usize::MAX));
        let anything = Value::Bool(true);
        let first = list(schema, "prefixItems").map_or(&[][..], Vec::as_slice);
        let items = schema.get("items").unwrap_or(&anything);
        let length = if wanted > 0 { length.max(first.len()) } else { length };
        let mut array = Vec::new();
        for index in 0..length {
            match self.sample(first.get(index).unwrap_or(items), variant + index, depth + 1) {
                Some(item) => array.push(item),
                None if array.len() >= least => break,
                None => return None,
            }
        }
        Some(Value::Array(array))
    }
}

/// The members of a keyword that has some.
fn list<'v>(schema: &'v Map<String, Value>, keyword: &str) -> Option<&'v Vec<Value>> {
    schema.get(keyword).and_then(Value::as_array).filter(|all| !all.is_empty())
}

/// The type that a schema means when it does not say one.
fn kind(schema: &Map<String, Value>) -> Option<&'static str> {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
    if has(&["properties", "additionalProperties", "required", "minProperties"]) {
        Some("object")
    } else if has(&["items", "prefixItems", "minItems"]) {
        Some("array")
    } else if has(&["pattern", "minLength", "maxLength", "format"]) {
        Some("string")
    } else {
        has(&["minimum", "maximum", "multipleOf"]).then_some("number")
    }
}

/// Both values in one where they are objects; else the one that says more.
fn merge(before: Option<Value>, more: Value) -> Value {
    match (before, more) {
        (Some(Value::Object(mut all)), Value::Object(more)) => {
            for (key, value) in more {
                let before = all.shift_remove(&key);
                all.insert(key, merge(before, value));
            }
            Value::Object(all)
        }
        (_, more) => more,
    }
}

fn any(variant: usize) -> Value {
    let values =
        [json!({"any": null}), json!("any"), json!(1.5), json!([1, "a", {}]), json!(true), json!(-3), Value::Null];
    values[variant % values.len()].clone()
}

fn text(schema: &Map<String, Value>, variant: usize) -> String {
    let limit = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
    let least = limit("minLength").unwrap_or(0).min(4096);
    let pattern = schema.get("pattern").and_then(Value::as_str);
    if let Some(text) = pattern.and_then(|pattern| patterns::matching(pattern, least)) {
        return text;
    }
    let formatted = match schema.get("format").and_then(Value::as_str).unwrap_or_default() {
        "date-time" => &["2024-02-29T12:30:00Z", "2038-01-20T03:14:08.123456+05:30", "not a date"][..],
        "date" => &["2024-02-29", "1969-12-31"],
        "time" => &["12:30:00Z"],
        "uuid" => &["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
        "uri" | "url" | "uri-reference" => &["https://example.com/a?b=c#d"],
        "email" => &["someone@example.com"],
        "hostname" => &["example.com"],
        "ipv4" => &["192.0.2.1"],
        "ipv6" => &["2001:db8::1"],
        "duration" => &["P1DT2H"],
        "byte" | "base64" => &["aGVsbG8=", "not base64!"],
        _ => &["text", "", "ein Übermaß \"an\" \\ \u{1F600}\n", "1", "null"],
    };
    let mut text = formatted[variant % formatted.len()].to_owned();
    let missing = least.saturating_sub(text.chars().count());
    text.push_str(&"x".repeat(missing));
    limit("maxLength").map_or(text.clone(), |most| text.chars().take(most).collect())
}

fn integer(schema: &Map<String, Value>, variant: usize) -> Option<Value> {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let (least, most) = match format {
        "int8" => (i64::from(i8::MIN), i64::from(i8::MAX)),
        "uint8" => (0, i64::from(u8::MAX)),
        "int16" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "uint16" => (0, i64::from(u16::MAX)),
        "int32" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        "uint32" => (0, i64::from(u32::MAX)),
        "uint64" | "uint" => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    };
    let fits = |value: &i64| (least..=most).contains(value) && within(schema, *value as f64);
    let bound = ["minimum", "maximum"].iter().filter_map(|key| schema.get(*key).and_then(Value::as_i64));
    let usual = [1, 0, -1, 42, i64::from(i32::MAX), 4_102_444_800, 9_007_199_254_740_993, least, most];
    let values: Vec<i64> = bound.chain(usual).filter(fits).collect();
    values.get(variant % values.len().max(1)).map(|value| json!(value))
}

fn number(schema: &Map<String, Value>, variant: usize) -> Option<Value> {
    let bound = ["minimum", "maximum"].iter().filter_map(|key| schema.get(*key).and_then(Value::as_f64));
    let usual = [0.5, 1.0, -2.25, 0.1, 1e21, 1e-7, 3.0];
    let values: Vec<f64> = usual.into_iter().chain(bound).filter(|value| within(schema, *value)).collect();
    let value = values.get(variant % values.len().max(1))?;
    // Servers write whole numbers without a fraction.
    Some(if *value == 3.0 { json!(3) } else { json!(value) })
}

fn within(schema: &Map<String, Value>, value: f64) -> bool {
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    limit("minimum").is_none_or(|limit| value >= limit)
        && limit("maximum").is_none_or(|limit| value <= limit)
        && limit("exclusiveMinimum").is_none_or(|limit| value > limit)
        && limit("exclusiveMaximum").is_none_or(|limit| value < limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(schema: Value) -> Vec<Value> {
        let schemas = Schemas::new(json!({"S": schema}));
        Sampler::new(&schemas).all(schemas.get("/S").expect("a schema"))
    }

    #[test]
    fn objects_come_full_and_with_what_they_need_only() {
        let property = json!({"type": "boolean"});
        let all = samples(json!({"type": "object", "properties": {"a": property, "b": property}, "required": ["a"]}));
        assert!(all.iter().any(|value| value["a"].is_boolean() && value["b"].is_boolean()), "{all:?}");
        assert!(all.iter().any(|value| value.as_object().is_some_and(|members| members.len() == 1)), "{all:?}");
    }

    #[test]
    fn every_member_of_a_union_and_every_value_of_an_enum_is_sampled() {
        let all = samples(json!({"oneOf": [{"const": 1}, {"type": "null"}, {"enum": ["a", "b"]}]}));
        for value in [json!(1), json!(null), json!("a"), json!("b")] {
            assert!(all.contains(&value), "{value} of {all:?}");
        }
    }

    #[test]
    fn parts_are_merged() {
        let part = |name: &str| json!({"type": "object", "properties": {name: {"const": name}}, "required": [name]});
        let mut schema = json!({"allOf": [part("a"), {"oneOf": [part("b")]}]});
        schema["properties"] = json!({"c": {"const": "c"}});
        assert!(samples(schema).contains(&json!({"c": "c", "a": "a", "b": "b"})));
    }

    #[test]
    fn what_a_schema_requires_is_found_in_its_parts() {
        let part = json!({"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}}});
        let all = samples(json!({"allOf": [{"allOf": [part]}], "required": ["a"]}));
        assert!(all.iter().all(|value| value["a"].is_boolean()), "{all:?}");
    }

    #[test]
    fn recursion_ends() {
        let all = samples(json!({"properties": {"next": {"$ref": "#/S"}, "all": {"items": {"$ref": "#/S"}}}}));
        assert!(!all.is_empty());
        assert_eq!(samples(json!({"properties": {"next": {"$ref": "#/S"}}, "required": ["next"]})), [] as [Value; 0]);
    }

    #[test]
    fn scalars_keep_their_limits() {
        for value in samples(json!({"type": "integer", "format": "int32", "minimum": 3, "exclusiveMaximum": 50})) {
            assert!(value == 3 || value == 42, "{value}");
        }
        assert!(samples(json!({"type": "string", "minLength": 3, "maxLength": 4})).contains(&json!("1xx")));
    }
}
