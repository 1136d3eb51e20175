//! The calls of one document: each method with its examples, and once more with everything that it takes.

use serde_json::{Map, Value};
use specwright::surface::{Argument, Method};

use super::values::{Choice, Values};

/// One call of a method.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    /// The index of the method.
    pub(super) method: usize,
    /// The arguments and what setters are given, by their names.
    pub(super) given: Map<String, Value>,
}

/// The calls of a document, and what cannot be called.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Calls {
    /// The calls, in the order of the methods.
    pub(super) all: Vec<Call>,
    /// The methods that cannot be called, with the argument for which there is no value.
    pub(super) uncalled: Vec<(usize, String)>,
    /// Setters for which there is no value.
    pub(super) unset: usize,
}

/// The calls of these methods.
pub(super) fn of(methods: &[Method], values: &Values<'_>) -> Calls {
    let mut calls = Calls::default();
    for (index, method) in methods.iter().enumerate() {
        calls.method(index, method, values);
    }
    calls
}

impl Calls {
    fn method(&mut self, index: usize, method: &Method, values: &Values<'_>) {
        let choices = |arguments: &[Argument]| -> Vec<(String, Choice)> {
            arguments.iter().map(|argument| (argument.name.clone(), values.of(argument))).collect()
        };
        let (required, optional) = (choices(&method.arguments), choices(&method.setters));
        if let Some((name, _)) = required.iter().find(|(_, choice)| choice.all().next().is_none()) {
            self.uncalled.push((index, name.clone()));
            return;
        }
        self.unset += optional.iter().filter(|(_, choice)| choice.all().next().is_none()).count();
        let first = |(name, choice): &(String, Choice)| Some((name.clone(), choice.all().next()?.clone()));
        let second = |(name, choice): &(String, Choice)| Some((name.clone(), choice.all().take(2).last()?.clone()));
        let with_examples = optional.iter().filter(|(_, choice)| !choice.examples.is_empty());
        let usual = required.iter().chain(with_examples).filter_map(first).collect();
        let whole = required.iter().chain(&optional).filter_map(second).collect();
        self.all.push(Call { method: index, given: usual });
        if self.all.last().is_none_or(|call| call.given != whole) {
            self.all.push(Call { method: index, given: whole });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use specwright::{Input, Options};

    use super::*;
    use crate::survey::schemas::Schemas;

    fn calls(operation: Value) -> Calls {
        let mut operation = operation;
        operation["responses"] = json!({"200": {"description": "A"}});
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {"/a/{id}": {"post": operation}},
        });
        let input = Input::new("a.json".to_owned(), document.to_string());
        let options = Options { name: "a".to_owned(), version: "0.1.0".to_owned(), ..Options::default() };
        let methods = specwright::generate(&[input], &options).surface.methods;
        of(&methods, &Values::new(&document, &Schemas::new(document.clone())))
    }

    fn parameter(place: &str, name: &str, schema: Value) -> Value {
        json!({"name": name, "in": place, "required": place == "path", "schema": schema})
    }

    #[test]
    fn examples_come_first_and_then_everything_is_set() {
        let mut wrong = parameter("query", "wrong", json!({"type": "integer", "minimum": 7}));
        wrong["example"] = json!(3);
        let mut right = parameter("query", "right", json!({"type": "string"}));
        right["examples"] = json!({"one": {"value": "example"}});
        let id = parameter("path", "id", json!({"type": "string", "pattern": "^w_[0-9]{2}$"}));
        let body = json!({"content": {"application/json": {
            "schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}}},
            "example": {"a": false},
        }}});
        let calls = calls(json!({"parameters": [id, wrong, right], "requestBody": body}));
        let given: Vec<Value> = calls.all.into_iter().map(|call| Value::Object(call.given)).collect();
        assert_eq!(given.len(), 2, "{given:?}");
        assert_eq!(given[0], json!({"id": "w_11", "right": "example", "body": {"a": false}}));
        assert_eq!((&given[1]["id"], &given[1]["body"]), (&json!("w_11"), &json!({"a": true})));
        assert!(given[1]["wrong"].as_i64() >= Some(7), "{given:?}");
    }

    #[test]
    fn what_has_no_value_is_told() {
        let id = parameter("path", "id", json!({"type": "string", "enum": [""]}));
        let calls = calls(json!({"parameters": [id]}));
        assert_eq!((calls.all.len(), calls.uncalled), (0, vec![(0, "id".to_owned())]));
    }
}
