//! Stage 3, the reading of schemas: what each keyword of JSON Schema and its dialects means in the terms of 2020-12.

use serde_json::{Map, Value};

use super::{Discriminator, Schema, SchemaId, Schemas, Shown, Type, is_component};
use crate::dialect::keywords::{VALUE_DOCS, VALUE_NAMES, VALUES};
use crate::dialect::quirks;
use crate::dialect::values::{is_anything, listed_names};
use crate::document::prose;
use crate::pointer::Pointer;

impl Schemas {
    /// Reads a schema and those within it.
    pub(crate) fn read(&mut self, input: usize, at: &Pointer, value: Value) -> SchemaId {
        if let Some(known) = self.at(input, at) {
            return known;
        }
        // The place is taken before what is within, so that the table is in the order of the text.
        let id = self.push(Schema::default());
        self.by_place.insert(self.own_place(input, at), id);
        if is_component(at) {
            self.components.push((id, at.last().unwrap_or_default()));
        } else if let Some(name) = value.get(quirks::NAME).and_then(Value::as_str) {
            // What the dialect names is as good as a component.
            self.components.push((id, name.to_owned()));
        }
        if is_message(at) {
            self.messages.push(id);
        }
        let mut schema = match value {
            Value::Object(mut object) => self.read_object(input, at, &mut object),
            Value::Bool(false) => Schema { never: true, ..Schema::default() },
            _ => Schema::default(),
        };
        schema.input = input;
        schema.at = at.clone();
        self.all[id.0] = schema;
        id
    }

    fn read_object(&mut self, input: usize, at: &Pointer, object: &mut Map<String, Value>) -> Schema {
        for keyword in ["$defs", "definitions"] {
            self.read_map(input, &at.key(keyword), object.remove(keyword));
        }
        let listed = listed_names(object);
        let is_typed = object.get("unevaluatedProperties").is_some_and(Value::is_object);
        // Up to draft 2019-09 `items` can be a list, and the others have a keyword of their own.
        let one_item = one_item(object).map(|item| self.read(input, &at.key("items").index(0), item));
        let is_list = object.get("items").is_some_and(Value::is_array);
        let mut single = |keyword: &str| {
            let value = object.remove(keyword)?;
            Some(self.read(input, &at.key(keyword), value))
        };
        let items = one_item.or_else(|| single(if is_list { "additionalItems" } else { "items" }));
        let additional_properties = single("additionalProperties");
        // What no keyword evaluates is what none of the merged keywords names.
        let unevaluated = single("unevaluatedProperties").filter(|_| is_typed);
        let content_schema = single("contentSchema");
        let mut properties = self.read_map(input, &at.key("properties"), object.remove("properties"));
        for name in listed {
            if let Some(others) = additional_properties.filter(|_| !properties.iter().any(|(other, _)| *other == name))
            {
                properties.push((name, others));
            }
        }
        let mut list = |keyword: &str| self.read_list(input, &at.key(keyword), object.remove(keyword));
        let (all_of, any_of, one_of) = (list("allOf"), list("anyOf"), list("oneOf"));
        let prefix_items = list(if is_list { "items" } else { "prefixItems" });
        let pattern_properties = self.read_map(input, &at.key("patternProperties"), object.remove("patternProperties"));
        let (types, null) = types(object.remove("type"));
        let value_names = of_values(object, &VALUE_NAMES, "name", &[]);
        let value_docs = of_values(object, &VALUE_DOCS, "description", &value_names);
        let values = match object.remove("const") {
            Some(value) => Some(vec![value]),
            None => object.remove("enum").and_then(array),
        };
        Schema {
            never: object.get("not").is_some_and(is_anything),
            reference: text(object, "$ref").or_else(|| text(object, "$dynamicRef")),
            is_dynamic: !object.contains_key("$ref") && object.contains_key("$dynamicRef"),
            id: text(object, "$id"),
            anchor: text(object, "$anchor").or_else(|| text(object, "$dynamicAnchor")),
            types,
            // Exporters of Swagger 2.0 keep writing the one with `x-`.
            nullable: null || flag(object, "nullable") || flag(object, "x-nullable"),
            title: text(object, "title"),
            description: text(object, "description"),
            name: text(object, quirks::NAME),
            package: text(object, quirks::PACKAGE),
            format: text(object, "format"),
            content_media_type: text(object, "contentMediaType"),
            content_encoding: text(object, "contentEncoding"),
            content_schema,
            shown: shown(object),
            default: object.remove("default"),
            deprecated: flag(object, "deprecated"),
            read_only: flag(object, "readOnly"),
            write_only: flag(object, "writeOnly"),
            values,
            value_names,
            value_docs,
            minimum: object.get("minimum").and_then(Value::as_number).cloned(),
            maximum: object.get("maximum").and_then(Value::as_number).cloned(),
            pattern: text(object, "pattern"),
            constraints: prose::constraints(object, &|keyword, number| self.number(input, &at.key(keyword), number)),
            conditions: prose::conditions(object),
            properties,
            required: object
                .remove("required")
                .and_then(array)
                .unwrap_or_default()
                .into_iter()
                .filter_map(string)
                .collect(),
            additional_properties: additional_properties.or(unevaluated),
            items,
            prefix_items,
            min_items: object.get("minItems").and_then(Value::as_u64).unwrap_or_default(),
            pattern_properties,
            all_of,
            any_of,
            one_of,
            discriminator_value: text(object, "x-ms-discriminator-value"),
            discriminator: object.remove("discriminator").and_then(discriminator),
            ..Schema::default()
        }
    }

