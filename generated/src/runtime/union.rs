//! Unions: finds the member of a `oneOf` or `anyOf` that a value belongs to.

use super::decode_error::DecodeError;
use super::json::Json;
use super::shape::{Rank, Shape, same};
use super::tape::{Entry, Node};

/// A type that holds a value of one of its members.
pub(crate) trait Union {
    /// Becomes a blank value of a member, or else the one that holds any value; gives what it holds.
    fn select(&mut self, member: usize) -> &mut dyn Json;
}

/// The members of a union.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    /// The property that tells the members apart; none where nothing does.
    pub(crate) tag: &'static [&'static str],
    /// For each member the values of that property that stand for it.
    pub(crate) tags: &'static [&'static [&'static str]],
    /// What tells members apart that have a value of it in common; none where no two have.
    pub(crate) shared: &'static [&'static str],
    /// The member for values of that property which stand for none, and for values without it; none where the document
    /// names none.
    pub(crate) default: &'static [usize],
    /// The variant for values that the member which the tag names cannot hold; none where such a value is an error.
    pub(crate) unfit: &'static [&'static str],
    /// For each member what its values look like.
    pub(crate) shapes: &'static [fn() -> Shape],
}

/// More than members that any union has: it selects the one that holds any value.
const OTHER: usize = usize::MAX;

impl Table {
    /// That of a type that is no union.
    pub(crate) const NONE: &'static Self =
        &Self { tag: &[], tags: &[], shared: &[], default: &[], unfit: &[], shapes: &[] };

    /// Reads a union: the tag decides where there is one. A value that no member fits is kept as it is. The values of a
    /// tag are texts in the document; of a number that none of them stands for the members' own constants know.
    ///
    /// # Errors
    ///
    /// When the member that the tag names cannot hold the value, and no variant is for such values.
    pub(crate) fn decode(&self, node: Node<'_, '_>, union: &mut dyn Union) -> Result<(), DecodeError> {
        let value = self.tag.first().and_then(|tag| node.member(tag));
        let text = value.and_then(|value| value.text());
        let is_named = |member: usize| match (text, value) {
            (Some(text), _) => self.tags[member].iter().any(|tag| same(tag, text)),
            (None, Some(value)) => self.tags[member].iter().any(|tag| stands_for(tag, value)),
            (None, None) => false,
        };
        if let Some(member) = (0..self.tags.len()).find(|member| is_named(*member)) {
            if !self.shared.is_empty() && (member + 1..self.tags.len()).any(is_named) {
                let others = (0..self.tags.len()).filter(|member| !is_named(*member)).collect();
                return self.untagged(node, union, others);
            }
            return match read(node, union, member) {
                Err(_) if !self.unfit.is_empty() => read(node, union, OTHER),
                read => read,
            };
        }
        if self.default.first().is_some_and(|member| read(node, union, *member).is_ok()) {
            return Ok(());
        }
        match text {
            Some(_) => read(node, union, OTHER),
            None => self.untagged(node, union, Vec::new()),
        }
    }

    /// Reads the member that a name beside the value tells; by its looks where that is none's.
    ///
    /// # Errors
    ///
    /// When that member cannot hold the value.
    pub(crate) fn decode_named(
        &self,
        node: Node<'_, '_>,
        union: &mut dyn Union,
        name: &str,
    ) -> Result<(), DecodeError> {
        match self.tags.iter().position(|tags| tags.iter().any(|tag| same(tag, name))) {
            Some(member) => read(node, union, member),
            None => self.decode(node, union),
        }
    }

    /// Tells the members apart by what they look like: by the kind of the value, then by constants, by required
    /// properties, by the number of known properties, and last by the order of the document. Those that were `tried`
    /// are out of the question.
    fn untagged(&self, node: Node<'_, '_>, union: &mut dyn Union, mut tried: Vec<usize>) -> Result<(), DecodeError> {
        while let Some(member) = self.best(node, &tried) {
            if read(node, union, member).is_ok() {
                return Ok(());
            }
            // A member that fits at first sight and fails deeper down cost a walk through the value. Nested unions
            // could multiply such walks, so that their sum over a text is bounded.
            if !node.may_try_again() {
                break;
            }
            tried.push(member);
        }
        read(node, union, OTHER)
    }

    /// The member that fits best of those that were not tried. Of members that fit alike it is the first one, but where
    /// the tag is missing: each of them would add its own.
    fn best(&self, node: Node<'_, '_>, tried: &[usize]) -> Option<usize> {
        let (mut best, mut is_alone): (Option<(Rank, usize)>, bool) = (None, true);
        for (member, shape) in self.shapes.iter().enumerate().filter(|(member, _)| !tried.contains(member)) {
            let Some(rank) = shape().rank(node).filter(|rank| self.bears(rank, node)) else { continue };
            match best {
                Some((other, _)) if rank < other => {}
                Some((other, _)) if rank == other => is_alone = false,
                _ => (best, is_alone) = (Some((rank, member)), true),
            }
        }
        let best = best.filter(|(rank, _)| is_alone || rank.missing.0 == 0);
        best.map(|(_, member)| member)
    }

