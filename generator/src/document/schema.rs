//! Stage 3, schemas: every schema of every text in one table, by its place, with the references between them.

mod annotations;
mod resources;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::prose;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::keywords::{Kind, keywords};
use crate::dialect::{external, quirks};
use crate::pointer::Pointer;
use crate::source::Source;
use resources::{Resources, Target};

/// Where the components are that are schemas; the second is where Swagger 2.0 has them.
const COMPONENTS: [&str; 2] = ["/components/schemas", "/definitions"];

/// An index into [`Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SchemaId(usize);

/// A schema in the terms of JSON Schema 2020-12; older dialects are read up into it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    /// Where it stands.
    pub(crate) input: usize,
    pub(crate) at: Pointer,
    /// `false`: no value is valid.
    pub(crate) never: bool,
    /// The text of `$ref` or `$dynamicRef`.
    pub(crate) reference: Option<String>,
    /// The schema that the reference leads to.
    pub(crate) target: Option<SchemaId>,
    /// The identifier that `$id` gives it, and the name by which a fragment knows it.
    pub(crate) id: Option<String>,
    pub(crate) anchor: Option<String>,
    /// The types that values may have; any type when empty.
    pub(crate) types: Vec<Type>,
    /// Whether `null` is allowed by `nullable` (OpenAPI 3.0) or by the list of types.
    pub(crate) nullable: bool,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    /// The name that the dialect gives it.
    pub(crate) name: Option<String>,
    pub(crate) format: Option<String>,
    /// What a text holds, and how it is written as one.
    pub(crate) content_media_type: Option<String>,
    pub(crate) content_encoding: Option<String>,
    pub(crate) content_schema: Option<SchemaId>,
    pub(crate) default: Option<Value>,
    pub(crate) deprecated: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    /// The allowed values: `enum`, or `const` as the only one.
    pub(crate) values: Option<Vec<Value>>,
    /// What exporters call the values, and what they say of them, in the order of the values.
    pub(crate) value_names: Vec<String>,
    pub(crate) value_docs: Vec<String>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    /// What values must be besides their type, in words.
    pub(crate) constraints: Vec<String>,
    /// What values must be under conditions, in sentences.
    pub(crate) conditions: Vec<String>,
    pub(crate) properties: Vec<(String, SchemaId)>,
    pub(crate) required: Vec<String>,
    pub(crate) additional_properties: Option<SchemaId>,
    pub(crate) items: Option<SchemaId>,
    /// The schemas of the first elements; `items` is that of the others then.
    pub(crate) prefix_items: Vec<SchemaId>,
    /// How many elements there are at least.
    pub(crate) min_items: u64,
    /// The schemas of the properties whose names match a pattern, by the pattern.
    pub(crate) pattern_properties: Vec<(String, SchemaId)>,
    pub(crate) all_of: Vec<SchemaId>,
    pub(crate) any_of: Vec<SchemaId>,
    pub(crate) one_of: Vec<SchemaId>,
    pub(crate) discriminator: Option<Discriminator>,
}

/// A type of JSON Schema, `null` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Type {
    const ALL: [Self; 6] = [Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// What the keyword `type` calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// What tells the members of a union apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Discriminator {
    pub(crate) property: String,
    /// Values of the property and the schemas they stand for, as references or names of components.
    pub(crate) mapping: Vec<(String, String)>,
}

/// All schemas of all texts.
#[derive(Default)]
pub(crate) struct Schemas {
    all: Vec<Schema>,
    by_place: HashMap<(usize, Pointer), SchemaId>,
    components: Vec<(SchemaId, String)>,
    messages: Vec<SchemaId>,
}

impl Schemas {
    pub(crate) fn get(&self, id: SchemaId) -> &Schema {
        &self.all[id.0]
    }

    /// All schemas there are.
    pub(crate) fn ids(&self) -> impl Iterator<Item = SchemaId> + use<> {
        (0..self.all.len()).map(SchemaId)
    }

    /// Adds a schema that stands in no text.
    pub(crate) fn push(&mut self, schema: Schema) -> SchemaId {
        self.all.push(schema);
        SchemaId(self.all.len() - 1)
    }

    /// The components of all texts with their keys, in the order of the texts.
    pub(crate) fn components(&self) -> Vec<(SchemaId, String)> {
        self.components.clone()
    }

    /// Leaves out the components of the texts for which `forgotten` holds.
    pub(crate) fn forget_components(&mut self, forgotten: impl Fn(usize) -> bool) {
        let all = &self.all;
        self.components.retain(|(id, _)| !forgotten(all[id.0].input));
    }

    /// The payloads of messages.
    pub(crate) fn messages(&self) -> &[SchemaId] {
        &self.messages
    }

    /// The schema at a place.
    pub(crate) fn at(&self, input: usize, at: &Pointer) -> Option<SchemaId> {
        self.by_place.get(&(input, at.clone())).copied()
    }

