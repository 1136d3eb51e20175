//! What the survey knows of one document.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use cpu_time::ProcessTime;
use serde::Serialize;
use specwright::diagnostic::{Code, Severity};
use specwright::surface::Surface;
use specwright::{Counts, Generated, Input, Options, SchemaType};

use super::compile::Compiled;
use super::derives::Beside;
use super::round_trip::RoundTrip;
use super::{documents, suite};
use crate::Failure;
use crate::codegen::documents::{self as specs, Documents};
use crate::codegen::summary::Summary;

/// One document: what the generator made of it, and how that did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Row {
    /// The name of the file, with as much of its path as tells it from the others.
    pub(crate) document: String,
    /// The version that the description says it has.
    pub(crate) version: String,
    /// Operations in the document.
    pub(crate) operations_found: usize,
    /// Operations in the crate.
    pub(crate) operations: usize,
    /// Operations that are left out with a reason: with those in the crate, all that there are.
    pub(crate) operations_left_out: usize,
    /// Named types in the crate.
    pub(crate) types: usize,
    /// Repairs of the document.
    pub(crate) repairs: usize,
    /// Warnings of the generator.
    pub(crate) warnings: usize,
    /// Errors of the generator.
    pub(crate) errors: usize,
    /// Processor time of the generator.
    pub(crate) milliseconds: u128,
    /// The most memory that the generator took, in bytes, where the system tells.
    pub(crate) peak: Option<u64>,
    /// Lines of the generated Rust.
    pub(crate) lines: usize,
    /// Whether the file is something else than a description of an API, which is no failure.
    pub(crate) skipped: bool,
    /// Why there is no crate, or what went wrong after it was generated.
    pub(crate) problem: Option<String>,
    /// What the compiler says.
    pub(super) compiled: Option<Compiled>,
    /// What the compiler needs for the types alone, and by serde's derives.
    pub(super) beside_derives: Option<Beside>,
    /// What values say.
    pub(super) round_trip: Option<RoundTrip>,
    /// The groups of a file of JSON-Schema-Test-Suite that no document can hold, by the reason.
    pub(crate) left_out: BTreeMap<&'static str, usize>,
}

/// A generated crate, before it is on disk.
#[derive(Debug)]
pub(crate) struct Output {
    /// The text of the document.
    pub(crate) text: String,
    /// The files of the crate.
    pub(crate) files: BTreeMap<String, String>,
    /// The type of each schema.
    pub(crate) types: Vec<SchemaType>,
    /// What a program can call.
    pub(crate) surface: Surface,
}

impl Row {
    /// Whether the document makes the survey fail.
    #[must_use]
    pub(crate) fn failed(&self) -> bool {
        let compiled = self.compiled.as_ref().is_some_and(|compiled| compiled.error.is_some());
        let round_trip = self.round_trip.as_ref().is_some_and(RoundTrip::failed);
        !self.skipped && (self.problem.is_some() || compiled || round_trip)
    }

    /// Counts what was generated, and says why it was not where it was not.
    fn count(&mut self, generated: &Generated) {
        let Counts { operations_found, operations, types, .. } = generated.counts;
        (self.operations_found, self.operations, self.types) = (operations_found, operations, types);
        self.operations_left_out = generated.left_out.len();
        let mut summary = Summary::default();
        summary.count(&generated.diagnostics);
        (self.repairs, self.warnings, self.errors) = (summary.repairs, summary.warnings, summary.errors);
        // A text that does not parse and does not name a version either is something else.
        let strange = |code| self.version.is_empty() && matches!(code, Code::YamlSyntax | Code::JsonSyntax);
        let is_nothing = generated.files.is_none();
        self.skipped =
            is_nothing && generated.diagnostics.iter().any(|one| one.code == Code::NoDescription || strange(one.code));
        if self.skipped {
            self.problem = Some("no description of an API".to_owned());
        } else if generated.files.is_none() {
            let errors = generated.diagnostics.iter().filter(|one| one.severity == Severity::Error);
            self.problem = errors.map(|one| one.message.clone()).next().or_else(|| Some("no files".to_owned()));
        } else if operations_found != operations + self.operations_left_out {
            let message = "the operations that were generated and those left out are not all that there are";
            self.problem = Some(message.to_owned());
        }
    }
}

