//! Objects: what a generated struct says of its properties, in one table, becomes its reading and writing.

use std::cmp::Reverse;

use super::decode_error::DecodeError;
use super::encode::Encoder;
use super::extra::Extra;
use super::json::{Json, from_node};
use super::shape::{Constant, Kinds, Rank, Shape, same};
use super::tape::{Entry, Node};

/// A property that is a field: its name, and what is said of it as the sum of [`bits`].
#[derive(Clone, Copy, Debug)]
pub struct Member(&'static (&'static str, u16));

/// What is said of a property that is a field, in bits.
pub(crate) mod bits {
    use crate::runtime::shape::Kinds;

    /// It has to be there. One that need not may be `null` too, which counts as absent.
    pub(crate) const REQUIRED: u16 = 1 << 8;
    /// It may be absent, `null` or a value.
    pub(crate) const NULLABLE: u16 = 1 << 9;
    /// JSON writes its name with escapes (RFC 8259, section 7).
    pub(crate) const ESCAPED: u16 = 1 << 10;

    pub(crate) const NULL: u16 = Kinds::NULL.0 as u16;
    pub(crate) const BOOLEAN: u16 = Kinds::BOOLEAN.0 as u16;
    pub(crate) const INTEGER: u16 = Kinds::INTEGER.0 as u16;
    pub(crate) const NUMBER: u16 = Kinds::NUMBER.0 as u16;
    pub(crate) const STRING: u16 = Kinds::STRING.0 as u16;
    pub(crate) const ARRAY: u16 = Kinds::ARRAY.0 as u16;
    pub(crate) const OBJECT: u16 = Kinds::OBJECT.0 as u16;
    pub(crate) const ANY: u16 = Kinds::ANY.0 as u16;
}

impl Member {
    pub(crate) fn name(self) -> &'static str {
        self.0.0
    }

    fn bits(self) -> u16 {
        self.0.1
    }

    pub(crate) fn is_required(self) -> bool {
        self.bits() & bits::REQUIRED != 0
    }

    /// Whether JSON writes its name with escapes.
    pub(crate) fn is_escaped(self) -> bool {
        self.bits() & bits::ESCAPED != 0
    }

    /// The kinds of its values.
    fn kinds(self) -> Kinds {
        Kinds(self.bits() as u8)
    }

    fn allows(self, node: Node<'_, '_>) -> bool {
        self.kinds().contain(node) || !self.is_required() && node.is_null()
    }

    /// Whether the value is a `null` that the field would not keep.
    fn drops(self, node: Node<'_, '_>) -> bool {
        self.bits() & (bits::REQUIRED | bits::NULLABLE) == 0 && node.is_null() && !self.kinds().contain(node)
    }
}

/// What a property is to a type.
enum Found {
    /// The field at this index.
    Field(usize),
    Constant(&'static (&'static str, Constant, u16)),
    Nothing,
}

/// The properties of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Members {
    /// Properties with one value, which are no fields: a name, the value, and what is said of it in [`bits`].
    pub(crate) constants: &'static [(&'static str, Constant, u16)],
    /// Those that are fields, in their order: a name, and what is said of it in [`bits`].
    pub(crate) fields: &'static [(&'static str, u16)],
    /// The kinds of the values, in [`bits`]: objects, and others where the document does not exclude them.
    pub(crate) kinds: u16,
}

impl Members {
    /// Those of an object that has none.
    pub(crate) const NONE: &'static Self = &Self { constants: &[], fields: &[], kinds: bits::OBJECT };

