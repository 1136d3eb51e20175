//! Reading types from a tape: the trait, the values that every API has, and the members of an object.

use std::fmt;

use serde::de::Deserializer;
use serde_json::Value;

use super::extra::{Extra, Map};
use super::nullable::Nullable;
use super::shape::{Kinds, Member, Shape};
use super::tape::{Entry, Node, Step, Tape};

/// A type that reads itself from a JSON value.
pub(crate) trait Decode: Sized {
    /// What a value looks like that this type can be read from, as far as a first look tells.
    const SHAPE: Shape;

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// When the value is not one that the type can hold, with the path to the part that is not.
    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError>;
}

/// Reads a type from a JSON text.
///
/// # Errors
///
/// When the bytes are no JSON text, or hold a value that the type cannot hold.
pub(crate) fn from_json<T: Decode>(text: &[u8]) -> Result<T, DecodeError> {
    T::decode(Tape::parse(text)?.root())
}

/// Reads a type from any format that serde knows.
///
/// # Errors
///
/// Those of the deserializer, and when the value is one that the type cannot hold.
pub(crate) fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::decode(Tape::read(deserializer)?.root()).map_err(serde::de::Error::custom)
}

/// Why a JSON value cannot be read as a type, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    /// The way from the place of the error out to the root.
    steps: Vec<Step>,
    message: String,
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self(Box::new(Inner { steps: Vec::new(), message: message.to_string() }))
    }

    /// An error at the end of a path from the root.
    #[cold]
    pub(crate) fn at(mut path: Vec<Step>, message: impl fmt::Display) -> Self {
        path.reverse();
        Self(Box::new(Inner { steps: path, message: message.to_string() }))
    }

    #[cold]
    fn expected(what: &str, node: Node<'_, '_>) -> Self {
        Self::new(format_args!("expected {what}, found {}", Found(node)))
    }

    #[cold]
    pub(crate) fn inside(mut self, name: &str) -> Self {
        self.0.steps.push(Step::Name(name.to_owned().into()));
        self
    }

    #[cold]
    fn inside_element(mut self, index: usize) -> Self {
        self.0.steps.push(Step::Index(index));
        self
    }

    /// The place of the value in the JSON text, such as `secrets[0].name`; empty for the whole text.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.0.steps.iter().rev() {
            match step {
                Step::Name(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    /// What is wrong with the value, without its place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError").field("path", &self.path()).field("message", &self.0.message).finish()
    }
}

impl std::error::Error for DecodeError {}

/// Names a value in an error without repeating more of it than helps.
struct Found<'t, 'de>(Node<'t, 'de>);

impl fmt::Display for Found<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.entry() {
            Entry::Null => f.write_str("null"),
            Entry::Bool(value) => write!(f, "{value}"),
            Entry::Unsigned(value) => write!(f, "{value}"),
            Entry::Signed(value) => write!(f, "{value}"),
            Entry::Float(value) => write!(f, "{value}"),
            Entry::Text(_) => f.write_str("a string"),
            Entry::Array { .. } => f.write_str("an array"),
            Entry::Object { .. } => f.write_str("an object"),
        }
    }
}

/// The text of a string.
///
/// # Errors
///
/// When the value is no string.
pub(crate) fn text<'t>(node: Node<'t, '_>) -> Result<&'t str, DecodeError> {
    node.text().ok_or_else(|| DecodeError::expected("a string", node))
}

impl Decode for String {
    const SHAPE: Shape = Shape::of(Kinds::STRING);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        text(node).map(str::to_owned)
    }
}

impl Decode for bool {
    const SHAPE: Shape = Shape::of(Kinds::BOOLEAN);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        match node.entry() {
            Entry::Bool(value) => Ok(*value),
            _ => Err(DecodeError::expected("a boolean", node)),
        }
    }
}

impl Decode for f64 {
    const SHAPE: Shape = Shape::of(Kinds::NUMBER);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        match node.entry() {
            Entry::Unsigned(value) => Ok(*value as f64),
            Entry::Signed(value) => Ok(*value as f64),
            Entry::Float(value) => Ok(*value),
            _ => Err(DecodeError::expected("a number", node)),
        }
    }
}

/// A number without a fraction is an integer however it is written (JSON Schema 2020-12, core 4.2.3: `1.0` is `1`).
fn integer(node: Node<'_, '_>) -> Option<i128> {
    match node.entry() {
        Entry::Unsigned(value) => Some(i128::from(*value)),
        Entry::Signed(value) => Some(i128::from(*value)),
        // An integer that no 64 bits hold arrives as the float next to it, which is not the value that was sent.
        Entry::Float(value) if value.fract() == 0.0 && value.abs() < 9.2e18 => Some(*value as i128),
        _ => None,
    }
}

macro_rules! integers {
    ($($integer:ty: $what:literal,)*) => {
        $(impl Decode for $integer {
            const SHAPE: Shape = Shape::of(Kinds::INTEGER);

            fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
                let value = integer(node).and_then(|value| value.try_into().ok());
                value.ok_or_else(|| DecodeError::expected($what, node))
            }
        })*
    };
}

integers! {
    i32: "an integer of 32 bits",
    i64: "an integer of 64 bits",
    u64: "an integer of 64 bits that is not negative",
}

impl Decode for Value {
    const SHAPE: Shape = Shape::of(Kinds::ANY);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        Ok(node.to_value())
    }
}

