//! Objects: what a generated struct says of its properties, in one table, becomes its reading and writing.

use super::decode_error::DecodeError;
use super::encode::Encoder;
use super::extra::Extra;
use super::json::{Json, from_node};
use super::shape::{Constant, Kinds, Rank, same};
use super::tape::{Entry, Node};

/// A property that is a field.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub(crate) name: &'static str,
    /// The name as it is written behind another member: `,"name":`.
    pub(crate) key: &'static str,
    pub(crate) presence: Presence,
    /// The kinds of its values; one that need not be there may be `null` too.
    pub(crate) kinds: Kinds,
}

/// Whether a property has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    /// It may be absent; `null` counts as absent.
    Optional,
    /// It may be absent, `null` or a value.
    Nullable,
}

impl Member {
    pub(crate) fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }

    fn allows(&self, node: Node<'_, '_>) -> bool {
        self.kinds.contain(node) || !self.is_required() && node.is_null()
    }

    /// Whether the value is a `null` that the field would not keep.
    fn drops(&self, node: Node<'_, '_>) -> bool {
        self.presence == Presence::Optional && node.is_null() && !self.kinds.contain(node)
    }
}

/// What a property is to a type.
enum Found {
    /// The field at this index.
    Field(usize),
    Constant(&'static Constant),
    Nothing,
}

/// The properties of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Members {
    /// Properties with one value, which are no fields.
    pub(crate) constants: &'static [(&'static str, Constant)],
    /// Those that are fields, in their order.
    pub(crate) fields: &'static [Member],
}

impl Members {
    /// Those of an object that has none.
    pub(crate) const NONE: &'static Self = &Self { constants: &[], fields: &[] };

    /// What a property is. Servers write the properties in the document's order, so that the search starts at `next`,
    /// which is behind the field that was found last; constants come first in most documents.
    #[inline]
    fn find(&self, name: &str, next: usize) -> Found {
        if self.fields.get(next).is_some_and(|member| same(member.name, name)) {
            return Found::Field(next);
        }
        if let Some((_, constant)) = self.constants.iter().find(|(other, _)| same(other, name)) {
            return Found::Constant(constant);
        }
        let (before, behind) = self.fields.split_at(next.min(self.fields.len()));
        let is = |member: &Member| same(member.name, name);
        let found = behind.iter().position(is).map(|at| at + next).or_else(|| before.iter().position(is));
        found.map_or(Found::Nothing, Found::Field)
    }

    /// Reads the members of an object into the fields of a type; the others go to `rest`.
    ///
    /// # Errors
    ///
    /// When the value is no object, a required property is missing, or one is not what its field can hold.
    pub(crate) fn decode(
        &self,
        node: Node<'_, '_>,
        fields: &mut [&mut dyn Json],
        rest: &mut dyn Rest,
    ) -> Result<(), DecodeError> {
        let Entry::Object { .. } = node.entry() else { return Err(DecodeError::expected("an object", node)) };
        let mut slots = Slots::new(self.fields.len());
        let slots = slots.as_mut();
        self.sort(node, slots, rest)?;
        for ((member, field), slot) in self.fields.iter().zip(fields).zip(slots) {
            match slot {
                0 if member.is_required() => {
                    return Err(DecodeError::new("missing required property").inside(member.name));
                }
                0 => {}
                at => field.decode(node.at(*at)).map_err(|error| error.inside(member.name))?,
            }
        }
        Ok(())
    }

    /// Sorts the members of an object by the fields that they belong to; the others go to `rest`.
    fn sort(&self, node: Node<'_, '_>, slots: &mut [u32], rest: &mut dyn Rest) -> Result<(), DecodeError> {
        let mut next = 0;
        for (name, value) in node.members() {
            match self.find(name, next) {
                Found::Field(at) => {
                    next = at + 1;
                    slots[at] = value.index();
                }
                // A constant is no field: the value that the document names is implied, another one is kept.
                Found::Constant(constant) if constant.is(value) => rest.remove(name),
                _ => rest.read(name, value).map_err(|error| error.inside(name))?,
            }
        }
        Ok(())
    }

    /// How well the members of an object fit; `None` when they do not.
    pub(crate) fn rank(&self, node: Node<'_, '_>) -> Option<Rank> {
        // Most members of a union are told apart by the properties that they require.
        let mut required = self.fields.iter().filter(|member| member.is_required());
        if !required.all(|member| node.members().any(|(name, _)| same(member.name, name))) {
            return None;
        }
        let mut rank = Rank::default();
        let mut slots = Slots::new(self.fields.len());
        let slots = slots.as_mut();
        let mut next = 0;
        for (name, value) in node.members() {
            match self.find(name, next) {
                Found::Field(at) => {
                    next = at + 1;
                    slots[at] = value.index();
                }
                Found::Constant(constant) if constant.is(value) => {
                    rank.constants += 1;
                    rank.known += 1;
                }
                Found::Constant(_) => return None,
                Found::Nothing => {}
            }
        }
        for (member, slot) in self.fields.iter().zip(slots) {
            match slot {
                0 if member.is_required() => return None,
                0 => {}
                at if !member.allows(node.at(*at)) => return None,
                // It counts as absent, so that a member that keeps it fits better.
                at if member.drops(node.at(*at)) => {}
                _ => {
                    rank.known += 1;
                    rank.required += usize::from(member.is_required());
                }
            }
        }
        Some(rank)
    }
}

