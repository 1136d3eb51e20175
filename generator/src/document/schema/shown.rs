//! Stage 3, the integers that a schema shows: as its default, in its examples, among its values.

/// The smallest and the greatest of some integers and 0, which every type has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) least: i128,
    pub(crate) greatest: i128,
}

impl Shown {
    /// Those of two together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), greatest: self.greatest.max(other.greatest) }
    }
}