    /// Those that are fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Member> + use<> {
        self.fields.iter().map(Member)
    }

    /// What a property is. Servers write the properties in the document's order, so that the search starts at `next`,
    /// which is behind the field that was found last; constants come first in most documents.
    #[inline]
    fn find(&self, name: &str, next: usize) -> Found {
        if self.fields.get(next).is_some_and(|(other, _)| same(other, name)) {
            return Found::Field(next);
        }
        if let Some(constant) = self.constants.iter().find(|(other, ..)| same(other, name)) {
            return Found::Constant(constant);
        }
        let (before, behind) = self.fields.split_at(next.min(self.fields.len()));
        let is = |(other, _): &(&str, u16)| same(other, name);
        let found = behind.iter().position(is).map(|at| at + next).or_else(|| before.iter().position(is));
        found.map_or(Found::Nothing, Found::Field)
    }

    fn decode(&self, node: Node<'_, '_>, fields: &mut [&mut dyn Json], rest: &mut dyn Rest) -> Result<(), DecodeError> {
        let Entry::Object { .. } = node.entry() else {
            if !Kinds(self.kinds as u8).contain(node) {
                return Err(DecodeError::expected("an object", node));
            }
            rest.set_instead(node.to_value());
            return Ok(());
        };
        let mut slots = Slots::new(self.fields.len());
        let slots = slots.as_mut();
        self.sort(node, slots, rest);
        for ((member, field), slot) in self.fields().zip(fields).zip(slots) {
            match slot {
                0 if member.is_required() => {
                    return Err(DecodeError::new("missing required property").inside(member.name()));
                }
                0 => {}
                at => field.decode(node.at(*at)).map_err(|error| error.inside(member.name()))?,
            }
        }
        Ok(())
    }

    /// Sorts the members of an object by the fields that they belong to; the others go to `rest`.
    fn sort(&self, node: Node<'_, '_>, slots: &mut [u32], rest: &mut dyn Rest) {
        let mut next = 0;
        for (name, value) in node.members() {
            match self.find(name, next) {
                Found::Field(at) => {
                    next = at + 1;
                    slots[at] = value.index();
                }
                // A constant is no field: the value that the document names is implied, another one is kept.
                Found::Constant((_, constant, _)) if constant.is(value) => rest.remove(name),
                _ => rest.read(name, value),
            }
        }
    }

    /// How well the members of an object fit; `None` when they do not.
    pub(crate) fn rank(&self, node: Node<'_, '_>) -> Option<Rank> {
        // Most members of a union are told apart by the properties that they require.
        let mut required = self.fields().filter(|member| member.is_required());
        if !required.all(|member| node.members().any(|(name, _)| same(member.name(), name))) {
            return None;
        }
        let required = self.constants.iter().filter(|(.., bits)| bits & bits::REQUIRED != 0);
        let mut rank = Rank { missing: Reverse(required.count()), ..Rank::default() };
        let mut slots = Slots::new(self.fields.len());
        let slots = slots.as_mut();
        let mut next = 0;
        for (name, value) in node.members() {
            match self.find(name, next) {
                Found::Field(at) => {
                    next = at + 1;
                    slots[at] = value.index();
                }
                Found::Constant((_, constant, bits)) if constant.is(value) => {
                    rank.missing.0 = rank.missing.0.saturating_sub(usize::from(bits & bits::REQUIRED != 0));
                    rank.constants += 1;
                    rank.known += 1;
                }
                Found::Constant(_) => return None,
                Found::Nothing => {}
            }
        }
        for (member, slot) in self.fields().zip(slots) {
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

/// Reads the members of an object into the fields of a type that looks like `shape`; the others go to `rest`. The
/// function is called here, since each call in a generated body costs the compiler of the crate.
///
/// # Errors
///
/// When the value is no object, a required property is missing, or one is not what its field can hold.
pub(crate) fn decode(
    shape: fn() -> Shape,
    node: Node<'_, '_>,
    fields: &mut [&mut dyn Json],
    rest: &mut dyn Rest,
) -> Result<(), DecodeError> {
    shape().members().decode(node, fields, rest)
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
    /// Whether nothing was kept.
    fn is_blank(&self) -> bool;

    /// Keeps a property, whatever its value is.
    fn read(&mut self, name: &str, node: Node<'_, '_>);

    /// Keeps a value that came instead of an object.
    fn set_instead(&mut self, value: serde_json::Value);

    /// The value that came instead of an object.
    fn instead(&self) -> Option<&serde_json::Value>;

    fn remove(&mut self, name: &str);

    fn contains(&self, name: &str) -> bool;

    /// Writes the properties but for those that are written already.
    fn encode_members<'a>(&'a self, is_written: &dyn Fn(&str) -> bool, encoder: &mut Encoder<'a>);
}

impl<T: Json> Rest for Extra<T> {
    fn is_blank(&self) -> bool {
        Extra::is_blank(self)
    }

    fn read(&mut self, name: &str, node: Node<'_, '_>) {
        match from_node(node) {
            Ok(value) => drop(self.insert(name, value)),
            // A later server may name a property of another type, which must not cost the response.
            Err(_) => self.insert_other(name, node.to_value()),
        }
    }

    fn set_instead(&mut self, value: serde_json::Value) {
        Extra::set_instead(self, value);
    }

    fn instead(&self) -> Option<&serde_json::Value> {
        Extra::instead(self)
    }

    fn remove(&mut self, name: &str) {
        Extra::remove(self, name);
    }

    fn contains(&self, name: &str) -> bool {
        self.contains_key(name)
    }

    fn encode_members<'a>(&'a self, is_written: &dyn Fn(&str) -> bool, encoder: &mut Encoder<'a>) {
        for (name, value) in self.iter().filter(|(name, _)| !is_written(name)) {
            encoder.name(name);
            value.encode(encoder);
        }
        for (name, value) in self.others().filter(|(name, _)| !is_written(name)) {
            encoder.name(name);
            value.encode(encoder);
        }
    }
}

/// Defines an object: a struct, its reading and its writing.
///
/// In brackets stand the properties with one value: the associated constant, the property, its kind, and whether it has
/// to be there. In braces stand those that are fields: the field, its type, the property, and what is said of it
/// ([`bits`]). The last field holds the properties that the document does not name, and behind a bar stand other kinds
/// of values that it keeps. Types that are sent have a constructor, with what it asks for (last what the server leaves
/// out), and setters, with what they take.
macro_rules! object {
    (
        $(#[$attribute:meta])*
        pub struct $type:ident $([
            $($constant:ident = $constant_name:literal: $constant_kind:ident $(| $constant_bit:ident)?),*
        ])? {
            $(
                $(#[$field_attribute:meta])*
                $field:ident: $field_type:ty = $name:literal: $($bit:ident)|+,
            )*
            ..$extra:ident $(: $other:ty)? $(| $kind:ident)?
        }
        $(new $arguments:tt $(asked $asked:tt)?)?
        $(set($($set:ident: $value:ty),*))?
        $(set_nullable($($set_nullable:ident: $nullable:ty),*))?
    ) => {
        $(#[$attribute])*
        #[derive(Clone)]
        #[non_exhaustive]
        pub struct $type {
            $(
                $(#[$field_attribute])*
                pub $field: $field_type,
            )*
            /// Properties that the API's document does not name, kept as they came.
            pub $extra: $crate::runtime::extra::Extra<$($other)?>,
        }

        $($crate::runtime::build::new!($type $arguments $($asked)?);)?

        $(impl $type {
            $(
                /// Sets the field of this name.
                #[must_use]
                pub fn $set(mut self, $set: $value) -> Self {
                    self.$set = Some($set.into());
                    self
                }
            )*
        })?

        $(impl $type {
            $(
                /// Sets the field of this name.
                #[must_use]
                pub fn $set_nullable(mut self, $set_nullable: $nullable) -> Self {
                    self.$set_nullable = $set_nullable.into();
                    self
                }
            )*
        })?

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
                        $((
                            $constant_name,
                            $crate::runtime::shape::Constant::$constant_kind(Self::$constant),
                            0 $(| $crate::runtime::object::bits::$constant_bit)?,
                        ),)*
                    )?],
                    fields: &[$(($name, $($crate::runtime::object::bits::$bit)|+),)*],
                    kinds: $crate::runtime::object::bits::OBJECT $(| $crate::runtime::object::bits::$kind)?,
                })
            }

            fn decode(
                &mut self,
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<(), $crate::runtime::decode_error::DecodeError> {
                // A setter can be called `shape`, too.
                let shape = <Self as $crate::runtime::json::Json>::shape;
                $crate::runtime::object::decode(shape, node, &mut [$(&mut self.$field),*], &mut self.$extra)
            }

            fn encode<'a>(&'a self, encoder: &mut $crate::runtime::encode::Encoder<'a>) {
                let shape = <Self as $crate::runtime::json::Json>::shape;
                encoder.object(stringify!($type), shape, &[$(&self.$field),*], &self.$extra);
            }
        }

        $crate::runtime::traits::std_traits!($type);
        $crate::runtime::traits::serde_traits!($type);
    };
}

pub(crate) use object;
