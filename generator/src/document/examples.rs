//! Stage 3, examples: holds those of media types, parameters and headers against the schemas beside them. They shape
//! nothing, so that a wrong one is only told.

use serde_json::Value;

use super::follow;
use super::schema::{SchemaId, Schemas};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::keywords::Kind;
use crate::dialect::values::{is_of, is_same, shortened};
use crate::dialect::walk::walk_all;
use crate::pointer::Pointer;
use crate::source::Source;

/// How many schemas one example is held against: alternatives within alternatives multiply, and references lead round.
const MOST: usize = 10_000;

/// How deep it is looked into.
const DEEPEST: usize = 64;

/// What examples stand in.
struct Described {
    at: Pointer,
    schema: SchemaId,
    /// Whether an example may also be the text that is sent (OpenAPI 3.0.3, section 4.7.12.2).
    or_text: bool,
}

/// Reports the examples of a text that the schemas beside them do not allow.
pub(super) fn check(source: &mut Source, schemas: &Schemas, diagnostics: &mut Diagnostics) {
    let input = source.input;
    let mut described = Vec::new();
    walk_all(source, &mut |kind, at, node| {
        let or_text = match kind {
            // An example in any other media type is a text that shows it.
            Kind::MediaType if at.last().is_some_and(|name| name.contains("json")) => false,
            Kind::Parameter | Kind::Header => true,
            _ => return,
        };
        let reference = node.get("schema").and_then(|schema| schema.get("$ref")).and_then(Value::as_str);
        if let Some(schema) = reference.and_then(|reference| schemas.at_reference(input, reference)) {
            described.push(Described { at: at.clone(), schema, or_text });
        }
    });
    for described in described {
        for (value, at) in examples(&source.value, &described.at) {
            if described.or_text && value.is_string() {
                continue;
            }
            let Some((wrong, spot)) = schemas.misfit(described.schema, value, at, DEEPEST, &mut MOST.clone()) else {
                continue;
            };
            let message = format!("`{}` is no value that the schema allows; it is passed over", shortened(wrong));
            let help = "write one that has the type, and is in the enumeration where there is one";
            let place = Place { input, spot: Spot::Node(spot) };
            diagnostics.push(Diagnostic::new(Severity::Note, Code::WrongExample, place, message).help(help));
        }
    }
}

/// The examples in a node with their places.
fn examples<'v>(root: &'v Value, at: &Pointer) -> Vec<(&'v Value, Pointer)> {
    let Some(node) = at.get(root) else { return Vec::new() };
    let one = node.get("example").map(|value| (value, at.key("example")));
    let named = node.get("examples").and_then(Value::as_object).into_iter().flatten();
    let several = named.filter_map(|(name, example)| {
        let (example, at) = follow(root, example, at.key("examples").key(name), &|_, _| None).ok()?;
        Some((example.get("value")?, at.key("value")))
    });
    one.into_iter().chain(several).collect()
}

impl Schemas {
    /// The part of a value, with its place, that a schema does not allow by types and enumerations; `null` is
    /// let pass, and so is what takes more steps than are left.
    fn misfit<'v>(
        &self,
        id: SchemaId,
        value: &'v Value,
        at: Pointer,
        depth: usize,
        steps: &mut usize,
    ) -> Option<(&'v Value, Pointer)> {
        *steps = steps.checked_sub(1)?;
        let depth = depth.checked_sub(1)?;
        let schema = self.get(id);
        if value.is_null() {
            return None;
        }
        let is_typed = schema.types.is_empty() || schema.types.iter().any(|ty| is_of(ty.name(), value));
        let is_listed = schema.values.as_ref().is_none_or(|values| values.iter().any(|one| is_same(one, value)));
        if schema.never || !is_typed || !is_listed {
            return Some((value, at));
        }
        for part in schema.target.iter().chain(&schema.all_of) {
            if let Some(found) = self.misfit(*part, value, at.clone(), depth, steps) {
                return Some(found);
            }
        }
        for alternatives in [&schema.any_of, &schema.one_of] {
            let mut misfits = alternatives.iter().map(|one| self.misfit(*one, value, at.clone(), depth, steps));
            match alternatives.as_slice() {
                [_] => {
                    if let Some(found) = misfits.next().flatten() {
                        return Some(found);
                    }
                }
                [] => {}
                _ if misfits.all(|misfit| misfit.is_some()) => return Some((value, at)),
                _ => {}
            }
        }
        let property = |name: &str| schema.properties.iter().find(|(other, _)| other == name).map(|(_, id)| *id);
        let others = schema.additional_properties.filter(|_| schema.pattern_properties.is_empty());
        match value {
            Value::Object(members) => members
                .iter()
                .find_map(|(name, member)| self.misfit(property(name).or(others)?, member, at.key(name), depth, steps)),
            Value::Array(elements) => elements.iter().enumerate().find_map(|(index, element)| {
                let schema = schema.prefix_items.get(index).copied().or(schema.items)?;
                self.misfit(schema, element, at.index(index), depth, steps)
            }),
            _ => None,
        }
    }
}
