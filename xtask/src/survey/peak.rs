//! The hidden command `generate`: makes the crate of a document, or of a folder, and drops it, in a process of
//! its own, so that the memory that it takes is that of this document and no other.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::measure::Usage;
use super::row;

/// The arguments of the command.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The document
    pub path: PathBuf,
}

/// Runs the command; whether a crate came of the document is not its concern.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    drop(row::generate(&args.path, "measured", crate::generate));
    ExitCode::SUCCESS
}

/// The most memory in bytes that the generator takes for a document; `None` where the system cannot tell.
pub(super) fn of(path: &Path) -> Option<u64> {
    let this = std::env::current_exe().ok()?;
    let mut measured = Command::new(&this);
    measured.args(["measure", "--"]).arg(&this).arg("generate").arg(path).stderr(Stdio::null());
    let output = measured.output().ok()?;
    let usage: Usage = serde_json::from_slice(&output.stdout).ok()?;
    Some(usage.peak)
}