    /// A number in words: an integer that is beyond all that a value can be is what its author wrote.
    fn number(&self, input: usize, at: &Pointer, number: &Value) -> String {
        let written = self.written.get(&input).filter(|_| number.is_f64()).map(|written| written.text(at, number));
        let is_integer = |text: &String| text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
        written.filter(is_integer).unwrap_or_else(|| number.to_string())
    }

    fn read_map(&mut self, input: usize, at: &Pointer, map: Option<Value>) -> Vec<(String, SchemaId)> {
        let Some(Value::Object(map)) = map else { return Vec::new() };
        map.into_iter()
            .map(|(key, value)| {
                let id = self.read(input, &at.key(&key), value);
                (key, id)
            })
            .collect()
    }

    fn read_list(&mut self, input: usize, at: &Pointer, list: Option<Value>) -> Vec<SchemaId> {
        let list = list.and_then(array).unwrap_or_default().into_iter().enumerate();
        list.map(|(index, value)| self.read(input, &at.index(index), value)).collect()
    }
}

/// Whether a place is that of the payload of a message (AsyncAPI 2.6).
fn is_message(at: &Pointer) -> bool {
    let tokens: Vec<_> = at.tokens().collect();
    let tokens: Vec<_> = tokens.iter().map(String::as_str).collect();
    matches!(tokens[..], ["components", "messages", _, "payload"] | ["channels", _, _, "message", "payload"])
}

/// The only schema in a list of `items`, where it is that of all elements.
fn one_item(object: &mut Map<String, Value>) -> Option<Value> {
    object.remove(quirks::ONE_ITEM)?;
    object.remove("items")?.get_mut(0).map(Value::take)
}

fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// What exporters say of each value of an enumeration but `null`, empty where they say nothing: in a list under one of
/// the keys, in an object by the values or their `names`, or as a member of what `x-ms-enum` lists.
fn of_values(object: &Map<String, Value>, keys: &[&str], member: &str, names: &[String]) -> Vec<String> {
    let values = object.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let named = values.iter().filter(|value| !value.is_null());
    match keys.iter().find_map(|key| object.get(*key)) {
        Some(Value::Array(texts)) if texts.len() == values.len() => {
            let texts = texts.iter().zip(values).filter(|(_, value)| !value.is_null());
            texts.map(|(one, _)| text(Some(one))).collect()
        }
        Some(Value::Array(texts)) => texts.iter().map(|one| text(Some(one))).collect(),
        Some(Value::Object(by_value)) => {
            let key = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let names = names.iter().map(Some).chain(std::iter::repeat(None));
            let of = |name: Option<&String>| name.and_then(|name| by_value.get(name));
            named.zip(names).map(|(value, name)| text(by_value.get(&key(value)).or_else(|| of(name)))).collect()
        }
        _ => {
            let Some(listed) = object.get(VALUES).and_then(|of| of.get("values")?.as_array()) else {
                return Vec::new();
            };
            let of = |value: &Value| listed.iter().find(|one| one.get("value") == Some(value));
            named.map(|value| text(of(value).and_then(|one| one.get(member)))).collect()
        }
    }
}

fn shown(object: &Map<String, Value>) -> Shown {
    let one = [object.get("default"), object.get("example")].into_iter().flatten();
    let several = object.get("examples").and_then(Value::as_array).into_iter().flatten();
    let integer = |value: &Value| value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let integers = one.chain(several).filter_map(integer);
    integers.fold(Shown::default(), |shown, one| shown.and(Shown { least: one, greatest: one }))
}

fn flag(object: &Map<String, Value>, key: &str) -> bool {
    object.get(key).and_then(Value::as_bool).unwrap_or_default()
}

fn array(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(values) => Some(values),
        _ => None,
    }
}

fn string(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The types that `type` names, and whether `null` is one of them.
fn types(value: Option<Value>) -> (Vec<Type>, bool) {
    let names = match value {
        Some(Value::Array(names)) => names,
        Some(name) => vec![name],
        None => return (Vec::new(), false),
    };
    let mut types = Vec::new();
    let mut null = false;
    for name in &names {
        let named = Type::ALL.into_iter().find(|ty| name.as_str() == Some(ty.name()));
        null |= name.as_str() == Some("null");
        types.extend(named.filter(|named| !types.contains(named)));
    }
    (types, null)
}

fn discriminator(value: Value) -> Option<Discriminator> {
    let Value::Object(object) = value else { return None };
    let mapping = object.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let mapping = mapping.filter_map(|(tag, target)| Some((tag.clone(), target.as_str()?.to_owned()))).collect();
    let default_mapping = text(&object, "defaultMapping");
    Some(Discriminator { property: text(&object, "propertyName")?, mapping, default_mapping })
}
