//! Why a JSON value cannot be read as a type, and where.

use std::fmt;

use super::tape::{Entry, Node, Step};

/// Why a JSON value cannot be read as a type, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    /// The way from the place of the error out to the root.
    steps: Vec<Step>,
    message: String,
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self(Box::new(Inner { steps: Vec::new(), message: message.to_string() }))
    }

    /// An error at the end of a path from the root.
    #[cold]
    pub(crate) fn at(mut path: Vec<Step>, message: impl fmt::Display) -> Self {
        path.reverse();
        Self(Box::new(Inner { steps: path, message: message.to_string() }))
    }

    #[cold]
    pub(crate) fn expected(what: &str, node: Node<'_, '_>) -> Self {
        Self::new(format_args!("expected {what}, found {}", Found(node)))
    }

    #[cold]
    pub(crate) fn inside(mut self, name: &str) -> Self {
        self.0.steps.push(Step::Name(name.to_owned()));
        self
    }

    #[cold]
    pub(crate) fn inside_element(mut self, index: usize) -> Self {
        self.0.steps.push(Step::Index(index));
        self
    }

    /// The place of the value in the JSON text, such as `secrets[0].name`; empty for the whole text.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.0.steps.iter().rev() {
            match step {
                Step::Name(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    /// What is wrong with the value, without its place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError").field("path", &self.path()).field("message", &self.0.message).finish()
    }
}

impl std::error::Error for DecodeError {}

/// Names a value in an error without repeating more of it than helps.
struct Found<'t, 'de>(Node<'t, 'de>);

impl fmt::Display for Found<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.entry() {
            Entry::Null => f.write_str("null"),
            Entry::Bool(value) => write!(f, "{value}"),
            Entry::Unsigned(value) => write!(f, "{value}"),
            Entry::Signed(value) => write!(f, "{value}"),
            Entry::Float(value) => write!(f, "{value}"),
            Entry::Text(_) | Entry::Held { .. } => f.write_str("a string"),
            Entry::Array { .. } => f.write_str("an array"),
            Entry::Object { .. } => f.write_str("an object"),
        }
    }
}
