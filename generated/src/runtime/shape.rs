//! What the values of a type look like at first sight, so that a union finds its member without trying them all.

use std::cmp::Reverse;

use super::object::Members;
use super::tape::{Entry, Node};
use super::union::Table;

/// A set of kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinds(pub(crate) u8);

impl Kinds {
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
            Entry::Text(_) | Entry::Held { .. } => Self::STRING.0,
            Entry::Array { .. } => Self::ARRAY.0,
            Entry::Object { .. } => Self::OBJECT.0,
        };
        self.0 & kind != 0
    }
}

/// The one value that a property may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Constant {
    Bool(bool),
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    Text(&'static str),
}

impl Constant {
    /// Whether the value is the constant.
    pub(crate) fn is(self, node: Node<'_, '_>) -> bool {
        match (self, node.entry()) {
            (Self::Bool(constant), Entry::Bool(value)) => constant == value,
            (Self::Integer(constant), Entry::Unsigned(value)) => u64::try_from(constant) == Ok(value),
            (Self::Integer(constant), Entry::Signed(value)) => constant == value,
            (Self::Integer(constant), Entry::Float(value)) => constant as f64 == value,
            (Self::Number(constant), Entry::Float(value)) => constant == value,
            (Self::Text(constant), _) => node.text().is_some_and(|text| same(text, constant)),
            _ => false,
        }
    }

    /// The constant as a value.
    pub(crate) fn to_value(self) -> serde_json::Value {
        match self {
            Self::Bool(constant) => constant.into(),
            Self::Integer(constant) => constant.into(),
            Self::Number(constant) => constant.into(),
            Self::Text(constant) => constant.into(),
        }
    }
}

/// Whether two names are the same. They are short, so that a call would cost more than looking at them here.
#[inline]
pub(crate) fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    match (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        // The last eight bytes overlap those before them, where there are not eight more.
        (Some(end), Some(other)) => end == other && a.as_chunks::<8>().0 == b.as_chunks::<8>().0,
        _ => a.iter().zip(b).all(|(a, b)| a == b),
    }
}

/// What the values of a type look like at first sight.
#[derive(Clone, Copy)]
pub struct Shape {
    kinds: Kinds,
    detail: Detail,
}

/// What is known of the values besides their kinds.
#[derive(Clone, Copy)]
enum Detail {
    Nothing,
    /// The properties of the objects.
    Object(&'static Members),
    /// The strings that the document names.
    Texts(&'static [&'static str]),
    /// The scalars that the document names.
    Values(&'static [Constant]),
    Union(&'static Table),
}

impl Shape {
    /// Values of some kinds of which nothing more is known.
    pub(crate) const fn of(kinds: Kinds) -> Self {
        Self { kinds, detail: Detail::Nothing }
    }

    /// Objects with properties.
    pub(crate) const fn object(members: &'static Members) -> Self {
        Self { kinds: Kinds::OBJECT, detail: Detail::Object(members) }
    }

    /// Strings of which the document names some.
    pub(crate) const fn texts(texts: &'static [&'static str]) -> Self {
        Self { kinds: Kinds::STRING, detail: Detail::Texts(texts) }
    }

    /// Scalars of some kinds of which the document names some.
    pub(crate) const fn values(kinds: Kinds, values: &'static [Constant]) -> Self {
        Self { kinds, detail: Detail::Values(values) }
    }

    /// Values of one of several types.
    pub(crate) const fn union(table: &'static Table) -> Self {
        Self { kinds: Kinds::ANY, detail: Detail::Union(table) }
    }

    /// The properties, when objects are among the values and have some.
    pub(crate) fn members(self) -> &'static Members {
        match self.detail {
            Detail::Object(members) => members,
            _ => Members::NONE,
        }
    }

    /// The members of a union; none for any other type.
    pub(crate) fn table(self) -> &'static Table {
        match self.detail {
            Detail::Union(table) => table,
            _ => Table::NONE,
        }
    }

    /// The same, or values of other kinds.
    pub(crate) const fn or(self, kinds: Kinds) -> Self {
        Self { kinds: self.kinds.or(kinds), ..self }
    }

    /// How well a value fits: `None` when it does not; of two shapes that fit, the greater rank fits better.
    pub(crate) fn rank(&self, node: Node<'_, '_>) -> Option<Rank> {
        self.rank_within(node, 0)
    }

    fn rank_within(&self, node: Node<'_, '_>, depth: usize) -> Option<Rank> {
        /// Unions of unions are finite unless they are defined by each other.
        const DEEPEST: usize = 16;
        match (self.detail, node.entry()) {
            (Detail::Union(table), entry) if !matches!(entry, Entry::Null) => {
                let members = table.shapes.iter().filter(|_| depth < DEEPEST);
                let ranks = members.filter_map(|shape| shape().rank_within(node, depth + 1));
                let best = ranks.filter(|rank| table.bears(rank, node)).max()?;
                Some(Rank { missing: Rank::default().missing, ..best })
            }
            _ if !self.kinds.contain(node) => None,
            (Detail::Object(members), Entry::Object { .. }) => members.rank(node),
            (Detail::Texts(texts), Entry::Text(_) | Entry::Held { .. }) => {
                let named = node.text().is_some_and(|text| texts.contains(&text));
                Some(Rank { constants: usize::from(named), ..Rank::default() })
            }
            (Detail::Values(values), _) => {
                let named = values.iter().any(|value| value.is(node));
                Some(Rank { constants: usize::from(named), ..Rank::default() })
            }
            // Fractions have not the width of integers.
            (_, Entry::Unsigned(_) | Entry::Signed(_)) => {
                Some(Rank { exact: self.kinds.0 & Kinds::NUMBER.0 == Kinds::INTEGER.0, ..Rank::default() })
            }
            _ => Some(Rank::default()),
        }
    }
}

/// How well a value fits a shape: constants that are missing count first, then those that are there, then required
/// properties, then known ones, and last whether an integer is held as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// Properties with one value that have to be there and are not.
    pub(crate) missing: Reverse<usize>,
    pub(crate) constants: usize,
    pub(crate) required: usize,
    pub(crate) known: usize,
    pub(crate) exact: bool,
}
