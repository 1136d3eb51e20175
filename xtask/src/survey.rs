//! `cargo xtask survey`: runs the generator on many documents, each on its own, and says how well it does.
//!
//! A mistake of one document never stops the others. `--compile` measures the compiler, `--round-trip` tries values of
//! the document with the generated types. Everything is written under `target/survey`.

mod cases;
mod compare;
mod compile;
mod derives;
pub(crate) mod documents;
pub(crate) mod examples;
mod harness;
mod keywords;
pub mod measure;
mod mutations;
mod patterns;
pub mod peak;
mod positions;
mod round_trip;
pub(crate) mod row;
pub(crate) mod samples;
pub(crate) mod schemas;
mod suite;
pub(crate) mod table;
pub(crate) mod validators;
pub(crate) mod workshop;
mod yaml;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use crate::codegen::{documents as specs, name};
use crate::{Failure, Finished};
use row::{Output, Row};

/// The arguments of the command.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Args {
    /// Documents or files of JSON-Schema-Test-Suite, and folders in which each file is one of its own
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read each folder as `codegen` does: all of its documents are one client
    #[arg(long, conflicts_with = "round_trip")]
    pub together: bool,
    /// Compile each crate, warnings as errors, and measure the compiler
    #[arg(long)]
    pub compile: bool,
    /// Compile the types of each crate once more, alone and by serde's derives, and measure the compiler
    #[arg(long)]
    pub beside_derives: bool,
    /// Decode and encode the examples of each document, values made from its schemas, and what a later server may send
    #[arg(long)]
    pub round_trip: bool,
    /// Write the rows of the tables to a file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Show each value that does not come back as it was
    #[arg(long)]
    pub verbose: bool,
}

/// What a survey says.
#[derive(Clone, Debug, PartialEq)]
pub struct Surveyed {
    /// The tables, for standard output.
    pub tables: String,
    /// The rest; failure when a document has an error, does not compile or loses a value.
    pub finished: Finished,
}

/// Runs the command.
#[must_use]
pub fn run(args: &Args) -> Surveyed {
    let found = if args.together { Ok(args.paths.clone()) } else { documents::find(&args.paths) };
    let rows = match found {
        Ok(paths) => survey(args, &paths),
        Err(failure) => return ended(String::new(), &failure),
    };
    let mut tables = table::generated(&rows);
    let values = table::round_trips(&rows);
    if !values.is_empty() {
        tables.push_str(&format!("\n{values}"));
    }
    tables.push_str(&table::left_out(&rows));
    if args.verbose {
        tables.push_str(&table::broken(&rows));
    }
    if let Some(path) = &args.json
        && let Err(failure) = write_json(path, &rows)
    {
        return ended(tables, &failure);
    }
    let code = if rows.iter().any(Row::failed) { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    Surveyed { tables, finished: Finished { text: String::new(), code } }
}

fn ended(tables: String, failure: &Failure) -> Surveyed {
    Surveyed { tables, finished: Finished { text: format!("error: {failure}\n"), code: ExitCode::FAILURE } }
}

fn survey(args: &Args, paths: &[PathBuf]) -> Vec<Row> {
    let mut names = taken();
    // On standard error, and where that is no terminal, nowhere.
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}").unwrap_or(ProgressStyle::default_bar());
    let bar = ProgressBar::new(paths.len() as u64).with_style(style);
    let row = |(path, document): (&PathBuf, String)| {
        bar.set_message(document.clone());
        let row = one(args, path, &package(path, &mut names), &bar);
        bar.inc(1);
        Row { document, ..row }
    };
    let rows = paths.iter().zip(documents::names(paths)).map(row).collect();
    bar.finish_and_clear();
    rows
}

/// The row of one document.
fn one(args: &Args, path: &Path, package: &str, bar: &ProgressBar) -> Row {
    if bar.is_hidden() && (args.compile || args.beside_derives || args.round_trip) {
        // The compiler takes its time; a table that comes at the end says nothing until then.
        eprintln!("surveying {}", path.display());
    }
    let (mut row, output) = row::generate(path, package, crate::generate);
    row.peak = peak::of(path);
    let Some(Output { text, files, types, .. }) = output else { return row };
    if args.compile {
        match workshop::write(package, files.clone()).and_then(|one| compile::check(&one)) {
            Ok(compiled) => row.compiled = Some(compiled),
            Err(failure) => row.problem = Some(failure.to_string()),
        }
    }
    if args.beside_derives {
        match derives::measure(package, &files) {
            Ok(beside) => row.beside_derives = Some(beside),
            Err(failure) => row.problem = Some(failure.to_string()),
        }
    }
    if args.round_trip {
        row.round_trip = Some(round_trip::run(package, &text, files, &types));
    }
    row
}

/// The names that no package can have: what else there is in the folder of the survey.
pub(crate) fn taken() -> HashSet<String> {
    HashSet::from(["target".to_owned()])
}

/// The name of the package of a document, which no other of the survey has.
pub(crate) fn package(path: &Path, names: &mut HashSet<String>) -> String {
    let stem = specs::stem(path).unwrap_or_default();
    let first = name::derive(&stem);
    let numbered = (2..).map(|number| format!("{first}-{number}"));
    let free = std::iter::once(first.clone()).chain(numbered).find(|name| names.insert(name.clone()));
    free.unwrap_or(first)
}

pub(crate) fn write_json(path: &Path, rows: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(rows).map_err(|error| Failure::new(error.to_string()))?;
    std::fs::write(path, text + "\n").map_err(|error| Failure::io("write", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_a_survey_have_different_names() {
        let mut names = taken();
        let folder = tempfile::tempdir().expect("a folder");
        let mut named = |path: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            std::fs::write(&path, "").expect("written");
            package(&path, &mut names)
        };
        assert_eq!(["a/pets.yaml", "b/pets.json", "target.md"].map(&mut named), ["pets", "pets-2", "target-2"]);
    }

    #[test]
    fn the_rows_are_written_to_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, json) = (folder.path().join("a.yaml"), folder.path().join("rows.json"));
        std::fs::write(&path, "a: 1\n").expect("written");
        let args = Args { paths: vec![path], json: Some(json.clone()), ..Args::default() };
        let surveyed = run(&args);
        assert_eq!(surveyed.finished.code, ExitCode::SUCCESS);
        assert!(surveyed.tables.contains("no description"), "{}", surveyed.tables);
        let rows: serde_json::Value = serde_json::from_slice(&std::fs::read(json).expect("read")).expect("JSON");
        assert_eq!(rows[0]["skipped"], true);
    }
}