/// Generates the crate of one document under this name; a panic of the generator is a problem like any other.
#[must_use]
pub(crate) fn generate(
    path: &Path,
    name: &str,
    generate: impl FnOnce(&[Input], &Options) -> Generated,
) -> (Row, Option<Output>) {
    let mut row = Row::default();
    let read = if path.is_dir() { specs::read(&[path.to_owned()]) } else { alone(path, &mut row) };
    let Documents { inputs, config, .. } = match read {
        Ok(documents) => documents,
        Err(failure) => return (Row { problem: Some(failure.to_string()), ..row }, None),
    };
    let text = inputs.first().map(|input| input.text.clone()).unwrap_or_default();
    row.version = documents::version(&text).unwrap_or_default();
    let options = config.options(name.to_owned());
    let clock = ProcessTime::try_now().ok();
    let generated = catch_unwind(AssertUnwindSafe(|| generate(&inputs, &options)));
    let elapsed = clock.and_then(|start| start.try_elapsed().ok()).unwrap_or(Duration::ZERO);
    row.milliseconds = elapsed.as_millis();
    let generated = match generated {
        Ok(generated) => generated,
        Err(panic) => {
            row.problem = Some(format!("the generator panicked: {}", said(panic.as_ref())));
            return (row, None);
        }
    };
    row.count(&generated);
    let Some(files) = generated.files else { return (row, None) };
    let files: BTreeMap<_, _> = files.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    let rust = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    row.lines = rust.map(|(_, text)| text.lines().count()).sum();
    (row, Some(Output { text, files, types: generated.schemas, surface: generated.surface }))
}

/// A document with the files that it refers to.
fn alone(path: &Path, row: &mut Row) -> Result<Documents, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::io("read", path, &error))?;
    let mut text = String::from_utf8(bytes).map_err(|_| Failure::new("the document is not UTF-8"))?;
    if let Some(suite) = suite::read(&text) {
        text = suite.document.to_string();
        row.left_out = suite.left_out;
    }
    let mut inputs = vec![Input::new(crate::shown(path), text)];
    specs::complete(&mut inputs)?;
    Ok(Documents { inputs, ..Documents::default() })
}

/// The message of a panic.
#[must_use]
pub(crate) fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str, make: impl FnOnce(&[Input], &Options) -> Generated) -> (Row, Option<Output>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, text).expect("written");
        generate(&path, "a", make)
    }

    #[test]
    fn a_panic_is_a_row() {
        let (row, output) = row("openapi: 3.1.0\n", |_, _| panic!("told {}", "you"));
        assert_eq!(row.problem.as_deref(), Some("the generator panicked: told you"));
        assert_eq!((row.version.as_str(), row.failed(), output.is_none()), ("3.1.0", true, true));
    }

    #[test]
    fn what_is_no_description_is_told_and_no_failure() {
        for text in ["a: 1\n", "# A page\n\n> a: [\n"] {
            let (row, _) = row(text, specwright::generate);
            assert!(row.skipped && row.problem.is_some() && !row.failed(), "{row:?}");
        }
        let (row, _) = row("openapi: 3.1.0\n a: [\n", specwright::generate);
        assert!(!row.skipped && row.failed(), "{row:?}");
    }

    #[test]
    fn a_description_is_counted() {
        let text = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        \
                    '200': {description: A}\n";
        let (row, output) = row(text, specwright::generate);
        assert_eq!((row.operations_found, row.operations, row.errors, row.failed()), (1, 1, 0, false));
        assert!(row.lines > 100 && output.is_some());
    }
}
