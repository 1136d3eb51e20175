//! What arguments are given: the examples of the document that their schemas allow, and values made from the schemas.

use serde_json::Value;
use specwright::diagnostic::{Place, Spot};
use specwright::pointer::Pointer;
use specwright::surface::{Argument, Takes};

use crate::survey::examples;
use crate::survey::samples::Sampler;
use crate::survey::schemas::Schemas;
use crate::survey::validators::Validators;

/// What stands for the content of a file.
const CONTENT: &str = "the content of a file";

/// Finds values for the arguments of one document.
pub(super) struct Values<'d> {
    document: &'d Value,
    schemas: &'d Schemas,
    validators: Option<Validators<'d>>,
}

/// The values that an argument can be given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Choice {
    /// Those that the document gives for it.
    pub(super) examples: Vec<Value>,
    /// Those made from the schema.
    pub(super) samples: Vec<Value>,
}

impl Choice {
    /// The values, examples first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Value> {
        self.examples.iter().chain(&self.samples)
    }
}

impl<'d> Values<'d> {
    /// The values of a document. Where a validator reads nothing of it, what is found is taken as it is.
    pub(super) fn new(document: &'d Value, schemas: &'d Schemas) -> Self {
        let validators = Validators::new(schemas).ok().map(Validators::with_formats);
        Self { document, schemas, validators }
    }

    /// The values that an argument can be given; none where nothing is found that its schema allows.
    pub(super) fn of(&self, argument: &Argument) -> Choice {
        let Some(place) = &argument.place else {
            return Choice { samples: vec!["text".into()], ..Choice::default() };
        };
        if matches!(argument.takes, Takes::Upload | Takes::Uploads) {
            return Choice { samples: vec![CONTENT.into()], ..Choice::default() };
        }
        let Some(Described { node, owner, schema }) = self.described(place) else { return Choice::default() };
        let validator = self.validators.as_ref().and_then(|validators| validators.at(schema.as_str()).ok());
        let is_valid = |value: &Value| validator.as_ref().is_none_or(|validator| validator.is_valid(value));
        let can_be_sent = |value: &Value| argument.wire.is_none() || is_parameter(node, value);
        let fits = |value: &Value| is_valid(value) && can_be_sent(value);
        let own = owner.into_iter().flat_map(|owner| examples::of(self.document, owner));
        let target = self.end_of_references(&schema).into_iter();
        let given = own.chain(target.flat_map(|schema| examples::of(self.document, schema)));
        let given: Vec<Value> = given.filter(|value| fits(value)).cloned().collect();
        let samples = self.schemas.get(schema.as_str()).map(|schema| Sampler::new(self.schemas).all(schema));
        let samples = samples.into_iter().flatten().filter(|value| fits(value)).collect();
        Choice { examples: given, samples }
    }

    /// The node that describes an argument, and where its schema is.
    fn described(&self, place: &Place) -> Option<Described<'d>> {
        let (0, Spot::Node(at)) = (place.input, &place.spot) else { return None };
        let node = at.get(self.document)?;
        if node.get("schema").is_some() {
            return Some(Described { node, owner: Some(node), schema: at.key("schema") });
        }
        let content = node.get("content").and_then(Value::as_object).and_then(|content| content.iter().next());
        Some(match content {
            Some((name, media_type)) => {
                let schema = at.key("content").key(name).key("schema");
                Described { node, owner: Some(media_type), schema }
            }
            None => Described { node, owner: None, schema: at.clone() },
        })
    }

    fn end_of_references(&self, schema: &Pointer) -> Option<&'d Value> {
        let mut node = schema.get(self.document)?;
        // Longer chains of references are loops.
        for _ in 0..8 {
            match node["$ref"].as_str().and_then(Pointer::from_reference) {
                Some(target) => node = target.get(self.document)?,
                None => break,
            }
        }
        Some(node)
    }
}

/// What the document says of an argument.
struct Described<'d> {
    /// The parameter, the media type or the schema.
    node: &'d Value,
    /// What can have examples beside the schema.
    owner: Option<&'d Value>,
    /// Where the schema is.
    schema: Pointer,
}

/// Whether a parameter with this value is one: what is empty is not sent, and headers are ASCII.
fn is_parameter(node: &Value, value: &Value) -> bool {
    let is_empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    let in_head = matches!(node["in"].as_str(), Some("header" | "cookie"));
    let is_plain = value.to_string().chars().all(|c| c.is_ascii() && c != '\\');
    !is_empty && (is_plain || !in_head)
}
