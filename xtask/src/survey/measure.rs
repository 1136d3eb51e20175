//! The hidden command `measure`: runs one command and prints what it and all its children used.
//!
//! The system tells of children only that all of them have ended, and of their memory only the largest; a process that
//! runs nothing else makes that attributable.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use serde::{Deserialize, Serialize};

/// The arguments of the command.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The command to run, with its arguments
    #[arg(last = true, required = true)]
    pub command: Vec<OsString>,
}

/// What a command and its children used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Processor time in seconds, in the kernel too.
    pub seconds: f64,
    /// The memory of the largest process, in bytes.
    pub peak: u64,
}

/// Runs a command; what it used is printed as one line of JSON. Ends with the command's exit code.
pub fn run(args: &Args) -> ExitCode {
    let Some((program, rest)) = args.command.split_first() else { return ExitCode::FAILURE };
    // Standard output belongs to the figures.
    let status = Command::new(program).args(rest).stdout(std::process::Stdio::null()).status();
    match (status, used()) {
        (Ok(status), Some(usage)) => {
            println!("{}", serde_json::json!(usage));
            status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        (Err(error), _) => {
            eprintln!("error: cannot run `{}`: {error}", program.to_string_lossy());
            ExitCode::FAILURE
        }
        (_, None) => {
            eprintln!("error: this system cannot tell what a process used");
            ExitCode::FAILURE
        }
    }
}

/// What the children of this process used that have ended.
#[cfg(unix)]
fn used() -> Option<Usage> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    /// The unit in which systems count memory: Apple's bytes, the others' kilobytes.
    const UNIT: u64 = if cfg!(target_vendor = "apple") { 1 } else { 1024 };

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let seconds = micros as f64 / 1e6;
    Some(Usage { seconds, peak: u64::try_from(usage.max_rss()).unwrap_or(0) * UNIT })
}

#[cfg(not(unix))]
fn used() -> Option<Usage> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_children_used_is_known() {
        let status = Command::new("true").status().expect("run");
        assert!(status.success());
        assert!(used().is_some_and(|usage| usage.peak > 100_000), "{:?}", used());
    }
}
