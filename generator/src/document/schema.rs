//! Stage 3, schemas: every schema of every text in one table, by its place, with the references between them.

mod alternatives;
mod annotations;
mod equality;
mod families;
mod reach;
mod read;
mod resources;
mod shown;
mod siblings;

use std::collections::{HashMap, HashSet};

use serde_json::{Number, Value};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::external;
use crate::dialect::keywords::{Kind, keywords};
use crate::dialect::walk::kind_at;
use crate::pointer::{Pointer, percent_decode};
use crate::source::{Source, Written};
use resources::{Resources, Target};
pub(crate) use shown::Shown;

/// Where the components are that are schemas; the second is where Swagger 2.0 has them.
const COMPONENTS: [&str; 2] = ["/components/schemas", "/definitions"];

/// An index into [`Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SchemaId(usize);

/// A schema in the terms of JSON Schema 2020-12; older dialects are read up into it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Schema {
    /// Where it stands.
    pub(crate) input: usize,
    pub(crate) at: Pointer,
    /// `false`: no value is valid.
    pub(crate) never: bool,
    /// The text of `$ref` or `$dynamicRef`.
    pub(crate) reference: Option<String>,
    /// Whether it is that of `$dynamicRef`.
    pub(crate) is_dynamic: bool,
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
    /// The name that the dialect gives it, and the package that it is in by that.
    pub(crate) name: Option<String>,
    pub(crate) package: Option<String>,
    pub(crate) format: Option<String>,
    /// What a text holds, and how it is written as one.
    pub(crate) content_media_type: Option<String>,
    pub(crate) content_encoding: Option<String>,
    pub(crate) content_schema: Option<SchemaId>,
    pub(crate) default: Option<Value>,
    /// The integers that its default and its examples show.
    pub(crate) shown: Shown,
    pub(crate) deprecated: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    /// The allowed values: `enum`, or `const` as the only one.
    pub(crate) values: Option<Vec<Value>>,
    /// What exporters call the values, and what they say of them, in the order of the values.
    pub(crate) value_names: Vec<String>,
    pub(crate) value_docs: Vec<String>,
    pub(crate) minimum: Option<Number>,
    pub(crate) maximum: Option<Number>,
    pub(crate) pattern: Option<String>,
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
    /// The value of a discriminator that stands for the schema, where an extension says so.
    pub(crate) discriminator_value: Option<String>,
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
    /// The schema for all other values, and where the property is absent (OpenAPI 3.2.0, section 4.25).
    pub(crate) default_mapping: Option<String>,
}

/// All schemas of all texts.
#[derive(Default)]
pub(crate) struct Schemas {
    /// The texts that are descriptions of their own.
    descriptions: HashSet<usize>,
    /// How their scalars are written.
    written: HashMap<usize, Written>,
    all: Vec<Schema>,
    by_place: HashMap<(usize, Pointer), SchemaId>,
    components: Vec<(SchemaId, String)>,
    /// Those that no operation that counts needs.
    forgotten: HashSet<SchemaId>,
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

    /// Leaves out the components for which `forgotten` holds, and what is in them.
    pub(crate) fn forget_components(&mut self, forgotten: impl Fn(SchemaId, &Schema) -> bool) {
        let all = self.all.iter().enumerate().map(|(index, schema)| (SchemaId(index), schema));
        self.forgotten.extend(all.filter(|(id, schema)| forgotten(*id, schema)).map(|(id, _)| id));
        self.components.retain(|(id, _)| !self.forgotten.contains(id));
    }

    /// Whether a schema is in a component that was left out.
    pub(crate) fn is_forgotten(&self, id: SchemaId) -> bool {
        self.forgotten.contains(&id)
    }

    /// The payloads of messages.
    pub(crate) fn messages(&self) -> &[SchemaId] {
        &self.messages
    }

    /// The table for the schemas of these texts.
    pub(crate) fn of(sources: &[Source]) -> Self {
        let written = sources.iter().map(|source| (source.input, source.written.clone())).collect();
        Self { descriptions: sources.iter().map(|source| source.input).collect(), written, ..Self::default() }
    }

    /// The schema at a place.
    pub(crate) fn at(&self, input: usize, at: &Pointer) -> Option<SchemaId> {
        self.by_place.get(&self.own_place(input, at)).copied()
    }

    /// Whether what stands at a place is read where it is no copy.
    pub(crate) fn is_copy(&self, input: usize, at: &Pointer) -> bool {
        self.own_place(input, at).0 != input
    }

    /// The place itself, or that in a description whose text was grafted there: what another description refers to is
    /// one schema with that of its own.
    fn own_place(&self, input: usize, at: &Pointer) -> (usize, Pointer) {
        // A description alone holds no copy of another one.
        let own = (self.descriptions.len() > 1).then(|| external::origin(at)).flatten();
        let own = own.filter(|(text, _)| self.descriptions.contains(text));
        own.unwrap_or_else(|| (input, at.clone()))
    }

    /// The schema that a reference in the HTTP half leads to, which is what lifting left there.
    pub(crate) fn at_reference(&self, input: usize, reference: &str) -> Option<SchemaId> {
        self.at(input, &Pointer::from_reference(reference)?).or_else(|| self.by_key(input, reference))
    }

