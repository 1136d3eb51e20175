//! Writing types as JSON objects.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::extra::Extra;
use super::nullable::Nullable;

/// Writes the members of an object.
pub(crate) struct ObjectEncoder<'e, S: Serializer, T> {
    map: S::SerializeMap,
    extra: &'e Extra<T>,
}

impl<'e, S: Serializer, T: Serialize> ObjectEncoder<'e, S, T> {
    /// Starts an object that ends with the properties in `extra`.
    pub(crate) fn new(serializer: S, extra: &'e Extra<T>) -> Result<Self, S::Error> {
        Ok(Self { map: serializer.serialize_map(None)?, extra })
    }

    /// A property with the one value that the document names, unless another one was kept.
    pub(crate) fn constant(&mut self, name: &'static str, value: impl Serialize) -> Result<(), S::Error> {
        if self.extra.contains_key(name) { Ok(()) } else { self.map.serialize_entry(name, &value) }
    }

    /// A property that is always there.
    pub(crate) fn required(&mut self, name: &'static str, value: &impl Serialize) -> Result<(), S::Error> {
        self.map.serialize_entry(name, value)
    }

    /// A property that may be absent.
    pub(crate) fn optional(&mut self, name: &'static str, value: &Option<impl Serialize>) -> Result<(), S::Error> {
        value.as_ref().map_or(Ok(()), |value| self.map.serialize_entry(name, value))
    }

    /// A property that may be absent, `null` or a value.
    pub(crate) fn nullable(&mut self, name: &'static str, value: &Nullable<impl Serialize>) -> Result<(), S::Error> {
        match value {
            Nullable::Absent => Ok(()),
            Nullable::Null => self.map.serialize_entry(name, &()),
            Nullable::Value(value) => self.map.serialize_entry(name, value),
        }
    }

    /// The properties that the document does not name, and the end.
    pub(crate) fn end(mut self) -> Result<S::Ok, S::Error> {
        for (name, value) in self.extra.iter() {
            self.map.serialize_entry(name, value)?;
        }
        self.map.end()
    }
}
