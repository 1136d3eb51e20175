//! The result of the pipeline: the files of a crate, as texts.

use std::collections::BTreeMap;

/// Files by their path, relative to the folder of the crate and with `/` between its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// Adds a file; one path is written once.
    pub(crate) fn insert(&mut self, path: impl Into<String>, text: String) {
        let path = path.into();
        let before = self.0.insert(path.clone(), text);
        debug_assert!(before.is_none(), "{path} is emitted twice");
    }

    /// Paths and texts, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// The number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
