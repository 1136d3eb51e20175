//! `cargo xtask codegen`: reads the documents, runs the generator, and writes or checks the output folder.

pub mod config;
pub mod documents;
pub mod ledger;
pub mod name;
pub mod summary;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use specwright::diagnostic::{Diagnostic, Severity};
use specwright::{Counts, Generated, Input, LeftOut, Options};

use crate::sync::{self, Plan};
use crate::{Failure, Finished};
use documents::Documents;
use summary::{Clock, Disk, Summary};

/// The arguments of the command.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Args {
    /// Change nothing; fail when the output is not what would be generated
    #[arg(long)]
    pub check: bool,
    /// A document, or a folder of documents, of the API; may be given several times [default: specs of the workspace]
    #[arg(long, value_name = "FILE_OR_FOLDER")]
    pub spec: Vec<PathBuf>,
    /// The folder of the generated crate [default: generated of the workspace]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The name of the generated package [default: from codegen.toml, else from the first spec]
    #[arg(long, value_name = "CRATE")]
    pub name: Option<String>,
    /// Treat warnings as errors: what would lose something of the document generates nothing
    #[arg(long, value_name = "SEVERITY")]
    pub deny: Option<Deny>,
    /// Write to a file what became of the documents: JSON when its name ends so, else Markdown
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Show notes too, such as what was repaired
    #[arg(long)]
    pub verbose: bool,
}

/// What is treated as an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Deny {
    /// Everything of the document that the crate would not have.
    Warnings,
}

/// What came of the documents; as [`Generated`], with files that anyone can make.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The texts of the files by their paths; none when a diagnostic is an error.
    pub files: Option<BTreeMap<String, String>>,
    /// All that there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// What was read and written.
    pub counts: Counts,
    /// The operations of the documents that the crate does not have.
    pub left_out: Vec<LeftOut>,
    /// The operations whose lists come in pages, and how these go on.
    pub pages: Vec<String>,
}

impl From<Generated> for Output {
    fn from(generated: Generated) -> Self {
        let owned = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
        let Generated { files, diagnostics, counts, left_out, pages, .. } = generated;
        let files = files.map(|files| files.iter().map(owned).collect());
        Self { files, diagnostics, counts, left_out, pages }
    }
}

/// Runs the command with this generator.
///
/// The text holds the diagnostics, what is stale or what went wrong, and a summary line. The run fails when the
/// arguments, the configuration or the documents are wrong, when the disk refuses, and when a check finds a difference.
pub fn run(args: &Args, color: bool, generate: impl FnOnce(&[Input], &Options) -> Output) -> Finished {
    let clock = Clock::start();
    let mut text = String::new();
    let mut summary = Summary::default();
    let good = steps(args, color, generate, &mut text, &mut summary).unwrap_or_else(|failure| {
        summary.errors += 1;
        text.push_str(&format!("error: {failure}\n"));
        false
    });
    text.push_str(&clock.finish(&summary));
    Finished { text, code: if good { ExitCode::SUCCESS } else { ExitCode::FAILURE } }
}

/// The steps of a run, and whether all is well.
fn steps(
    args: &Args,
    color: bool,
    generate: impl FnOnce(&[Input], &Options) -> Output,
    text: &mut String,
    summary: &mut Summary,
) -> Result<bool, Failure> {
    let root = crate::workspace_root();
    let specs = if args.spec.is_empty() { vec![root.join("specs")] } else { args.spec.clone() };
    let out = args.out.clone().unwrap_or_else(|| root.join("generated"));
    if let Some(name) = &args.name {
        name::check(name).map_err(Failure::new)?;
    }
    let Documents { mut inputs, passed_over, config } = documents::read(&specs)?;
    for name in passed_over {
        text.push_str(&format!(
            "note: `{name}` holds a description of an API and is not read; give it by `--spec` to read it, too\n\n"
        ));
    }
    summary.counts.documents = inputs.len();
    let options = options(args, &config, &specs)?;

    let Output { files, mut diagnostics, counts, left_out, pages } = generate(&inputs, &options);
    // What is said about the configuration points behind the inputs.
    inputs.extend(config.file);
    if args.deny == Some(Deny::Warnings) {
        let warnings = diagnostics.iter_mut().filter(|one| one.severity == Severity::Warning);
        warnings.for_each(|one| one.severity = Severity::Error);
    }
    summary.count(&diagnostics);
    // What is not written is not generated.
    let counts = if summary.errors > 0 { Counts { operations: 0, types: 0, ..counts } } else { counts };
    summary.counts = counts;
    if let Some(path) = &args.report {
        ledger::write(path, counts, &left_out, &pages, &diagnostics, &inputs)?;
    }
    diagnostics.retain(|one| args.verbose || one.severity != Severity::Note);
    text.push_str(&specwright::report::render(&diagnostics, &inputs, color));
    if summary.errors > 0 {
        return Ok(false);
    }
    let files = files.ok_or_else(|| Failure::new("the generator wrote no files and does not say why"))?;
    let plan = sync::plan(files, &out)?;
    if args.check { Ok(check(args, &plan, text, summary)) } else { write(&plan, summary) }
}

fn options(args: &Args, config: &config::Config, specs: &[PathBuf]) -> Result<Options, Failure> {
    let first = specs.iter().find(|spec| !documents::is_config(spec));
    let name = match (&args.name, &config.name, first) {
        (Some(name), _, _) | (None, Some(name), _) => name.clone(),
        (None, None, first) => name::derive(&documents::stem(first.map_or(Path::new("."), PathBuf::as_path))?),
    };
    Ok(config.options(name))
}

fn write(plan: &Plan, summary: &mut Summary) -> Result<bool, Failure> {
    summary.disk = Disk::Interrupted;
    summary.disk = Disk::Synced(plan.apply()?);
    Ok(true)
}

fn check(args: &Args, plan: &Plan, text: &mut String, summary: &mut Summary) -> bool {
    let state = plan.state();
    summary.disk = Disk::Checked(state);
    text.push_str(&plan.differences());
    if !state.is_fresh() {
        text.push_str(&format!("help: `{}` brings it up to date\n", command(args)));
    }
    state.is_fresh()
}

/// The command that writes what these arguments check.
fn command(args: &Args) -> String {
    let mut command = "cargo xtask codegen".to_owned();
    let specs = args.spec.iter().map(|spec| ("--spec", spec.to_string_lossy()));
    let out = args.out.iter().map(|out| ("--out", out.to_string_lossy()));
    let name = args.name.iter().map(|name| ("--name", Cow::from(name)));
    for (flag, value) in specs.chain(out).chain(name) {
        command.push_str(&format!(" {flag} {}", quoted(&value)));
    }
    command
}

/// An argument as a shell takes it.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./\\:@+=,~".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_has_the_same_flags() {
        assert_eq!(command(&Args { check: true, verbose: true, ..Args::default() }), "cargo xtask codegen");
        let args = Args {
            check: true,
            spec: vec!["specs/a.md".into(), "my specs".into()],
            out: Some("it's".into()),
            name: Some("pets".into()),
            ..Args::default()
        };
        let expected = r"cargo xtask codegen --spec specs/a.md --spec 'my specs' --out 'it'\''s' --name pets";
        assert_eq!(command(&args), expected);
    }

    #[test]
    fn nothing_generated_is_nothing_written() {
        assert_eq!(Output::from(Generated::default()).files, None);
    }
}
