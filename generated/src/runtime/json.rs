//! The trait of everything that is read from JSON and written to it, and the values that every API has.

use serde_json::Value;

use super::decode_error::DecodeError;
use super::encode::{Encode, Encoder};
use super::object::Member;
use super::parse::parse;
use super::shape::{Kinds, Shape};
use super::tape::{Entry, Node};
use super::union::Union;

/// A type that reads itself from a JSON value and writes itself as one.
///
/// Reading fills a value in place, and both directions go through `dyn Json`: a generated type says where its fields
/// are, and all else is compiled once for all of them. Only types of this crate implement it.
pub trait Json {
    /// A value that waits to be read; it means nothing yet.
    fn blank() -> Self
    where
        Self: Sized;

    /// What a value looks like that this type can be read from, as far as a first look tells.
    fn shape() -> Shape
    where
        Self: Sized;

    /// Reads the value in place of the one that is there, which is blank.
    ///
    /// # Errors
    ///
    /// When the value is not one that the type can hold, with the path to the part that is not.
    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError>;

    /// Writes the value.
    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>);

    /// Writes the value as that of a property; one that need not be there may be left out.
    fn encode_member<'a>(&'a self, member: Member, encoder: &mut Encoder<'a>) {
        encoder.member(member);
        self.encode(encoder);
    }

    /// Whether a property with this value is left out where it need not be there.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Reads a type from a JSON text.
///
/// # Errors
///
/// When the bytes are no JSON text, or hold a value that the type cannot hold.
pub fn from_json<T: Json>(text: &[u8]) -> Result<T, DecodeError> {
    let tape = parse(text)?;
    let value = from_node(tape.root());
    tape.recycle();
    value
}

/// Reads a union from a JSON text of which a name beside it tells which member it is.
///
/// # Errors
///
/// When the bytes are no JSON text, or hold a value that the member cannot hold.
pub(crate) fn from_named<T: Json + Union>(text: &[u8], name: &str) -> Result<T, DecodeError> {
    let tape = parse(text)?;
    let mut value = T::blank();
    let read = T::shape().table().decode_named(tape.root(), &mut value, name);
    tape.recycle();
    read.map(|()| value)
}

/// Reads a type from a value on a tape.
///
/// # Errors
///
/// When the value is not one that the type can hold.
pub(crate) fn from_node<T: Json>(node: Node<'_, '_>) -> Result<T, DecodeError> {
    let mut value = T::blank();
    value.decode(node)?;
    Ok(value)
}

/// The value as a JSON text.
#[must_use]
pub fn to_json<T: Encode + ?Sized>(value: &T) -> Vec<u8> {
    let mut encoder = Encoder::json();
    value.write(&mut encoder);
    encoder.into_json()
}

/// The text of a string.
///
/// # Errors
///
/// When the value is no string.
pub(crate) fn text<'t>(node: Node<'t, '_>) -> Result<&'t str, DecodeError> {
    node.text().ok_or_else(|| DecodeError::expected("a string", node))
}

impl Json for String {
    fn blank() -> Self {
        Self::new()
    }

    fn shape() -> Shape {
        Shape::of(Kinds::STRING)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        *self = text(node)?.to_owned();
        Ok(())
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.text(self);
    }
}

impl Json for bool {
    fn blank() -> Self {
        false
    }

    fn shape() -> Shape {
        Shape::of(Kinds::BOOLEAN)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        let Entry::Bool(value) = node.entry() else { return Err(DecodeError::expected("a boolean", node)) };
        *self = value;
        Ok(())
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.bool(*self);
    }
}

impl Json for f64 {
    fn blank() -> Self {
        0.0
    }

    fn shape() -> Shape {
        Shape::of(Kinds::NUMBER)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        *self = match node.entry() {
            Entry::Unsigned(value) => value as f64,
            Entry::Signed(value) => value as f64,
            Entry::Float(value) => value,
            _ => return Err(DecodeError::expected("a number", node)),
        };
        Ok(())
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.float(*self);
    }
}

/// A number without a fraction is an integer however it is written (JSON Schema 2020-12, core 4.2.3: `1.0` is `1`).
fn integer(node: Node<'_, '_>) -> Option<i128> {
    match node.entry() {
        Entry::Unsigned(value) => Some(i128::from(value)),
        Entry::Signed(value) => Some(i128::from(value)),
        // An integer that no 64 bits hold arrives as the float next to it, which is not the value that was sent.
        Entry::Float(value) if value.fract() == 0.0 && value.abs() < 9.2e18 => Some(value as i128),
        _ => None,
    }
}

macro_rules! integers {
    ($($integer:ty: $encode:ident, $what:literal,)*) => {
        $(impl Json for $integer {
            fn blank() -> Self {
                0
            }

            fn shape() -> Shape {
                Shape::of(Kinds::INTEGER)
            }

            fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
                let value = integer(node).and_then(|value| value.try_into().ok());
                *self = value.ok_or_else(|| DecodeError::expected($what, node))?;
                Ok(())
            }

            fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
                encoder.$encode((*self).into());
            }
        })*
    };
}

integers! {
    i32: integer, "an integer of 32 bits",
    u32: unsigned, "an integer of 32 bits that is not negative",
    i64: integer, "an integer of 64 bits",
    u64: unsigned, "an integer of 64 bits that is not negative",
    i128: wide, "an integer of 64 bits, with or without a sign",
}

impl Json for Value {
    fn blank() -> Self {
        Self::Null
    }

    fn shape() -> Shape {
        Shape::of(Kinds::ANY)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        *self = node.to_value();
        Ok(())
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        match self {
            Self::Null => encoder.null(),
            Self::Bool(value) => encoder.bool(*value),
            Self::Number(value) => match (value.as_u64(), value.as_i64()) {
                (Some(value), _) => encoder.unsigned(value),
                (None, Some(value)) => encoder.integer(value),
                (None, None) => encoder.float(value.as_f64().unwrap_or(f64::NAN)),
            },
            Self::String(value) => encoder.text(value),
            Self::Array(values) => values.encode(encoder),
            Self::Object(members) => {
                encoder.open_object("");
                for (name, value) in members {
                    encoder.name(name);
                    value.encode(encoder);
                }
                encoder.close_object();
            }
        }
    }
}
