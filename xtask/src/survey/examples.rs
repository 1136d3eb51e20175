//! The values that a document itself gives for its schemas: defaults and examples.

use std::collections::HashSet;

use serde_json::Value;
use specwright::pointer::Pointer;

/// A value that a document gives for a schema.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Example {
    /// The place of the schema.
    pub(super) schema: String,
    /// The value.
    pub(super) value: Value,
}

/// All values that a document gives for its schemas.
///
/// Those of a schema are given for it; those of a parameter, a header or a media type for the schema within. `known`
/// holds the places of schemas, which a value alone does not tell from other objects.
#[must_use]
pub(super) fn collect(document: &Value, known: &HashSet<&str>) -> Vec<Example> {
    let mut search = Search { document, known, found: Vec::new() };
    search.node(document, &Pointer::root(), false);
    search.found
}

/// The examples that stand in a node: a schema, a parameter or a media type.
#[must_use]
pub(crate) fn of<'d>(document: &'d Value, node: &'d Value) -> Vec<&'d Value> {
    let mut values: Vec<&Value> = node.get("example").into_iter().collect();
    match node.get("examples") {
        Some(Value::Array(list)) => values.extend(list),
        Some(Value::Object(named)) => values.extend(named.values().filter_map(|one| value_of(document, one))),
        _ => {}
    }
    values
}

/// The value of an example object, which may stand elsewhere.
fn value_of<'d>(document: &'d Value, example: &'d Value) -> Option<&'d Value> {
    let target = example["$ref"].as_str().and_then(Pointer::from_reference);
    let example = target.as_ref().map_or(Some(example), |target| target.get(document))?;
    example.get("value").or_else(|| example.get("dataValue"))
}

struct Search<'d> {
    document: &'d Value,
    known: &'d HashSet<&'d str>,
    found: Vec<Example>,
}

impl Search<'_> {
    /// Looks into a node; `names` is whether its keys are those of properties.
    fn node(&mut self, node: &Value, at: &Pointer, names: bool) {
        match node {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| self.node(item, &at.index(index), false));
            }
            Value::Object(members) => {
                if self.known.contains(at.as_str()) {
                    self.given(node, at, members.get("default"));
                } else if !names && members.contains_key("schema") {
                    self.given(node, &at.key("schema"), None);
                }
                for (key, member) in members {
                    if names || !matches!(key.as_str(), "default" | "example" | "examples" | "enum" | "const") {
                        let is_names = !names && matches!(key.as_str(), "properties" | "patternProperties" | "$defs");
                        self.node(member, &at.key(key), is_names);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds the examples that stand in an object.
    fn given(&mut self, node: &Value, schema: &Pointer, default: Option<&Value>) {
        let schema = self.target(schema);
        let values = default.into_iter().chain(of(self.document, node));
        let examples = values.map(|value| Example { schema: schema.clone(), value: value.clone() });
        let examples: Vec<Example> = examples.collect();
        self.found.extend(examples);
    }

    /// The place of a schema, or of the one it refers to where the place itself is not known.
    fn target(&self, schema: &Pointer) -> String {
        let mut at = schema.clone();
        // Longer chains of references are loops.
        for _ in 0..8 {
            if self.known.contains(at.as_str()) {
                return at.as_str().to_owned();
            }
            let reference = at.get(self.document).and_then(|node| node["$ref"].as_str());
            match reference.and_then(Pointer::from_reference) {
                Some(target) => at = target,
                None => break,
            }
        }
        schema.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn values(document: &Value, known: &[&str]) -> Vec<(String, Value)> {
        let known = known.iter().copied().collect();
        collect(document, &known).into_iter().map(|example| (example.schema, example.value)).collect()
    }

    #[test]
    fn schemas_give_defaults_and_examples() {
        let document = json!({"components": {"schemas": {"A": {
            "default": 1, "example": 2, "examples": [3, 4],
            "properties": {"example": {"example": {"schema": {}, "example": 6}}},
        }}}});
        let known = ["/components/schemas/A", "/components/schemas/A/properties/example"];
        let (a, inner) = (known[0].to_owned(), known[1].to_owned());
        let mut expected: Vec<_> = [1, 2, 3, 4].map(|number| (a.clone(), json!(number))).into();
        expected.push((inner, json!({"schema": {}, "example": 6})));
        assert_eq!(values(&document, &known), expected);
    }

    #[test]
    fn media_types_and_parameters_give_examples_for_their_schemas() {
        let document = json!({
            "components": {"examples": {"E": {"value": 2}}, "schemas": {"A": {}}},
            "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/A"},
                "examples": {"one": {"value": 1}, "two": {"$ref": "#/components/examples/E"}, "none": {}},
            }},
            "parameters": [{"schema": {"type": "integer"}, "example": 3}],
        });
        let a = "/components/schemas/A".to_owned();
        let expected = [(a.clone(), json!(1)), (a, json!(2)), ("/parameters/0/schema".to_owned(), json!(3))];
        assert_eq!(values(&document, &["/components/schemas/A", "/parameters/0/schema"]), expected);
    }
}