/// For each property the place of its value on the tape; 0, which is that of no member, where it is absent. They stand
/// on the stack where they are few.
struct Slots {
    few: [u32; 32],
    many: Vec<u32>,
}

impl Slots {
    fn new(count: usize) -> Self {
        Self { few: [0; 32], many: if count > 32 { vec![0; count] } else { Vec::new() } }
    }

    fn as_mut(&mut self) -> &mut [u32] {
        if self.many.is_empty() { &mut self.few } else { &mut self.many }
    }
}

/// The properties of an object that are no fields.
pub(crate) trait Rest {
    /// Keeps a property.
    ///
    /// # Errors
    ///
    /// When its value is none that may stand there.
    fn read(&mut self, name: &str, node: Node<'_, '_>) -> Result<(), DecodeError>;

    fn remove(&mut self, name: &str);

    fn contains(&self, name: &str) -> bool;

    fn encode_members<'a>(&'a self, encoder: &mut Encoder<'a>);
}

impl<T: Json> Rest for Extra<T> {
    fn read(&mut self, name: &str, node: Node<'_, '_>) -> Result<(), DecodeError> {
        self.insert(name, from_node(node)?);
        Ok(())
    }

    fn remove(&mut self, name: &str) {
        Extra::remove(self, name);
    }

    fn contains(&self, name: &str) -> bool {
        self.contains_key(name)
    }

    fn encode_members<'a>(&'a self, encoder: &mut Encoder<'a>) {
        for (name, value) in self.iter() {
            encoder.name(name);
            value.encode(encoder);
        }
    }
}

/// Defines an object: a struct, its reading and its writing.
///
/// In brackets stand the properties with one value: the associated constant, the property, and its kind. In braces
/// stand those that are fields: whether the property has to be there, the field, the type of the property, the
/// property, the kinds of JSON values that it has, and `into` when a setter converts what it is given. The last field
/// holds the properties that the document does not name. A name that JSON writes with escapes stands there `as` it is
/// written, too. Types that are sent have a constructor, with what it asks for.
macro_rules! object {
    (
        $(#[$attribute:meta])*
        pub struct $type:ident $([$($constants:tt)*])? {$($fields:tt)*}
        new $arguments:tt
    ) => {
        $crate::runtime::object::object! {
            $(#[$attribute])*
            pub struct $type $([$($constants)*])? {$($fields)*}
        }

        $crate::runtime::build::build!($type $arguments {$($fields)*});
    };
    (
        $(#[$attribute:meta])*
        pub struct $type:ident $([$($constant:ident = $constant_name:literal: $constant_kind:ident),*])? {
            $(
                $(#[$field_attribute:meta])*
                $presence:ident $field:ident: $property:ty =
                    $name:literal $(as $escaped:literal)?: $($kind:ident)|+ $($into:ident)?,
            )*
            ..$extra:ident $(: $other:ty)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone)]
        #[non_exhaustive]
        pub struct $type {
            $(
                $(#[$field_attribute])*
                pub $field: $crate::runtime::object::field!($presence $property),
            )*
            /// Properties that the API's document does not name, kept as they came.
            pub $extra: $crate::runtime::extra::Extra<$($other)?>,
        }

        impl $crate::runtime::json::Json for $type {
            fn blank() -> Self {
                Self {
                    $($field: $crate::runtime::json::Json::blank(),)*
                    $extra: $crate::runtime::extra::Extra::new(),
                }
            }

            fn shape() -> $crate::runtime::shape::Shape {
                $crate::runtime::shape::Shape::object(&$crate::runtime::object::Members {
                    constants: &[$(
                        $(($constant_name, $crate::runtime::shape::Constant::$constant_kind(Self::$constant)),)*
                    )?],
                    fields: &[
                        $($crate::runtime::object::Member {
                            name: $name,
                            key: $crate::runtime::object::key!($name $($escaped)?),
                            presence: $crate::runtime::object::Presence::$presence,
                            kinds: $crate::runtime::shape::Kinds(0 $(| $crate::runtime::shape::Kinds::$kind.0)+),
                        },)*
                    ],
                })
            }

            fn decode(
                &mut self,
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<(), $crate::runtime::decode_error::DecodeError> {
                // A setter can be called `shape`, too.
                let members = <Self as $crate::runtime::json::Json>::shape().members();
                members.decode(node, &mut [$(&mut self.$field),*], &mut self.$extra)
            }

            fn encode<'a>(&'a self, encoder: &mut $crate::runtime::encode::Encoder<'a>) {
                let members = <Self as $crate::runtime::json::Json>::shape().members();
                encoder.object(stringify!($type), members, &[$(&self.$field),*], &self.$extra);
            }
        }

        $crate::runtime::traits::std_traits!($type);
        $crate::runtime::traits::serde_traits!($type);
    };
}

pub(crate) use object;

/// The type of the field for a property.
macro_rules! field {
    (Required $property:ty) => { $property };
    (Optional $property:ty) => { Option<$property> };
    (Nullable $property:ty) => { $crate::runtime::nullable::Nullable<$property> };
}

pub(crate) use field;

/// What is written before the value of a property that is not the first.
macro_rules! key {
    ($name:literal) => {
        concat!(",\"", $name, "\":")
    };
    ($name:literal $escaped:literal) => {
        concat!(",\"", $escaped, "\":")
    };
}

pub(crate) use key;