impl<T: Decode> Decode for Box<T> {
    const SHAPE: Shape = T::SHAPE;

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        T::decode(node).map(Box::new)
    }
}

/// `null` or a value.
impl<T: Decode> Decode for Option<T> {
    const SHAPE: Shape = T::SHAPE.or(Kinds::NULL);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        match node.entry() {
            Entry::Null => Ok(None),
            _ => T::decode(node).map(Some),
        }
    }
}

impl<T: Decode> Decode for Vec<T> {
    const SHAPE: Shape = Shape::of(Kinds::ARRAY);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        let Entry::Array { len, .. } = node.entry() else { return Err(DecodeError::expected("an array", node)) };
        let mut elements = Vec::with_capacity(*len as usize);
        for (index, element) in node.elements().enumerate() {
            elements.push(T::decode(element).map_err(|error| error.inside_element(index))?);
        }
        Ok(elements)
    }
}

impl<T: Decode> Decode for Map<T> {
    const SHAPE: Shape = Shape::of(Kinds::OBJECT);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        let Entry::Object { len, .. } = node.entry() else { return Err(DecodeError::expected("an object", node)) };
        let mut map = Map::with_capacity(*len as usize);
        for (name, value) in node.members() {
            map.insert(name.to_owned(), T::decode(value).map_err(|error| error.inside(name))?);
        }
        Ok(map)
    }
}

/// The members of an object, sorted by the properties of a type.
pub(crate) struct Object<'t, 'de, 's> {
    node: Node<'t, 'de>,
    properties: &'static [Member],
    /// For each property the index of its value on the tape; 0, the place of no member, when it is absent.
    slots: &'s [u32],
    /// The property that is read next; constants, which are no fields, stand before the others.
    next: usize,
    /// Each member that is no property, or a constant with another value, by its name and the index of its value.
    unknown: Vec<(&'t str, u32)>,
}

impl<'t, 'de, 's> Object<'t, 'de, 's> {
    /// Sorts the members of an object by `properties`.
    ///
    /// # Errors
    ///
    /// When the value is no object.
    pub(crate) fn read(
        node: Node<'t, 'de>,
        properties: &'static [Member],
        slots: &'s mut [u32],
    ) -> Result<Self, DecodeError> {
        let Entry::Object { .. } = node.entry() else { return Err(DecodeError::expected("an object", node)) };
        let mut unknown = Vec::new();
        let mut next = 0;
        for (name, value) in node.members() {
            // Servers write the properties in the document's order, so the search starts behind the last one found.
            let (before, behind) = properties.split_at(next.min(properties.len()));
            let found = behind.iter().position(|property| property.name == name).map(|at| at + next);
            let found = found.or_else(|| before.iter().position(|property| property.name == name));
            match found {
                Some(at) => {
                    next = at + 1;
                    slots[at] = value.index();
                }
                None => unknown.push((name, value.index())),
            }
        }
        // A constant is no field: the value that the document names is implied, another one is kept as it came.
        for (property, slot) in properties.iter().zip(slots.iter()) {
            let Some(constant) = property.constant else { continue };
            if *slot != 0 && !constant.is(node.sibling(*slot)) {
                unknown.push((property.name, *slot));
            }
        }
        let next = properties.iter().take_while(|property| property.constant.is_some()).count();
        Ok(Self { node, properties, slots, next, unknown })
    }

    /// The value of the next property, when it is there.
    fn next(&mut self) -> Option<Node<'t, 'de>> {
        let slot = self.slots[self.next];
        self.next += 1;
        (slot != 0).then(|| self.node.sibling(slot))
    }

    fn decode<T: Decode>(&self, node: Node<'t, 'de>) -> Result<T, DecodeError> {
        T::decode(node).map_err(|error| error.inside(self.name()))
    }

    /// The name of the property that was read last.
    fn name(&self) -> &'static str {
        self.properties[self.next - 1].name
    }

    /// The next property, which must be there.
    pub(crate) fn required<T: Decode>(&mut self) -> Result<T, DecodeError> {
        match self.next() {
            Some(node) => self.decode(node),
            None => Err(DecodeError::new("missing required property").inside(self.name())),
        }
    }

    /// The next property, which may be absent; `null` counts as absent.
    pub(crate) fn optional<T: Decode>(&mut self) -> Result<Option<T>, DecodeError> {
        match self.next() {
            Some(node) if !matches!(node.entry(), Entry::Null) => self.decode(node).map(Some),
            _ => Ok(None),
        }
    }

    /// The next property, which may be absent, `null` or a value.
    pub(crate) fn nullable<T: Decode>(&mut self) -> Result<Nullable<T>, DecodeError> {
        match self.next() {
            None => Ok(Nullable::Absent),
            Some(node) if matches!(node.entry(), Entry::Null) => Ok(Nullable::Null),
            Some(node) => self.decode(node).map(Nullable::Value),
        }
    }

    /// The members that are no property of the type.
    pub(crate) fn extra<T: Decode>(self) -> Result<Extra<T>, DecodeError> {
        let mut extra = Extra::new();
        for (name, at) in self.unknown {
            let value = T::decode(self.node.sibling(at)).map_err(|error| error.inside(name))?;
            extra.insert(name, value);
        }
        Ok(extra)
    }
}
