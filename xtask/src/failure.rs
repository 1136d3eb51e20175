//! The error of every command: a message that names the file it is about.

use std::fmt;
use std::io;
use std::path::Path;

/// Why a command could not do its work, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A failure with this message, without a full stop.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// What was done to a path when the system refused: "cannot read `a.md`: permission denied".
    #[must_use]
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("cannot {doing} `{}`: {error}", crate::shown(path)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
