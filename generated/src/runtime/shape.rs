//! What the values of a type look like at first sight, so that a union finds its member without trying them all.

use std::ops::BitOr;

use super::tape::{Entry, Node};

/// A set of kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOLEAN: Self = Self(2);
    /// Numbers without a fraction.
    pub(crate) const INTEGER: Self = Self(4);
    /// All numbers, integers among them.
    pub(crate) const NUMBER: Self = Self(4 | 8);
    pub(crate) const STRING: Self = Self(16);
    pub(crate) const ARRAY: Self = Self(32);
    pub(crate) const OBJECT: Self = Self(64);
    pub(crate) const ANY: Self = Self(127);

    /// The kinds of both sets.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the value is of one of the kinds.
    pub(crate) fn contain(self, node: Node<'_, '_>) -> bool {
        let kind = match node.entry() {
            Entry::Null => Self::NULL.0,
            Entry::Bool(_) => Self::BOOLEAN.0,
            Entry::Unsigned(_) | Entry::Signed(_) => Self::INTEGER.0,
            Entry::Float(value) if value.fract() == 0.0 => Self::INTEGER.0,
            Entry::Float(_) => 8,
            Entry::Text(_) => Self::STRING.0,
            Entry::Array { .. } => Self::ARRAY.0,
            Entry::Object { .. } => Self::OBJECT.0,
        };
        self.0 & kind != 0
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

/// The one value that a property may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Constant {
    Bool(bool),
    Integer(i64),
    Text(&'static str),
}

impl Constant {
    /// Whether the value is the constant.
    pub(crate) fn is(self, node: Node<'_, '_>) -> bool {
        match (self, node.entry()) {
            (Self::Bool(constant), Entry::Bool(value)) => constant == *value,
            (Self::Integer(constant), Entry::Unsigned(value)) => u64::try_from(constant) == Ok(*value),
            (Self::Integer(constant), Entry::Signed(value)) => constant == *value,
            (Self::Integer(constant), Entry::Float(value)) => constant as f64 == *value,
            (Self::Text(constant), Entry::Text(value)) => constant == value,
            _ => false,
        }
    }
}

/// A property of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    /// The kinds of its values; a property that may be absent may be `null` too.
    pub(crate) kinds: Kinds,
    pub(crate) required: bool,
    pub(crate) constant: Option<Constant>,
}

impl Member {
    pub(crate) const fn required(name: &'static str, kinds: Kinds) -> Self {
        Self { name, kinds, required: true, constant: None }
    }

    pub(crate) const fn optional(name: &'static str, kinds: Kinds) -> Self {
        Self { name, kinds: kinds.or(Kinds::NULL), required: false, constant: None }
    }

    pub(crate) const fn nullable(name: &'static str, kinds: Kinds) -> Self {
        Self::optional(name, kinds)
    }

    pub(crate) const fn constant(name: &'static str, constant: Constant) -> Self {
        Self { name, kinds: Kinds::ANY, required: false, constant: Some(constant) }
    }
}

/// What the values of a type look like at first sight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    kinds: Kinds,
    /// The properties, when objects are among the values.
    members: &'static [Member],
    /// The values that the document names, when strings are among the values and it names some.
    texts: &'static [&'static str],
    /// The shapes of the members, for a union.
    union: &'static [Shape],
}

impl Shape {
    /// Values of some kinds of which nothing more is known.
    pub(crate) const fn of(kinds: Kinds) -> Self {
        Self { kinds, members: &[], texts: &[], union: &[] }
    }

    /// Objects with properties.
    pub(crate) const fn object(members: &'static [Member]) -> Self {
        Self { members, ..Self::of(Kinds::OBJECT) }
    }

    /// Strings of which the document names some.
    pub(crate) const fn texts(texts: &'static [&'static str]) -> Self {
        Self { texts, ..Self::of(Kinds::STRING) }
    }

    /// Values of one of several shapes.
    pub(crate) const fn union(union: &'static [Self]) -> Self {
        Self { union, ..Self::of(Kinds::ANY) }
    }

    /// The properties, when objects are among the values.
    pub(crate) const fn members(&self) -> &'static [Member] {
        self.members
    }

    /// The same, or values of other kinds.
    pub(crate) const fn or(self, kinds: Kinds) -> Self {
        Self { kinds: self.kinds.or(kinds), ..self }
    }

    /// How well a value fits: `None` when it does not; of two shapes that fit, the greater rank fits better.
    pub(crate) fn rank(&self, node: Node<'_, '_>) -> Option<Rank> {
        if !self.union.is_empty() && !matches!(node.entry(), Entry::Null) {
            return self.union.iter().filter_map(|shape| shape.rank(node)).max();
        }
        if !self.kinds.contain(node) {
            return None;
        }
        match node.entry() {
            Entry::Object { .. } => self.rank_object(node),
            Entry::Text(text) => {
                let named = self.texts.contains(&text.as_ref());
                Some(Rank { constants: usize::from(named), required: 0, known: 0 })
            }
            _ => Some(Rank::default()),
        }
    }

    fn rank_object(&self, node: Node<'_, '_>) -> Option<Rank> {
        let mut rank = Rank::default();
        for member in self.members {
            match node.member(member.name) {
                None if member.required => return None,
                None => {}
                Some(value) => {
                    match member.constant {
                        Some(constant) if constant.is(value) => rank.constants += 1,
                        Some(_) => return None,
                        None if !member.kinds.contain(value) => return None,
                        None => {}
                    }
                    rank.known += 1;
                    rank.required += usize::from(member.required);
                }
            }
        }
        Some(rank)
    }
}

/// How well a value fits a shape: constants count first, then required properties, then known ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    constants: usize,
    required: usize,
    known: usize,
}
