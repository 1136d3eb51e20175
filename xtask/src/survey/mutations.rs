//! What a future server would send: values of a document, changed in ways that must not break a client built today.

use serde_json::Value;
use specwright::pointer::Pointer;

use super::positions::Position;
use super::samples::Sampler;
use super::schemas::Schemas;

/// A name that no document has.
const NEW: &str = "zzSurveyAddition";

/// The most values that are made of one in one way.
const MOST: usize = 12;

/// A changed value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mutant {
    /// The value.
    pub(super) value: Value,
    /// What was changed.
    pub(super) change: String,
    /// Whether it is a case only when it is still valid.
    pub(super) if_valid: bool,
}

/// Changes a value of a schema.
#[must_use]
pub(super) fn mutate(schemas: &Schemas, schema: &Value, value: &Value) -> Vec<Mutant> {
    let mut sites = Sites::default();
    sites.visit(value, &Position::of(schemas, schema), &Pointer::root());
    let mut mutants = added(value, &sites.objects, &Sampler::new(schemas)).into_iter().collect::<Vec<_>>();
    for (what, places) in [("enum value", &sites.enums), ("tag", &sites.tags)] {
        for place in places.iter().take(MOST) {
            let mut value = value.clone();
            if let Some(text) = value.pointer_mut(place.as_str()) {
                *text = NEW.into();
                mutants.push(Mutant { value, change: format!("unknown {what} at `{place}`"), if_valid: false });
            }
        }
    }
    let singles = sites.optional.iter().take(MOST).map(std::slice::from_ref);
    for places in singles.chain([&sites.optional[..]].into_iter().filter(|all| all.len() > 1)) {
        let list = places.iter().map(|place| format!("`{place}`")).collect::<Vec<_>>().join(", ");
        mutants.push(Mutant { value: without(value, places), change: format!("without {list}"), if_valid: true });
    }
    mutants
}

/// The value with a member more in every object that can have one.
fn added(value: &Value, objects: &[(Pointer, Option<&Value>)], sampler: &Sampler<'_>) -> Option<Mutant> {
    let mut mutant = value.clone();
    let mut count = 0;
    for (place, schema) in objects {
        let addition = schema.map_or_else(|| Some(serde_json::json!({"new": [1, null]})), |schema| sampler.one(schema));
        if let (Some(addition), Some(Value::Object(members))) = (addition, mutant.pointer_mut(place.as_str())) {
            members.insert(NEW.to_owned(), addition);
            count += 1;
        }
    }
    let change = format!("`{NEW}` added to {count} objects");
    (count > 0).then_some(Mutant { value: mutant, change, if_valid: false })
}

/// The value without the members at these places, of which the inner ones stand first.
fn without(value: &Value, places: &[Pointer]) -> Value {
    let mut value = value.clone();
    for place in places {
        let parent = place.parent().unwrap_or_default();
        if let (Some(Value::Object(members)), Some(key)) = (value.pointer_mut(parent.as_str()), place.last()) {
            members.shift_remove(&key);
        }
    }
    value
}

/// Where a value can be changed.
#[derive(Default)]
struct Sites<'s> {
    /// Objects, and the schema of what is added to them.
    objects: Vec<(Pointer, Option<&'s Value>)>,
    /// Values of string enums.
    enums: Vec<Pointer>,
    /// Tags of unions.
    tags: Vec<Pointer>,
    /// Members that may be absent; those within others stand before them.
    optional: Vec<Pointer>,
}

impl<'s> Sites<'s> {
    fn visit(&mut self, value: &Value, position: &Position<'s>, at: &Pointer) {
        match value {
            Value::Object(members) => {
                // Where the names themselves have a schema, no name is a good one.
                let named = |schema: &Value| {
                    ["patternProperties", "propertyNames"].iter().any(|key| schema.get(*key).is_some())
                };
                if !position.iter().any(named) {
                    self.objects.push((at.clone(), position.others()));
                }
                for (key, member) in members {
                    let inner = at.key(key);
                    self.visit(member, &position.member(key), &inner);
                    if !position.requires(key) {
                        self.optional.push(inner.clone());
                    }
                    let tag = |schema: &Value| schema["discriminator"]["propertyName"] == **key;
                    if position.iter().any(tag) {
                        self.enums.retain(|place| *place != inner);
                        self.tags.push(inner);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.visit(item, &position.item(index), &at.index(index));
                }
            }
            Value::String(_) if position.iter().any(|schema| is_string_enum(schema, value)) => {
                self.enums.push(at.clone());
            }
            _ => {}
        }
    }
}

/// Whether a schema is an enum of texts, this one among them.
fn is_string_enum(schema: &Value, value: &Value) -> bool {
    let values = schema["enum"].as_array();
    values
        .is_some_and(|values| values.contains(value) && values.iter().all(|value| value.is_string() || value.is_null()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mutants(schema: Value, value: Value) -> Vec<Value> {
        let schemas = Schemas::new(json!({"S": schema}));
        let schema = schemas.get("/S").expect("a schema");
        mutate(&schemas, schema, &value).into_iter().map(|mutant| mutant.value).collect()
    }

    #[test]
    fn members_are_added_everywhere_and_optional_ones_removed() {
        let schema = json!({"properties": {"a": {"properties": {"b": {}}}}, "required": ["a"]});
        let new = json!({"new": [1, null]});
        let expected = [json!({"a": {"b": 1, NEW: new}, NEW: new}), json!({"a": {}})];
        assert_eq!(mutants(schema, json!({"a": {"b": 1}})), expected);
    }

    #[test]
    fn what_is_added_to_a_map_has_its_type() {
        let map = json!({"additionalProperties": {"type": "integer"}});
        assert!(mutants(map, json!({"a": 1})).iter().any(|value| value[NEW].is_i64()));
        assert_eq!(mutants(json!({"propertyNames": {"pattern": "^a$"}}), json!({})), [] as [Value; 0]);
    }

    #[test]
    fn enums_and_tags_become_unknown() {
        let schema = json!({"items": {"oneOf": [
            {"properties": {"kind": {"enum": ["a"]}, "e": {"type": "string", "enum": ["x", "y"]}}},
        ], "discriminator": {"propertyName": "kind"}}});
        let all = mutants(schema, json!([{"kind": "a", "e": "x"}]));
        assert!(all.contains(&json!([{"kind": "a", "e": NEW}])), "{all:?}");
        assert!(all.contains(&json!([{"kind": NEW, "e": "x"}])), "{all:?}");
        assert!(all.contains(&json!([{}])), "{all:?}");
    }
}