    /// The component whose key is written into a reference as it is: exporters do not escape slashes.
    fn by_key(&self, input: usize, reference: &str) -> Option<SchemaId> {
        let key =
            percent_decode(reference.strip_prefix("#/components/schemas/").filter(|key| key.contains(['/', '%']))?);
        self.at(input, &Pointer::root().key("components").key("schemas").key(&key))
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
            if self.get(id).is_dynamic && resources.is_ambiguous(input, &reference) {
                diagnostics.push(read_as_static(self.get(id), &reference));
            }
            let found = resources.find(self, id, &reference);
            let mut find =
                |pointer: &Pointer| self.at(input, pointer).or_else(|| self.read_elsewhere(sources, input, pointer));
            let target = match found {
                Some(Target::Schema(schema)) => Some(schema),
                Some(Target::Place(place)) => find(&place),
                None => None,
            };
            let written = Pointer::from_reference(&reference);
            // Authors forget that a pointer starts at the closest identifier.
            let target = target.or_else(|| find(written.as_ref()?));
            let target = target.or_else(|| self.by_key(input, &reference));
            // A schema that was written as a text of its own was the root of that.
            let around = || {
                let outer: Vec<_> = std::iter::successors(Some(self.get(id).at.clone()), Pointer::parent).collect();
                let mut roots = outer.iter().rev().filter(|place| self.at(input, place).is_some());
                roots.find_map(|root| self.at(input, &root.join(written.as_ref()?)))
            };
            let target = target.or_else(|| {
                let target = around()?;
                diagnostics.push(started_within(self.get(id), &reference));
                Some(target)
            });
            match target {
                Some(target) => self.all[next - 1].target = Some(target),
                None => diagnostics.push(lost(self.get(id), &reference)),
            }
        }
        self.unfold_references();
        self.fold_annotations();
        self.leave_out_void_members();
        self.lift_discriminators();
        self.settle_files();
        self.complete_families();
    }

    /// Makes a component that is nothing but a reference to a schema of another text that schema, under its own key: it
    /// was written in a file of its own. What is a component there under another key has a name, and this is a second,
    /// but where that key is one of another schema here, which is why authors give it another.
    fn settle_files(&mut self) {
        let mut settled = HashSet::new();
        for (id, key) in self.components() {
            let component = self.get(id);
            let is_other_name = component
                .target
                .is_some_and(|target| self.get(target).input == component.input && is_component(&self.get(target).at));
            let is_alone = component.reference.is_some() && !is_other_name;
            let Some(target) = self.resolve(id).filter(|target| is_alone && *target != id) else { continue };
            let known = self.components.iter().position(|(other, _)| *other == target);
            let place = &self.get(target).at;
            let of_text = external::origin(place).map(|(_, at)| at);
            let place = of_text.as_ref().unwrap_or(place);
            // Those of a whole description that was only referred to are not known as components.
            let fits = match place.last().filter(|_| is_component(place)) {
                Some(own) => own == key || of_text.is_some() && self.is_taken(component.input, &own, target),
                None => known.is_some(),
            };
            if !fits {
                continue;
            }
            let is_first = settled.insert(target);
            match known {
                // Several texts can have it under one key.
                Some(known) if is_first || self.components[known].1 == key => {
                    self.components[known].1.clone_from(&key);
                    self.components.retain(|(other, _)| *other != id);
                }
                Some(_) => {}
                None => self.components.iter_mut().filter(|(other, _)| *other == id).for_each(|own| own.0 = target),
            }
            if !is_first {
                continue;
            }
            let description = self.get(id).description.clone();
            let target = &mut self.all[target.0];
            target.name = Some(key);
            // Words beside a reference are closer to whoever refers.
            target.description = description.or(target.description.take());
        }
    }

    /// Whether a component of a tree has a key and is not the schema `but`.
    fn is_taken(&self, input: usize, key: &str, but: SchemaId) -> bool {
        let is_other = |id| self.get(id).input == input && self.resolve(id) != Some(but);
        self.components.iter().any(|(id, other)| other == key && is_other(*id))
    }

    /// Reads a schema that stands where the specification has none.
    fn read_elsewhere(&mut self, sources: &mut [Source], input: usize, at: &Pointer) -> Option<SchemaId> {
        let source = sources.iter().find(|source| source.input == input)?;
        let is_other = kind_at(source, at).is_some_and(|kind| kind != Kind::Schema);
        let value = at.get(&source.value).filter(|value| !is_other && may_be_schema(value))?.clone();
        // A reference of the HTTP half stands where a schema was lifted out; it leads to that schema.
        match value.get("$ref").and_then(Value::as_str).and_then(|reference| self.at_reference(input, reference)) {
            Some(lifted) => Some(lifted),
            None => Some(self.read(input, at, value)),
        }
    }

    /// Where a chain of references ends, beside which stand no more than words; `None` when it leads back to itself or
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

    /// Whether it says more than words and which types values have: what makes a type of its own.
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

    /// Whether it has alternatives.
    pub(crate) fn is_union(&self) -> bool {
        !self.one_of.is_empty() || !self.any_of.is_empty()
    }

    /// Whether it says no more of values than which types they have, and words.
    pub(crate) fn has_only_words(&self) -> bool {
        !self.has_structure()
            && !self.never
            && self.reference.is_none()
            && self.format.is_none()
            && self.discriminator.is_none()
            && self.content_media_type.is_none()
            && self.content_encoding.is_none()
            && self.content_schema.is_none()
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

fn started_within(schema: &Schema, reference: &str) -> Diagnostic {
    let place = Place { input: schema.input, spot: Spot::Node(schema.at.key("$ref")) };
    let message = format!("schema-as-root: `{reference}` leads nowhere but from the schema that it stands in");
    Diagnostic::new(Severity::Note, Code::Repaired, place, message)
}

fn read_as_static(schema: &Schema, reference: &str) -> Diagnostic {
    let place = Place { input: schema.input, spot: Spot::Key(schema.at.key("$dynamicRef")) };
    let message = format!(
        "`$dynamicRef` is not supported yet: `{reference}` leads to one of several anchors, wherever it is used"
    );
    let help = "what another anchor stands for is kept as it comes, where the type has room for it";
    Diagnostic::new(Severity::Warning, Code::UnsupportedKeyword, place, message).help(help)
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
