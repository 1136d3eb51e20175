//! Reads descriptions of an HTTP API and writes the Rust crate that calls it.
//!
//! The library does no input or output and is a pure function of its arguments: no clock, no environment, no hash
//! order. Equal input gives equal bytes.

mod analyze;
pub mod diagnostic;
mod dialect;
mod document;
mod emit;
mod files;
mod ir;
mod locate;
mod lower;
mod names;
pub mod pointer;
mod render;
pub mod report;
#[cfg(test)]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    unused_macros,
    reason = "what a generated crate uses of it differs from crate to crate"
)]
mod runtime;
mod source;

use diagnostic::{Diagnostic, Diagnostics, Place};
pub use dialect::quirks::{ALL as QUIRKS, Quirk};
pub use files::Files;

/// One text to read: a documentation page or a description in YAML or JSON.
#[derive(Clone, Debug)]
pub struct Input {
    /// What the text is called in diagnostics, usually its path.
    pub name: String,
    /// The text, byte for byte as received.
    pub text: String,
}

/// What cannot be read from the documents.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the generated package, a valid Cargo package name.
    pub name: String,
    /// The version of the generated package.
    pub version: String,
    /// The environment variable that holds the key; `<NAME>_API_KEY` when absent.
    pub api_key_env: Option<String>,
}

/// What came of the documents.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// The files of the crate; none when a diagnostic is an error.
    pub files: Option<Files>,
    /// All that there is to say, in the order of the inputs.
    pub diagnostics: Vec<Diagnostic>,
    /// What was read and written.
    pub counts: Counts,
    /// The type of each schema.
    pub schemas: Vec<SchemaType>,
}

/// What a schema of a document became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaType {
    /// Where the schema stands.
    pub place: Place,
    /// The type in Rust, as code writes it with the crate's `types` and `Map` in scope: `Vec<types::Widget>`.
    pub rust: String,
}

/// The figures of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents read.
    pub documents: usize,
    /// Operations in the documents.
    pub operations_found: usize,
    /// Operations in the generated crate.
    pub operations: usize,
    /// Named types in the generated crate.
    pub types: usize,
}

/// Generates the client crate of the API that `inputs` describe together.
#[must_use]
pub fn generate(inputs: &[Input], options: &Options) -> Generated {
    let mut diagnostics = Diagnostics::default();
    let mut sources = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        let Some(mut source) = source::parse(index, input, &mut diagnostics) else { continue };
        if dialect::normalize(&mut source, &mut diagnostics) {
            sources.push(source);
        }
    }
    let mut counts = Counts { documents: inputs.len(), ..Counts::default() };
    if diagnostics.has_errors() || sources.is_empty() {
        return Generated { diagnostics: diagnostics.into_sorted(), counts, ..Generated::default() };
    }
    let document = document::read(sources, &mut diagnostics);
    counts.operations_found = document.parts.iter().map(|part| part.operations_found).sum();
    let api = analyze::analyze(lower::lower(document, options, &mut diagnostics));
    counts.operations = api.operations().len();
    counts.types = api.types.len();
    let files = render::render(emit::emit(&api, options));
    let rust = |ty| emit::type_text(ty, &api.types);
    let schemas = api.schemas.iter().map(|(place, ty)| SchemaType { place: place.clone(), rust: rust(ty) }).collect();
    Generated { files: Some(files), diagnostics: diagnostics.into_sorted(), counts, schemas }
}
