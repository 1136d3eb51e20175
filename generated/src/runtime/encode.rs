//! Writing types to a tape, from which any format that serde knows is written.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::extra::{Extra, Map};
use super::nullable::Nullable;
use super::shape::Constant;
use super::tape::{Entry, Node, Tape};

/// A type that writes itself to a tape.
pub(crate) trait Encode {
    /// Appends the value.
    fn encode<'a>(&'a self, tape: &mut Tape<'a>);
}

/// The value as a JSON text.
///
/// # Errors
///
/// None that a value of a generated type can cause.
pub(crate) fn to_json<T: Encode + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut tape = Tape::default();
    value.encode(&mut tape);
    serde_json::to_vec(&tape.root())
}

/// Writes a value in any format that serde knows.
///
/// # Errors
///
/// Those of the serializer.
pub(crate) fn serialize<T: Encode, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut tape = Tape::default();
    value.encode(&mut tape);
    tape.root().serialize(serializer)
}

impl Serialize for Node<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.entry() {
            Entry::Null => serializer.serialize_unit(),
            Entry::Bool(value) => serializer.serialize_bool(*value),
            Entry::Unsigned(value) => serializer.serialize_u64(*value),
            Entry::Signed(value) => serializer.serialize_i64(*value),
            Entry::Float(value) => serializer.serialize_f64(*value),
            Entry::Text(value) => serializer.serialize_str(value),
            Entry::Array { len, .. } => {
                let mut array = serializer.serialize_seq(Some(*len as usize))?;
                self.elements().try_for_each(|element| array.serialize_element(&element))?;
                array.end()
            }
            Entry::Object { len, .. } => {
                let mut object = serializer.serialize_map(Some(*len as usize))?;
                self.members().try_for_each(|(name, value)| object.serialize_entry(name, &value))?;
                object.end()
            }
        }
    }
}

impl Encode for String {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        self.as_str().encode(tape);
    }
}

impl Encode for str {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        tape.push(Entry::Text(Cow::Borrowed(self)));
    }
}

impl Encode for bool {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        tape.push(Entry::Bool(*self));
    }
}

impl Encode for f64 {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        tape.push(Entry::Float(*self));
    }
}

impl Encode for i64 {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        tape.push(Entry::Signed(*self));
    }
}

impl Encode for i32 {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        tape.push(Entry::Signed(i64::from(*self)));
    }
}

impl Encode for u64 {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        tape.push(Entry::Unsigned(*self));
    }
}

impl Encode for Value {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        match self {
            Self::Null => tape.push(Entry::Null),
            Self::Bool(value) => tape.push(Entry::Bool(*value)),
            Self::Number(value) => tape.push(match (value.as_u64(), value.as_i64()) {
                (Some(value), _) => Entry::Unsigned(value),
                (None, Some(value)) => Entry::Signed(value),
                (None, None) => Entry::Float(value.as_f64().unwrap_or(f64::NAN)),
            }),
            Self::String(value) => value.encode(tape),
            Self::Array(values) => values.encode(tape),
            Self::Object(members) => {
                let start = tape.open_object();
                for (name, value) in members {
                    tape.push_name(name);
                    value.encode(tape);
                }
                tape.close(start, members.len());
            }
        }
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        (**self).encode(tape);
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        match self {
            Some(value) => value.encode(tape),
            None => tape.push(Entry::Null),
        }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        self.as_slice().encode(tape);
    }
}

impl<T: Encode> Encode for [T] {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        let start = tape.open_array();
        for element in self {
            element.encode(tape);
        }
        tape.close(start, self.len());
    }
}

impl<T: Encode> Encode for Map<T> {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        let start = tape.open_object();
        for (name, value) in self {
            tape.push_name(name);
            value.encode(tape);
        }
        tape.close(start, self.len());
    }
}

impl Encode for Constant {
    fn encode<'a>(&'a self, tape: &mut Tape<'a>) {
        tape.push(match self {
            Self::Bool(value) => Entry::Bool(*value),
            Self::Integer(value) => Entry::Signed(*value),
            Self::Text(value) => Entry::Text(Cow::Borrowed(value)),
        });
    }
}

/// Appends an object to a tape, member by member.
pub(crate) struct ObjectEncoder<'t, 'a, T> {
    tape: &'t mut Tape<'a>,
    start: usize,
    len: usize,
    extra: &'a Extra<T>,
}

impl<'t, 'a, T: Encode> ObjectEncoder<'t, 'a, T> {
    /// Starts an object that ends with the properties in `extra`.
    pub(crate) fn new(tape: &'t mut Tape<'a>, extra: &'a Extra<T>) -> Self {
        let start = tape.open_object();
        Self { tape, start, len: 0, extra }
    }

    fn member<V: Encode + ?Sized>(&mut self, name: &'a str, value: &'a V) {
        self.tape.push_name(name);
        value.encode(self.tape);
        self.len += 1;
    }

    /// A property with the one value that the document names, unless another one was kept.
    pub(crate) fn constant(&mut self, name: &'static str, value: &'static Constant) {
        if !self.extra.contains_key(name) {
            self.member(name, value);
        }
    }

    /// A property that is always there.
    pub(crate) fn required<V: Encode>(&mut self, name: &'static str, value: &'a V) {
        self.member(name, value);
    }

    /// A property that may be absent.
    pub(crate) fn optional<V: Encode>(&mut self, name: &'static str, value: &'a Option<V>) {
        if let Some(value) = value {
            self.member(name, value);
        }
    }

    /// A property that may be absent, `null` or a value.
    pub(crate) fn nullable<V: Encode>(&mut self, name: &'static str, value: &'a Nullable<V>) {
        match value {
            Nullable::Absent => {}
            Nullable::Null => self.member(name, &None::<bool>),
            Nullable::Value(value) => self.member(name, value),
        }
    }

    /// The properties that the document does not name, and the end.
    pub(crate) fn end(mut self) {
        let extra = self.extra;
        for (name, value) in extra.iter() {
            self.member(name, value);
        }
        self.tape.close(self.start, self.len);
    }
}
