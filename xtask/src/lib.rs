//! The commands of the workspace: `codegen` runs the generator on disk, `survey` tries it on many documents,
//! `conformance` calls what was generated of them, `tidy` checks the rules of the project.
//!
//! The generator does no input or output; all of that is here.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;

pub mod codegen;
pub mod conformance;
mod failure;
pub mod survey;
pub mod sync;
pub mod tidy;

pub use failure::Failure;

/// What a command has to say once it is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// The text for standard error.
    pub text: String,
    /// Failure when something is wrong, with the input, the disk or the project.
    pub code: ExitCode,
}

#[derive(clap::Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The commands of the workspace")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Generates the client crate from the documents, or checks that it is up to date.
    Codegen(codegen::Args),
    /// Tries the generator on many documents and says how well it does.
    Survey(survey::Args),
    /// Calls every operation of documents on a mock server, which holds the requests against the document.
    Conformance(conformance::Args),
    /// Runs a command and prints what it used.
    #[command(hide = true)]
    Measure(survey::measure::Args),
    /// Makes the crate of a document and drops it.
    #[command(hide = true)]
    Generate(survey::peak::Args),
    /// Checks the rules of the project that a program can check.
    Tidy,
}

/// Runs the command that `args` name; the first of them is the program itself.
///
/// Everything but tables is written to standard error. Exits with 1 when the command fails and with 2
/// when the arguments are wrong.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and errors go to where they belong; a closed stream cannot be told about.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    let finished = match cli.command {
        Command::Codegen(args) => {
            codegen::run(&args, color(), |inputs, options| codegen::Output::from(generate(inputs, options)))
        }
        Command::Survey(args) => {
            let surveyed = survey::run(&args);
            let _ = std::io::stdout().write_all(surveyed.tables.as_bytes());
            surveyed.finished
        }
        Command::Conformance(args) => {
            let surveyed = conformance::run(&args);
            let _ = std::io::stdout().write_all(surveyed.tables.as_bytes());
            surveyed.finished
        }
        Command::Measure(args) => return survey::measure::run(&args),
        Command::Generate(args) => return survey::peak::run(&args),
        Command::Tidy => tidy::run(workspace_root()),
    };
    // A closed standard error cannot be told about; the exit code still says how it went.
    let _ = std::io::stderr().write_all(finished.text.as_bytes());
    finished.code
}

/// Runs the generator with room for documents whose components refer to each other in chains of many thousands.
fn generate(inputs: &[specwright::Input], options: &specwright::Options) -> specwright::Generated {
    const STACK: usize = 1 << 30;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, || specwright::generate(inputs, options)) {
            Ok(running) => running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // Without the memory for it, most documents do as well without.
            Err(_) => specwright::generate(inputs, options),
        }
    })
}

/// The folder of the workspace that this package belongs to.
#[must_use]
pub fn workspace_root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// Whether reports are colored: for a person at a terminal who did not ask for plain text.
fn color() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// How a path is called in messages and reports: within the workspace, relative to it, so that a run says the same
/// wherever the workspace is and wherever in it the command is started.
fn shown(path: &Path) -> String {
    let whole = without_detours(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let short = whole.strip_prefix(workspace_root()).ok().filter(|short| !short.as_os_str().is_empty());
    let text = short.unwrap_or(path).display().to_string();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// A path without its `..`, by its words alone: good enough to call it by.
fn without_detours(path: &Path) -> PathBuf {
    let mut direct = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            direct.pop();
        } else {
            direct.push(part);
        }
    }
    direct
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit(args: &[&str]) -> ExitCode {
        main(args.iter().map(OsString::from))
    }

    #[test]
    fn wrong_arguments_exit_with_two_and_help_with_zero() {
        assert_eq!(exit(&["xtask", "codegen", "--colour"]), ExitCode::from(2));
        assert_eq!(exit(&["xtask", "other"]), ExitCode::from(2));
        assert_eq!(exit(&["xtask", "--help"]), ExitCode::SUCCESS);
    }

    #[test]
    fn a_command_that_fails_exits_with_one() {
        assert_eq!(exit(&["xtask", "codegen", "--name", "not a name"]), ExitCode::FAILURE);
    }

    #[test]
    fn the_command_line_is_consistent() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn paths_in_the_workspace_are_shown_relative_to_it() {
        assert_eq!(shown(&workspace_root().join("specs").join("a.md")), "specs/a.md");
        assert_eq!(shown(&workspace_root().join("xtask/../specs/./a.md")), "specs/a.md");
        assert_eq!(shown(Path::new("/elsewhere/a.md")), "/elsewhere/a.md");
    }
}
