//! A document without what Prism cannot take: it follows references in extensions and examples, which need not be any,
//! and takes exponential time for those that lead round, or on and on.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// Keywords whose schemas are alternatives, of which one can go without the others.
const ALTERNATIVES: [&str; 2] = ["anyOf", "oneOf"];

/// The document without that, and words for what is not in it.
pub(super) fn plain(document: &Value) -> (Value, String) {
    let mut plain = document.clone();
    plain.as_object_mut().into_iter().for_each(|root| root.retain(|key, _| !key.starts_with("x-")));
    let away = stay(&mut plain);
    let round = cut(&mut plain);
    (
        plain,
        format!(
            "without the extensions of its root, {away} references to the net and {round} that lead round or too far"
        ),
    )
}

/// Takes out the references to the net, which are none that a client follows. Gives their number.
fn stay(node: &mut Value) -> usize {
    let is_away = |target: &Value| target.as_str().is_some_and(|target| target.contains("://"));
    match node {
        Value::Object(members) => {
            let away = usize::from(members.get("$ref").is_some_and(is_away));
            if away > 0 {
                members.shift_remove("$ref");
            }
            away + members.values_mut().map(stay).sum::<usize>()
        }
        Value::Array(elements) => elements.iter_mut().map(stay).sum(),
        _ => 0,
    }
}

/// The references that Prism may follow from within a component; it follows each anew wherever it meets it.
const FARTHEST: usize = 50;

/// Takes out the references that lead back to what they are within, or too far: alternatives and properties go, lists
/// stay empty. What is left describes fewer values, all of which the document describes, too. Gives the number of
/// references.
fn cut(document: &mut Value) -> usize {
    let mut walk = Walk { document, open: Vec::new(), reach: HashMap::new(), cuts: Vec::new() };
    for pointer in components(document) {
        walk.reach(&pointer);
    }
    for (name, value) in document.as_object().into_iter().flatten().filter(|(name, _)| !is_of_components(name)) {
        walk.visit(value, &mut vec![name.clone()]);
    }
    let cuts = walk.cuts;
    for cut in &cuts {
        take_out(document, cut);
    }
    sweep(document);
    cuts.len()
}

/// Whether a member of the root holds components: of OpenAPI 3, or of Swagger 2.0.
fn is_of_components(name: &str) -> bool {
    matches!(name, "components" | "definitions" | "parameters" | "responses")
}

/// Where the components are.
fn components(document: &Value) -> Vec<String> {
    let members = |node: &Value, at: &str| -> Vec<String> {
        let names = node.as_object().into_iter().flat_map(|members| members.keys());
        names.map(|name| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))).collect()
    };
    let holders = members(document, "").into_iter().filter(|at| is_of_components(&at[1..]));
    let holders =
        holders.flat_map(|at| if at == "/components" { members(&document["components"], &at) } else { vec![at] });
    holders.flat_map(|at| document.pointer(&at).map(|node| members(node, &at)).unwrap_or_default()).collect()
}

struct Walk<'d> {
    document: &'d Value,
    /// The places that are being visited, by their pointers.
    open: Vec<String>,
    /// For each place that was visited, how many references are followed from there on.
    reach: HashMap<String, usize>,
    /// The places of the references.
    cuts: Vec<Vec<String>>,
}

impl<'d> Walk<'d> {
    /// How many references are followed within a value.
    fn visit(&mut self, node: &'d Value, at: &mut Vec<String>) -> usize {
        let target = node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        let mut reach = target.map_or(0, |pointer| self.follow(pointer, at));
        let members: Vec<(String, &Value)> = match node {
            Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(elements) => elements.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
            _ => Vec::new(),
        };
        for (name, value) in members.into_iter().filter(|(_, value)| value.is_object() || value.is_array()) {
            at.push(name);
            reach += self.visit(value, at);
            at.pop();
        }
        reach
    }

    fn follow(&mut self, pointer: &str, at: &[String]) -> usize {
        let reach = if self.open.iter().any(|open| open == pointer) { None } else { Some(self.reach(pointer)) };
        match reach.filter(|reach| self.open.is_empty() || *reach <= FARTHEST || self.is_needed(at)) {
            Some(reach) => reach + 1,
            None => {
                self.cuts.push(at.to_vec());
                0
            }
        }
    }

    /// Whether an object must have the property that a schema is of, or the only alternative for.
    fn is_needed(&self, at: &[String]) -> bool {
        let member = |at: &[String], name: &str| {
            let node = at.iter().try_fold(self.document, |node, name| match node {
                Value::Array(elements) => elements.get(name.parse::<usize>().ok()?),
                _ => node.get(name),
            });
            node.and_then(|node| node.get(name)).and_then(Value::as_array)
        };
        match at {
            [parents @ .., keyword, _] if ALTERNATIVES.contains(&keyword.as_str()) => {
                member(parents, keyword).is_some_and(|all| all.len() == 1) && self.is_needed(parents)
            }
            [parents @ .., properties, name] if properties == "properties" => {
                member(parents, "required").is_some_and(|required| required.iter().any(|required| required == name))
            }
            _ => false,
        }
    }

    /// How many references are followed from a place on.
    fn reach(&mut self, pointer: &str) -> usize {
        if let Some(reach) = self.reach.get(pointer) {
            return *reach;
        }
        let Some(target) = self.document.pointer(pointer) else { return 0 };
        self.open.push(pointer.to_owned());
        let mut at = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
        let reach = self.visit(target, &mut at);
        self.open.pop();
        self.reach.insert(pointer.to_owned(), reach);
        reach
    }
}

