//! `cargo xtask tidy`: the rules of the project that a program can check.

mod code;
mod rules;
mod tree;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use crate::{Failure, Finished};

/// A place where the project breaks one of its rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the top level and with `/` between its parts.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule.
    pub rule: &'static str,
    /// How the rule is broken here.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, rule, message } = self;
        write!(formatter, "{path}:{line}: {rule}: {message}")
    }
}

/// Checks the project at `root`. The run fails when a rule is broken, and when the project cannot be read.
#[must_use]
pub fn run(root: &Path) -> Finished {
    match check(root) {
        Ok(findings) if findings.is_empty() => Finished { text: String::new(), code: ExitCode::SUCCESS },
        Ok(findings) => {
            let text = findings.iter().map(|finding| format!("{finding}\n")).collect();
            Finished { text, code: ExitCode::FAILURE }
        }
        Err(failure) => Finished { text: format!("error: {failure}\n"), code: ExitCode::FAILURE },
    }
}

/// What breaks a rule in the project at `root`, sorted by place.
///
/// # Errors
///
/// When a folder or a file cannot be read.
pub fn check(root: &Path) -> Result<Vec<Finding>, Failure> {
    let mut findings = rules::top_level(root);
    for path in tree::files(root)? {
        let whole = root.join(&path);
        let bytes = std::fs::read(&whole).map_err(|error| Failure::io("read", &whole, &error))?;
        // What is not text has no lines that a rule could be about.
        if let Ok(text) = String::from_utf8(bytes) {
            findings.extend(rules::file(&path, &text));
        }
    }
    findings.sort();
    Ok(findings)
}