    /// The schema that a reference in the HTTP half leads to, which is what lifting left there.
    pub(crate) fn at_reference(&self, input: usize, reference: &str) -> Option<SchemaId> {
        self.at(input, &Pointer::from_reference(reference)?)
    }

    /// Reads a schema and those within it.
    pub(crate) fn read(&mut self, input: usize, at: &Pointer, value: Value) -> SchemaId {
        if let Some(known) = self.at(input, at) {
            return known;
        }
        // The place is taken before what is within, so that the table is in the order of the text.
        let id = self.push(Schema::default());
        self.by_place.insert((input, at.clone()), id);
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
        let is_typed = object.get("unevaluatedProperties").is_some_and(Value::is_object);
        // Up to draft 2019-09 `items` can be a list, and the others have a keyword of their own.
        let is_list = object.get("items").is_some_and(Value::is_array);
        let mut single = |keyword: &str| {
            let value = object.remove(keyword)?;
            Some(self.read(input, &at.key(keyword), value))
        };
        let items = single(if is_list { "additionalItems" } else { "items" });
        let additional_properties = single("additionalProperties");
        // What no keyword evaluates is what none of the merged keywords names.
        let unevaluated = single("unevaluatedProperties").filter(|_| is_typed);
        let content_schema = single("contentSchema");
        let properties = self.read_map(input, &at.key("properties"), object.remove("properties"));
        let mut list = |keyword: &str| self.read_list(input, &at.key(keyword), object.remove(keyword));
        let (all_of, any_of, one_of) = (list("allOf"), list("anyOf"), list("oneOf"));
        let prefix_items = list(if is_list { "items" } else { "prefixItems" });
        let pattern_properties = self.read_map(input, &at.key("patternProperties"), object.remove("patternProperties"));
        let (types, null) = types(object.remove("type"));
        let values = match object.remove("const") {
            Some(value) => Some(vec![value]),
            None => object.remove("enum").and_then(array),
        };
        Schema {
            never: object.get("not").is_some_and(prose::is_anything),
            reference: text(object, "$ref").or_else(|| text(object, "$dynamicRef")),
            id: text(object, "$id"),
            anchor: text(object, "$anchor").or_else(|| text(object, "$dynamicAnchor")),
            types,
            nullable: null || flag(object, "nullable"),
            title: text(object, "title"),
            description: text(object, "description"),
            name: text(object, quirks::NAME),
            format: text(object, "format"),
            content_media_type: text(object, "contentMediaType"),
            content_encoding: text(object, "contentEncoding"),
            content_schema,
            default: object.remove("default"),
            deprecated: flag(object, "deprecated"),
            read_only: flag(object, "readOnly"),
            write_only: flag(object, "writeOnly"),
            values,
            value_names: texts(object, &["x-enum-varnames", "x-enumNames", "x-enum-names"]),
            value_docs: texts(object, &["x-enum-descriptions", "x-enumDescriptions"]),
            minimum: object.get("minimum").and_then(Value::as_f64),
            maximum: object.get("maximum").and_then(Value::as_f64),
            constraints: prose::constraints(object),
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
            discriminator: object.remove("discriminator").and_then(discriminator),
            ..Schema::default()
        }
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

    /// Finds where every reference leads to; one that leads nowhere is reported and reads as any value.
    pub(crate) fn link(&mut self, sources: &mut [Source], diagnostics: &mut Diagnostics) {
        let resources = Resources::of(self);
        // Following a reference can read further schemas, at places where no walk looks for them.
        let mut next = 0;
        while next < self.all.len() {
            let id = SchemaId(next);
            next += 1;
            let Some(reference) = self.get(id).reference.clone() else { continue };
            let input = self.get(id).input;
            let found = resources.find(self, id, &reference);
            let mut find =
                |pointer: &Pointer| self.at(input, pointer).or_else(|| self.read_elsewhere(sources, input, pointer));
            let target = match found {
                Some(Target::Schema(schema)) => Some(schema),
                Some(Target::Place(place)) => find(&place),
                None => None,
            };
            // Authors forget that a pointer starts at the closest identifier.
            let target = target.or_else(|| find(&Pointer::from_reference(&reference)?));
            match target {
                Some(target) => self.all[next - 1].target = Some(target),
                None => diagnostics.push(lost(self.get(id), &reference)),
            }
        }
        self.fold_annotations();
    }

    /// Reads a schema that stands where the specification has none.
    fn read_elsewhere(&mut self, sources: &mut [Source], input: usize, at: &Pointer) -> Option<SchemaId> {
        let source = sources.iter().find(|source| source.input == input)?;
        let value = at.get(&source.value).filter(|value| may_be_schema(value))?.clone();
        // A reference of the HTTP half stands where a schema was lifted out; it leads to that schema.
        match value.get("$ref").and_then(Value::as_str).and_then(|reference| self.at_reference(input, reference)) {
            Some(lifted) => Some(lifted),
            None => Some(self.read(input, at, value)),
        }
    }

    /// Where a chain of references without any keyword of their own ends; `None` when it leads back to itself or
    /// nowhere.
    pub(crate) fn resolve(&self, mut id: SchemaId) -> Option<SchemaId> {
        let mut seen = HashSet::new();
        while self.get(id).reference.is_some() {
            if !seen.insert(id) {
                return None;
            }
            id = self.get(id).target?;
        }
        Some(id)
    }

    /// Whether two schemas say the same, wherever they stand. Pairs under comparison are taken to be equal, which is
    /// what makes two recursive schemas equal.
    pub(crate) fn equal(&self, a: SchemaId, b: SchemaId, assumed: &mut HashSet<(SchemaId, SchemaId)>) -> bool {
        if a == b || !assumed.insert((a, b)) {
            return true;
        }
        let (left, right) = (self.get(a), self.get(b));
        let simple = |schema: &Schema| Schema {
            input: 0,
            at: Pointer::root(),
            reference: None,
            target: None,
            properties: Vec::new(),
            additional_properties: None,
            items: None,
            prefix_items: Vec::new(),
            pattern_properties: Vec::new(),
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            ..schema.clone()
        };
        let names = |schema: &Schema| {
            let named = schema.properties.iter().chain(&schema.pattern_properties);
            named.map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        format!("{:?}", simple(left)) == format!("{:?}", simple(right))
            && (left.target.is_some() && right.target.is_some() || left.reference == right.reference)
            && names(left) == names(right)
            && left.children().len() == right.children().len()
            && left.children().into_iter().zip(right.children()).all(|(a, b)| self.equal(a, b, assumed))
    }
}

impl Schema {
    /// Where the schema stands, for diagnostics.
    pub(crate) fn place(&self) -> Place {
        Place { input: self.input, spot: Spot::Node(self.at.clone()) }
    }

    /// Its name, when it is a component.
    pub(crate) fn component_key(&self) -> Option<String> {
        self.at.last().filter(|_| is_component(&self.at))
    }

    /// Whether it says more beside a reference than words: what makes a type of its own.
    pub(crate) fn has_structure(&self) -> bool {
        !(self.properties.is_empty()
            && self.required.is_empty()
            && self.all_of.is_empty()
            && self.any_of.is_empty()
            && self.one_of.is_empty())
            || self.additional_properties.is_some()
            || self.items.is_some()
            || self.values.is_some()
            || !self.prefix_items.is_empty()
            || !self.pattern_properties.is_empty()
    }

    /// The schemas within this one, and the one that it refers to.
    fn children(&self) -> Vec<SchemaId> {
        let mut children: Vec<_> = self.properties.iter().map(|(_, id)| *id).collect();
        children.extend(self.target.iter().chain(&self.additional_properties).chain(&self.items));
        children.extend(self.prefix_items.iter().chain(self.pattern_properties.iter().map(|(_, id)| id)));
        children.extend(self.all_of.iter().chain(&self.any_of).chain(&self.one_of));
        children
    }
}

fn is_component(at: &Pointer) -> bool {
    at.parent().is_some_and(|parent| COMPONENTS.contains(&parent.as_str()))
}

/// Whether a node that stands where no schema is looked for is one all the same: it has a keyword of schemas, or none.
fn may_be_schema(value: &Value) -> bool {
    let is_keyword = |key: &String| keywords(Kind::Schema).iter().any(|(name, ..)| name == key);
    match value {
        Value::Object(object) => object.is_empty() || object.keys().any(is_keyword),
        other => other.is_boolean(),
    }
}

/// Whether a place is that of the payload of a message (AsyncAPI 2.6).
fn is_message(at: &Pointer) -> bool {
    let tokens: Vec<_> = at.tokens().collect();
    let tokens: Vec<_> = tokens.iter().map(String::as_str).collect();
    matches!(tokens[..], ["components", "messages", _, "payload"] | ["channels", _, _, "message", "payload"])
}

fn lost(schema: &Schema, reference: &str) -> Diagnostic {
    let place = Place { input: schema.input, spot: Spot::Node(schema.at.key("$ref")) };
    let inside = reference.starts_with('#') || reference.is_empty();
    let (code, message) = if inside {
        (Code::DanglingReference, format!("`{reference}` leads to no schema; it is read as any value"))
    } else {
        let why = external::why_lost(reference);
        (Code::ExternalReference, format!("`{reference}` {why}; the schema is read as any value"))
    };
    let help = if inside {
        "define it, or mend the reference"
    } else {
        "put the schema under `components`, or its file beside the document"
    };
    Diagnostic::new(Severity::Warning, code, place, message).help(help)
}

fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// The texts under the first of the keys that is there.
fn texts(object: &Map<String, Value>, keys: &[&str]) -> Vec<String> {
    let list = keys.iter().find_map(|key| object.get(*key)?.as_array());
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
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
    Some(Discriminator { property: text(&object, "propertyName")?, mapping })
}
