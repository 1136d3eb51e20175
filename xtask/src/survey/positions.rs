//! Which schemas speak of which part of a value: schema and value, walked side by side.

use serde_json::Value;

use super::schemas::Schemas;

/// The schemas that may speak of one place of a value: through references, all members of `allOf`, and every member of
/// a union, because which one it is takes a validator to tell.
#[derive(Clone, Debug)]
pub(super) struct Position<'s> {
    schemas: &'s Schemas,
    all: Vec<&'s Value>,
}

impl<'s> Position<'s> {
    /// The position of a whole value.
    #[must_use]
    pub(super) fn of(schemas: &'s Schemas, schema: &'s Value) -> Self {
        Self::with(schemas, vec![schema])
    }

    fn with(schemas: &'s Schemas, mut pending: Vec<&'s Value>) -> Self {
        let mut all: Vec<&Value> = Vec::new();
        pending.reverse();
        while let Some(schema) = pending.pop() {
            if all.iter().any(|seen| std::ptr::eq(*seen, schema)) || !schema.is_object() {
                continue;
            }
            all.push(schema);
            pending.extend(schema["$ref"].as_str().and_then(|reference| schemas.resolve(reference)));
            let lists = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema[*keyword].as_array());
            pending.extend(lists.flatten());
            pending.extend(["then", "else"].iter().filter_map(|keyword| schema.get(*keyword)));
        }
        Self { schemas, all }
    }

    /// The schemas themselves.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'s Value> + '_ {
        self.all.iter().copied()
    }

    /// The position of a member of an object.
    #[must_use]
    pub(super) fn member(&self, key: &str) -> Self {
        let of = |schema: &&'s Value| {
            let named = schema["properties"].get(key);
            let other = || {
                let patterns = schema["patternProperties"].as_object().into_iter().flat_map(|all| all.values());
                patterns.chain(schema.get("additionalProperties")).collect()
            };
            named.map_or_else(other, |schema| vec![schema])
        };
        Self::with(self.schemas, self.all.iter().flat_map(of).collect())
    }

    /// The position of an item of an array.
    #[must_use]
    pub(super) fn item(&self, index: usize) -> Self {
        let of = |schema: &&'s Value| schema["prefixItems"].get(index).or_else(|| schema.get("items"));
        Self::with(self.schemas, self.all.iter().filter_map(of).collect())
    }

    /// Whether a member has this one value wherever a schema names it as a constant.
    #[must_use]
    pub(super) fn is_constant(&self, key: &str, value: &Value) -> bool {
        let constant = |schema: &Value| schema.get("const").or_else(|| only(&schema["enum"])) == Some(value);
        self.member(key).iter().any(constant)
    }

    /// Whether a member has to be there by any of the schemas.
    #[must_use]
    pub(super) fn requires(&self, key: &str) -> bool {
        let names = self.iter().filter_map(|schema| schema["required"].as_array()).flatten();
        names.filter_map(Value::as_str).any(|name| name == key)
    }

    /// The schema of the members that no schema names: `None` when they may have any value.
    #[must_use]
    pub(super) fn others(&self) -> Option<&'s Value> {
        let keywords = ["additionalProperties", "unevaluatedProperties"];
        let all = self.iter().flat_map(|schema| keywords.iter().filter_map(|keyword| schema.get(*keyword)));
        let mut typed = all.filter(|schema| schema.as_object().is_some_and(|members| !members.is_empty()));
        typed.next()
    }
}

fn only(values: &Value) -> Option<&Value> {
    match values.as_array()?.as_slice() {
        [value] => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_schema_that_may_speak_of_a_member_is_found() {
        let schemas = Schemas::new(json!({
            "S": {"allOf": [{"$ref": "#/T"}, {"oneOf": [{"properties": {"a": {"minLength": 1}}}, {"$ref": "#/S"}]}]},
            "T": {"properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": {"const": 1}},
        }));
        let position = Position::of(&schemas, schemas.get("/S").expect("a schema"));
        assert_eq!(position.member("a").iter().count(), 2);
        assert_eq!(position.member("b").iter().count(), 1);
        assert!(position.requires("a") && !position.requires("b"));
        assert!(position.is_constant("b", &json!(1)) && !position.is_constant("b", &json!(2)));
        assert_eq!(position.others(), Some(&json!({"const": 1})));
    }

    #[test]
    fn items_know_their_index() {
        let schemas = Schemas::new(json!({"S": {"prefixItems": [{"const": "a"}], "items": {"enum": ["b"]}}}));
        let position = Position::of(&schemas, schemas.get("/S").expect("a schema"));
        assert_eq!(position.item(0).iter().next(), Some(&json!({"const": "a"})));
        assert_eq!(position.item(1).iter().next(), Some(&json!({"enum": ["b"]})));
    }
}
