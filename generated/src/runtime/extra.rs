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
struct Kept<T> {
    properties: Map<T>,
    /// Properties with other values than the document allows for those that it does not name.
    others: Map<Value>,
    /// A value that is no object, where the document describes objects and allows any value.
    instead: Option<Value>,
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
        self.0.as_ref()?.properties.get(name)
    }

    /// Whether there is a property `name`.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.0.as_ref().is_some_and(|kept| kept.properties.contains_key(name) || kept.others.contains_key(name))
    }

    /// Adds a property, or replaces its value, which is returned.
    pub fn insert(&mut self, name: impl Into<String>, value: T) -> Option<T> {
        let (name, kept) = (name.into(), self.kept());
        kept.instead = None;
        kept.others.shift_remove(&name);
        kept.properties.insert(name, value)
    }

    /// Removes a property, whatever its value is, and returns the value if it is one that the document allows.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let kept = self.0.as_mut()?;
        let value = kept.properties.shift_remove(name);
        kept.others.shift_remove(name);
        if kept.properties.is_empty() && kept.others.is_empty() && kept.instead.is_none() {
            self.0 = None;
        }
        value
    }

    /// Names and values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        let properties = self.0.iter().flat_map(|kept| &kept.properties);
        properties.map(|(name, value)| (name.as_str(), value))
    }

    /// The number of properties.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |kept| kept.properties.len())
    }

    /// Whether there is no property.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Names and values of the properties that are none which the document allows, in their order: a later version of
    /// the API may name them. They are sent back, too.
    pub fn others(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|kept| &kept.others).map(|(name, value)| (name.as_str(), value))
    }

    /// The value that came instead of an object, where the document allows that: none of the properties is there
    /// then, and the fields are blank.
    #[must_use]
    pub fn instead(&self) -> Option<&Value> {
        self.0.as_ref()?.instead.as_ref()
    }

    /// Whether there is neither a property nor a value instead of an object.
    pub(crate) fn is_blank(&self) -> bool {
        self.0.is_none()
    }

    /// Keeps a property that is none which the document allows.
    pub(crate) fn insert_other(&mut self, name: &str, value: Value) {
        let kept = self.kept();
        kept.properties.shift_remove(name);
        kept.others.insert(name.to_owned(), value);
    }

    /// Keeps a value instead of an object.
    pub(crate) fn set_instead(&mut self, value: Value) {
        self.kept().instead = Some(value);
    }

    fn kept(&mut self) -> &mut Kept<T> {
        self.0.get_or_insert_with(|| Box::new(Kept { properties: Map::new(), others: Map::new(), instead: None }))
    }
}

impl<T> Default for Extra<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Extra<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).entries(self.others()).finish()
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