    /// Whether a value may be that of a member although it lacks constants of it: where the tag itself is not there,
    /// which is one of them, and nowhere else, since what is required of a value is what tells such members apart.
    pub(crate) fn bears(&self, rank: &Rank, node: Node<'_, '_>) -> bool {
        rank.missing.0 == 0 || self.tag.first().is_some_and(|tag| node.member(tag).is_none())
    }
}

/// Whether a text of the document names the value of a tag that is no text itself.
fn stands_for(tag: &str, value: Node<'_, '_>) -> bool {
    match value.entry() {
        Entry::Bool(value) => tag == if value { "true" } else { "false" },
        Entry::Unsigned(value) => tag.parse() == Ok(value),
        Entry::Signed(value) => tag.parse() == Ok(value),
        _ => false,
    }
}

fn read(node: Node<'_, '_>, union: &mut dyn Union, member: usize) -> Result<(), DecodeError> {
    union.select(member).decode(node)
}

/// Defines a union: an enumeration, its reading and its writing.
///
/// Behind the name stands whether it is set beside `null`; then the property that tells the members apart, where there
/// is one; that their looks do so too, where two have a value of it in common; the number of the member for all other
/// values of it; and behind a bar the variant for values that the member which it names cannot hold. In braces stand
/// the members with their numbers: the variant, its type, the values of that property (or names of events), and what
/// the variant can be made `from` where no other one is made of that. The last variant is for values that fit none.
macro_rules! union {
    (
        $(#[$attribute:meta])*
        pub enum $type:ident
        $(or $null:ident)?
        $(by $tag:literal $(and $shared:ident)? $(else $default:literal)? $(| $unfit:ident)?)?
        {
            $(
                $(#[$variant_attribute:meta])*
                $number:literal $variant:ident($member:ty) = [$($value:literal),*] $(from $source:ty $(| $text:ty)*)?,
            )*
            ..$other:ident
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum $type {
            $(
                $(#[$variant_attribute])*
                $variant($member),
            )*
            /// A value that is none of the others, kept as it came.
            $other(serde_json::Value),
        }

        $($(
            impl From<$source> for $type {
                fn from(member: $source) -> Self {
                    Self::$variant(member.into())
                }
            }

            $(impl From<$text> for $type {
                fn from(member: $text) -> Self {
                    Self::$variant(member.into())
                }
            })*
        )?)*

        $crate::runtime::union::from_or_null!([$($null)?] $type: $($([$source])?)*);

        impl $crate::runtime::union::Union for $type {
            fn select(&mut self, member: usize) -> &mut dyn $crate::runtime::json::Json {
                *self = match member {
                    $($number => Self::$variant($crate::runtime::json::Json::blank()),)*
                    _ => Self::$other(serde_json::Value::Null),
                };
                match self {
                    $(Self::$variant(value) => value,)*
                    Self::$other(value) => value,
                }
            }
        }

        impl $crate::runtime::json::Json for $type {
            fn blank() -> Self {
                Self::$other(serde_json::Value::Null)
            }

            fn shape() -> $crate::runtime::shape::Shape {
                $crate::runtime::shape::Shape::union(&$crate::runtime::union::Table {
                    tag: &[$($tag)?],
                    tags: &[$(&[$($value),*]),*],
                    shared: &[$($(stringify!($shared))?)?],
                    default: &[$($($default)?)?],
                    unfit: &[$($(stringify!($unfit))?)?],
                    shapes: &[$(<$member as $crate::runtime::json::Json>::shape),*],
                })
            }

            fn decode(
                &mut self,
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<(), $crate::runtime::decode_error::DecodeError> {
                Self::shape().table().decode(node, self)
            }

            fn encode<'a>(&'a self, encoder: &mut $crate::runtime::encode::Encoder<'a>) {
                match self {
                    $(Self::$variant(value) => encoder.variant(stringify!($variant), value),)*
                    Self::$other(value) => encoder.variant(stringify!($other), value),
                }
            }
        }

        $crate::runtime::traits::std_traits!($type);
        $crate::runtime::traits::serde_traits!($type);
    };
}

/// Where a property can be set to the union or `null`, what a variant holds makes a value of both; texts do so anyway.
macro_rules! from_or_null {
    ([] $type:ident: $($rest:tt)*) => {};
    ([null] $type:ident: $([$source:ty])*) => {
        $(impl From<$source> for $crate::runtime::nullable::Nullable<$type> {
            fn from(member: $source) -> Self {
                Self::Value(member.into())
            }
        })*
    };
}

pub(crate) use from_or_null;
pub(crate) use union;
