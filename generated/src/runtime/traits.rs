//! The traits of other crates that every generated type has, by way of `Json`: compiled once, and not for each type.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::encode::Encoder;
use super::json::{Json, from_node};
use super::tape::{Entry, MAX_DEPTH, Node, Tape};

/// Implements `Debug` and `PartialEq` for a type that implements `Json`.
macro_rules! std_traits {
    ($type:ident) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::runtime::debug::fmt(self, f)
            }
        }

        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::runtime::traits::equal(self, other)
            }
        }
    };
}

pub(crate) use std_traits;

/// Implements serde's traits for a type that implements `Json`.
macro_rules! serde_traits {
    ($type:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::runtime::traits::deserialize(deserializer)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::runtime::traits::serialize(self, serializer)
            }
        }
    };
}

pub(crate) use serde_traits;

/// Whether two values are the same JSON value, but for texts that mean the same.
pub(crate) fn equal(a: &dyn Json, b: &dyn Json) -> bool {
    written(Encoder::comparison(), a).root() == written(Encoder::comparison(), b).root()
}

fn written<'a>(mut encoder: Encoder<'a>, value: &'a dyn Json) -> Tape<'a> {
    value.encode(&mut encoder);
    encoder.into_tape()
}

/// Writes a value in any format that serde knows.
///
/// # Errors
///
/// Those of the serializer.
pub(crate) fn serialize<S: Serializer>(value: &dyn Json, serializer: S) -> Result<S::Ok, S::Error> {
    written(Encoder::tape(), value).root().serialize(serializer)
}

/// Reads a type from any format that serde knows.
///
/// # Errors
///
/// Those of the deserializer, and when the value is one that the type cannot hold.
pub(crate) fn deserialize<'de, T: Json, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut tape = Tape::default();
    Seed { tape: &mut tape }.deserialize(deserializer)?;
    from_node(tape.finish().root()).map_err(de::Error::custom)
}

impl Serialize for Node<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.entry() {
            Entry::Null => serializer.serialize_unit(),
            Entry::Bool(value) => serializer.serialize_bool(value),
            Entry::Unsigned(value) => serializer.serialize_u64(value),
            Entry::Signed(value) => serializer.serialize_i64(value),
            Entry::Float(value) => serializer.serialize_f64(value),
            Entry::Text(_) | Entry::Held { .. } => serializer.serialize_str(self.text().unwrap_or_default()),
            Entry::Array { len, .. } => {
                let mut array = serializer.serialize_seq(Some(len as usize))?;
                self.elements().try_for_each(|element| array.serialize_element(&element))?;
                array.end()
            }
            Entry::Object { len, .. } => {
                let mut object = serializer.serialize_map(Some(len as usize))?;
                self.members().try_for_each(|(name, value)| object.serialize_entry(name, &value))?;
                object.end()
            }
        }
    }
}

/// Appends the value of a deserializer to a tape.
struct Seed<'t, 'de> {
    tape: &'t mut Tape<'de>,
}

impl<'de> Seed<'_, 'de> {
    fn push<E>(self, entry: Entry<'de>) -> Result<(), E> {
        self.tape.push(entry);
        Ok(())
    }

    fn check_depth<E: de::Error>(&self) -> Result<(), E> {
        if self.tape.depth() == MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }

    fn close<E: de::Error>(self) -> Result<(), E> {
        self.tape.close().map_err(|_| E::custom("more values than can be counted in 32 bits"))
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push(Entry::Null)
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.push(Entry::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.push(Entry::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.push(u64::try_from(value).map_or(Entry::Signed(value), Entry::Unsigned))
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.push(Entry::Unsigned(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.push(Entry::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<(), E> {
        self.push(Entry::Text(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.tape.push_owned(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        self.check_depth()?;
        self.tape.open_array();
        while elements.next_element_seed(Seed { tape: self.tape })?.is_some() {
            self.tape.count();
        }
        self.close()
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.check_depth()?;
        self.tape.open_object();
        while members.next_key_seed(Seed { tape: self.tape })?.is_some() {
            self.tape.count();
            members.next_value_seed(Seed { tape: self.tape })?;
        }
        self.close()
    }
}