/// Takes out a schema, and what cannot be without it.
fn take_out(document: &mut Value, at: &[String]) {
    let Some((name, parents)) = at.split_last() else { return };
    let Some(parent) = get_mut(document, parents) else { return };
    match (parents.last().map(String::as_str), parent) {
        (Some(keyword), Value::Array(alternatives)) if ALTERNATIVES.contains(&keyword) => {
            // The others keep their places until the end, because other references count on them.
            let Some(alternative) = name.parse().ok().and_then(|at: usize| alternatives.get_mut(at)) else { return };
            *alternative = Value::Null;
            if alternatives.iter().all(Value::is_null) {
                take_out(document, &parents[..parents.len() - 1]);
            }
        }
        (Some("properties"), Value::Object(properties)) => {
            properties.shift_remove(name);
            if let Some(Value::Array(required)) =
                get_mut(document, &parents[..parents.len() - 1]).and_then(|schema| schema.get_mut("required"))
            {
                required.retain(|required| required != name);
            }
        }
        (_, Value::Object(schema)) if name == "items" => {
            schema.shift_remove("items");
            schema.shift_remove("minItems");
            schema.insert("maxItems".to_owned(), 0.into());
        }
        (_, parent) => {
            if let Some(schema) = child_mut(parent, name) {
                *schema = Value::Object(Map::new());
            }
        }
    }
}

fn get_mut<'v>(document: &'v mut Value, at: &[String]) -> Option<&'v mut Value> {
    at.iter().try_fold(document, |node, name| child_mut(node, name))
}

fn child_mut<'v>(node: &'v mut Value, name: &str) -> Option<&'v mut Value> {
    match node {
        Value::Object(members) => members.get_mut(name),
        Value::Array(elements) => elements.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Removes the alternatives that were taken out.
fn sweep(node: &mut Value) {
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                if let Value::Array(alternatives) = member
                    && ALTERNATIVES.contains(&name.as_str())
                {
                    alternatives.retain(|alternative| !alternative.is_null());
                }
                sweep(member);
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(sweep),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_leads_back_is_taken_out() {
        let back = json!({"$ref": "#/components/schemas/a~1b"});
        let [c, d] = ["c", "d"].map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
        let mut document = json!({
            "start": back,
            "components": {"schemas": {
                "a/b": {
                    "required": ["id", "itself", "one"],
                    "properties": {
                        "id": {"type": "string"},
                        "itself": back,
                        "one": {"anyOf": [{"type": "string"}, back]},
                        "only": {"oneOf": [back]},
                        "list": {"type": "array", "minItems": 1, "items": c},
                        "again": d,
                        "map": {"additionalProperties": back},
                    },
                },
                "c": {"allOf": [back, d]},
                "d": {"type": "string"},
            }},
        });
        assert_eq!(cut(&mut document), 5);
        let expected = json!({
            "start": back,
            "components": {"schemas": {
                "a/b": {
                    "required": ["id", "one"],
                    "properties": {
                        "id": {"type": "string"},
                        "one": {"anyOf": [{"type": "string"}]},
                        "list": {"type": "array", "minItems": 1, "items": c},
                        "again": d,
                        "map": {"additionalProperties": {}},
                    },
                },
                "c": {"allOf": [{}, d]},
                "d": {"type": "string"},
            }},
        });
        assert_eq!(document, expected);
        assert_eq!(cut(&mut document), 0, "nothing leads round any more");
    }

    #[test]
    fn what_leads_too_far_is_taken_out() {
        let to = |name: usize| json!({"$ref": format!("#/definitions/{name}")});
        // Each has the next one twice, so that the references to follow double from one to the next.
        let schema = |name: usize| json!({"properties": {"a": to(name + 1), "b": to(name + 1)}});
        let definitions = |names: std::ops::Range<usize>| names.map(|name| (name.to_string(), schema(name)));
        let needed = json!({"required": ["a"], "properties": {"a": {"anyOf": [to(35)]}, "b": to(35)}});
        let others = [("40".to_owned(), json!({})), ("41".to_owned(), needed)];
        let all: Map<_, _> = definitions(0..40).chain(others).collect();
        let mut document = json!({"start": to(0), "definitions": all});
        assert!(cut(&mut document) > 0);
        let mut walk = Walk { document: &document, open: Vec::new(), reach: HashMap::new(), cuts: Vec::new() };
        let farthest = (0..40).map(|name| walk.reach(&format!("/definitions/{name}"))).max();
        assert!(farthest.is_some_and(|farthest| farthest <= 2 * (FARTHEST + 1)), "{farthest:?}");
        assert_eq!(document["start"], to(0));
        // What an object must have stays, and what it need not have goes.
        assert_eq!(document["definitions"]["41"]["properties"], json!({"a": {"anyOf": [to(35)]}}));
    }

    #[test]
    fn what_leads_away_is_taken_out() {
        let document = json!({
            "x-more": {"$ref": "#/nowhere"},
            "example": [{"$ref": "https://example.com/1", "id": 1}],
            "a": {"$ref": "#/b"},
        });
        let (plain, words) = plain(&document);
        assert_eq!(plain, json!({"example": [{"id": 1}], "a": {"$ref": "#/b"}}));
        assert_eq!(
            words,
            "without the extensions of its root, 1 references to the net and 0 that lead round or too far"
        );
    }

    #[test]
    fn a_list_of_what_it_is_within_is_empty() {
        let mut document =
            json!({"definitions": {"a": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/a"}}}});
        assert_eq!(cut(&mut document), 1);
        assert_eq!(document, json!({"definitions": {"a": {"type": "array", "maxItems": 0}}}));
    }
}
