//! Stage 2, the quirks in what schemas say of types.

use serde_json::{Map, Value, json};

use super::{Context, ONE_ITEM};

/// The formats that integers alone have.
const OF_INTEGERS: [&str; 8] = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"];

/// By Microsoft's generator for services in OData.
pub(super) fn null_as_object(schema: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let null = json!({ "type": "object", "nullable": true });
    let is_reference = |member: &Value| member.get("$ref").is_some_and(Value::is_string);
    let mut repaired = false;
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(members)) = schema.get_mut(key) else { continue };
        let references = members.iter().filter(|member| is_reference(member)).count();
        if references == 0 || references + 1 != members.len() {
            continue;
        }
        for member in members.iter_mut().filter(|member| **member == null) {
            *member = json!({ "nullable": true });
            repaired = true;
        }
    }
    repaired
}

pub(super) fn required_annotation(schema: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let Some(Value::Array(required)) = schema.get_mut("required") else { return false };
    let count = required.len();
    required.retain(|name| name != "@odata.type");
    let repaired = required.len() < count;
    if required.is_empty() && repaired {
        schema.remove("required");
    }
    repaired
}

pub(super) fn integer_as_number(schema: &mut Map<String, Value>, _: &Context<'_>) -> bool {
    let format = schema.get("format").and_then(Value::as_str);
    if !format.is_some_and(|format| OF_INTEGERS.contains(&format)) || shows_fraction(schema) {
        return false;
    }
    match schema.get_mut("type") {
        Some(Value::String(name)) if name == "number" => *name = "integer".to_owned(),
        Some(Value::Array(names)) if !names.contains(&json!("integer")) => {
            let Some(name) = names.iter_mut().find(|name| *name == "number") else { return false };
            *name = json!("integer");
        }
        _ => return false,
    }
    true
}

/// Whether what a schema says of numbers, or shows of them, is no integer.
fn shows_fraction(schema: &Map<String, Value>) -> bool {
    const ONE: [&str; 8] =
        ["const", "default", "example", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    let one = ONE.iter().filter_map(|keyword| schema.get(*keyword));
    let lists = ["enum", "examples"].iter().filter_map(|keyword| schema.get(*keyword)?.as_array());
    let mut values = one.chain(lists.flatten()).filter_map(Value::as_f64);
    values.any(|value| value.fract() != 0.0)
}

/// Nodes keep their places, so that whoever reads the schema takes the one in the list.
pub(super) fn items_in_list(schema: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    let repaired = listed_items(schema, context) == Some(1);
    if repaired {
        schema.insert(ONE_ITEM.to_owned(), Value::Bool(true));
    }
    repaired
}

/// They are read as drafts of JSON Schema before 2020-12 do.
pub(super) fn items_of_tuple(schema: &mut Map<String, Value>, context: &Context<'_>) -> bool {
    listed_items(schema, context).is_some_and(|count| count > 1)
}

/// How many schemas `items` lists where it has to be one.
fn listed_items(schema: &Map<String, Value>, context: &Context<'_>) -> Option<usize> {
    let items = schema.get("items")?.as_array()?;
    context.is_openapi_3_0.then_some(items.len())
}
