//! `cargo xtask conformance`: calls every operation of documents on a mock server that nobody here wrote.
//!
//! Prism holds each request against the document and answers with the document's examples, or with values that it makes
//! of the schemas. What it refuses, and what the client cannot decode, is a mistake of somebody: the table says whose.

mod calls;
mod limits;
mod plain;
mod prism;
mod program;
mod values;
mod verdict;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;

use crate::survey::row::{self, Output};
use crate::survey::schemas::Schemas;
use crate::survey::workshop::Crate;
use crate::survey::{self, Surveyed, documents, workshop};
use crate::{Failure, Finished};
use calls::Call;
use prism::{Installed, Manner, Server, Violations};
use program::Outcome;
use values::Values;
use verdict::Row;

/// The arguments of the command.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Args {
    /// Documents, and folders in which each file is one of its own
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Make each call once more, answered with values that Prism makes of the schemas
    #[arg(long)]
    pub dynamic: bool,
    /// Write the rows of the table, with all that failed, to a file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// Runs the command.
#[must_use]
pub fn run(args: &Args) -> Surveyed {
    let ended = |tables, text, code| Surveyed { tables, finished: Finished { text, code } };
    let failed = |tables, failure: &Failure| ended(tables, format!("error: {failure}\n"), ExitCode::FAILURE);
    let paths = match documents::find(&args.paths) {
        Ok(paths) => paths,
        Err(failure) => return failed(String::new(), &failure),
    };
    let prism = match Installed::find() {
        Ok(prism) => prism,
        Err(failure) => {
            return ended(String::new(), format!("skipped: no document was tried, {failure}\n"), ExitCode::SUCCESS);
        }
    };
    let mut names = survey::taken();
    let mut rows = Vec::new();
    for (path, document) in paths.iter().zip(documents::names(&paths)) {
        eprintln!("trying {}", path.display());
        let row = one(args, &prism, path, &survey::package(path, &mut names));
        rows.push(Row { document, ..row });
    }
    let tables = verdict::table(&rows);
    if let Some(path) = &args.json
        && let Err(failure) = survey::write_json(path, &rows)
    {
        return failed(tables, &failure);
    }
    let code = if rows.iter().any(Row::failed) { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    ended(tables, String::new(), code)
}

/// The row of one document.
fn one(args: &Args, prism: &Installed, path: &Path, package: &str) -> Row {
    tried(args, prism, path, package).unwrap_or_else(|failure| Row::of_nothing(&failure))
}

fn tried(args: &Args, prism: &Installed, path: &Path, package: &str) -> Result<Row, Failure> {
    let (generated, output) = row::generate(path, package, crate::generate);
    let Some(Output { text, mut files, surface, .. }) = output else {
        return Err(Failure::new(generated.problem.unwrap_or_default()));
    };
    let document = documents::parse(&text).map_err(Failure::new)?;
    let schemas = Schemas::new(document.clone());
    let calls = calls::of(&surface.methods, &Values::new(&document, &schemas));
    files.extend([program::file(package, &surface)]);
    let one = workshop::write(package, files)?;
    let program = program::build(&one)?;
    let (server, note) = serve(prism, path, &document, &one)?;
    let mut row = Row { note, ..Row::new(&surface.methods, &calls) };
    let modes = [("dynamic=false", true), ("dynamic=true", args.dynamic)];
    for (prefer, _) in modes.into_iter().filter(|(_, wanted)| *wanted) {
        let run = |calls: &[Call], server: &Server| program::run(&one, &program, calls, &server.url(), prefer);
        let mut outcomes = run(&calls.all, &server)?;
        let cut: Vec<usize> =
            (0..outcomes.len()).filter(|index| Violations::are_cut(&outcomes[*index].violations)).collect();
        if !cut.is_empty() {
            let log = one.folder.join("prism-refuses.log");
            let refusing = prism.start(server.document(), &log, Manner::Refuses)?;
            let again: Vec<Call> = cut.iter().map(|index| calls.all[*index].clone()).collect();
            tell_all(&mut outcomes, &cut, run(&again, &refusing)?);
        }
        row.count(&surface.methods, &calls, &outcomes);
    }
    Ok(row)
}

/// Puts what a server that refuses says in place of what was cut off; its own header is cut off too.
fn tell_all(outcomes: &mut [Outcome], cut: &[usize], told: Vec<Outcome>) {
    for (index, outcome) in cut.iter().zip(told) {
        outcomes[*index] = Outcome { violations: String::new(), ..outcome };
    }
}

/// A server of a document. Where Prism does not get on with it as it is, the row says so, and it gets a plainer one.
fn serve(prism: &Installed, path: &Path, document: &Value, one: &Crate) -> Result<(Server, Option<String>), Failure> {
    let log = one.folder.join("prism.log");
    let failure = match prism.start(path, &log, Manner::Answers) {
        Ok(server) => return Ok((server, None)),
        Err(failure) => failure,
    };
    let refused = |failure| Failure::new(format!("Prism does not serve the document: {failure}"));
    let (plain, without) = plain::plain(document);
    if plain == *document {
        return Err(refused(failure));
    }
    let copy = one.folder.join("document.json");
    std::fs::write(&copy, plain.to_string()).map_err(|error| Failure::io("write", &copy, &error))?;
    let server = prism.start(&copy, &log, Manner::Answers).map_err(refused)?;
    Ok((server, Some(format!("{without}, because Prism says of the whole: {failure}"))))
}
