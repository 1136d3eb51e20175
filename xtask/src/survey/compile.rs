//! `--compile`: what the compiler needs for a generated crate alone, with every warning an error.

use std::fs::File;
use std::process::Command;
use std::time::SystemTime;

use serde::Serialize;

use super::measure::Usage;
use super::workshop::{self, Crate};
use crate::Failure;

/// What `cargo check` of a crate took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Compiled {
    /// What it used.
    #[serde(flatten)]
    pub(super) usage: Usage,
    /// The first error of the compiler.
    pub(super) error: Option<String>,
}

/// Checks a crate, after its dependencies.
///
/// # Errors
///
/// When it cannot be measured.
pub(super) fn check(one: &Crate) -> Result<Compiled, Failure> {
    workshop::check_dependencies(one)?;
    touch(one)?;
    let this = std::env::current_exe().map_err(|error| Failure::new(format!("cannot find this program: {error}")))?;
    let mut measured = Command::new(this);
    measured.args(["measure", "--"]).arg(workshop::program());
    measured.args(["check", "--no-default-features", "--message-format=short"]).env("CARGO_TERM_QUIET", "false");
    workshop::prepare(&mut measured, &one.folder);
    measured.env("RUSTFLAGS", "-D warnings");
    let output = measured.output().map_err(|error| Failure::new(format!("cannot measure the compiler: {error}")))?;
    let messages = String::from_utf8_lossy(&output.stderr);
    // A figure of nothing would look splendid.
    if !messages.contains(&format!("Checking {} ", one.name)) {
        return Err(Failure::new(workshop::first_error(&messages)));
    }
    let usage = serde_json::from_slice(&output.stdout).map_err(|_| Failure::new(workshop::first_error(&messages)))?;
    let error = (!output.status.success()).then(|| workshop::first_error(&messages));
    Ok(Compiled { usage, error })
}

/// Makes the crate one to compile again, however recently it was.
fn touch(one: &Crate) -> Result<(), Failure> {
    let root = one.folder.join("src").join("lib.rs");
    let touched = File::options().append(true).open(&root).and_then(|file| file.set_modified(SystemTime::now()));
    touched.map_err(|error| Failure::io("touch", &root, &error))
}
