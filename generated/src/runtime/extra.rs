//! Maps, and the properties of an object that the document does not name.

use std::fmt;

use serde_json::Value;

/// A map with string keys that keeps the order of the document.
pub type Map<T> = indexmap::IndexMap<String, T>;

/// The properties of an object that the document does not name, kept as they came and sent back as they are.
///
/// An empty one costs a pointer.
#[derive(Clone, PartialEq)]
pub struct Extra<T = Value>(Option<Box<Kept<T>>>);

/// What there is besides the properties that the document names.
#[derive(Clone, PartialEq)]
enum Kept<T> {
    Properties(Map<T>),
    /// A value that is no object, where the document describes objects and allows any value.
    Instead(Value),
}

impl<T> Extra<T> {
    /// No properties.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// The value of the property `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.properties()?.get(name)
    }

    /// Whether there is a property `name`.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds a property, or replaces its value, which is returned.
    pub fn insert(&mut self, name: impl Into<String>, value: T) -> Option<T> {
        if self.properties().is_none() {
            self.0 = Some(Box::new(Kept::Properties(Map::new())));
        }
        self.properties_mut()?.insert(name.into(), value)
    }

    /// Removes a property and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let map = self.properties_mut()?;
        let value = map.shift_remove(name);
        if map.is_empty() {
            self.0 = None;
        }
        value
    }

    /// Names and values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.properties().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// The number of properties.
    #[must_use]
    pub fn len(&self) -> usize {
        self.properties().map_or(0, Map::len)
    }

    /// Whether there is no property.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value that came instead of an object, where the document allows that: none of the properties is there then.
    #[must_use]
    pub fn instead(&self) -> Option<&Value> {
        match self.0.as_deref()? {
            Kept::Properties(_) => None,
            Kept::Instead(value) => Some(value),
        }
    }

    /// Keeps a value instead of an object.
    pub(crate) fn set_instead(&mut self, value: Value) {
        self.0 = Some(Box::new(Kept::Instead(value)));
    }

    fn properties(&self) -> Option<&Map<T>> {
        match self.0.as_deref()? {
            Kept::Properties(map) => Some(map),
            Kept::Instead(_) => None,
        }
    }

    fn properties_mut(&mut self) -> Option<&mut Map<T>> {
        match self.0.as_deref_mut()? {
            Kept::Properties(map) => Some(map),
            Kept::Instead(_) => None,
        }
    }
}

impl<T> Default for Extra<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Extra<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<N: Into<String>, T> FromIterator<(N, T)> for Extra<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(properties: I) -> Self {
        let mut extra = Self::new();
        for (name, value) in properties {
            extra.insert(name, value);
        }
        extra
    }
}
