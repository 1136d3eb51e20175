//! Reads descriptions of an HTTP API and writes the Rust crate that calls it.
//!
//! The library does no input or output and is a pure function of its arguments: no clock, no environment, no hash
//! order. Equal input gives equal bytes.

mod analyze;
pub mod configuration;
mod dependencies;
pub mod diagnostic;
mod dialect;
mod document;
mod emit;
mod files;
mod ir;
mod ledger;
mod locate;
mod lower;
mod majority;
mod media_type;
mod names;
mod origins;
mod overlay;
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
mod select;
mod source;
mod uri;

use std::cmp::Reverse;

pub use configuration::Configuration;
use configuration::Decisions;

use diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use dialect::Generation;
pub use dialect::quirks::{ALL as QUIRKS, Quirk};
pub use emit::surface;
pub use files::Files;
pub use ledger::{LeftOut, Reason};
use origins::{Changes, Origins};
use pointer::Pointer;
use source::{Source, Text};
use surface::Surface;

/// One text to read: a documentation page or a description in YAML or JSON.
#[derive(Clone, Debug)]
pub struct Input {
    /// What the text is called in diagnostics, usually its path.
    pub name: String,
    /// The text, byte for byte as received.
    pub text: String,
    /// What it is for.
    pub role: Role,
}

/// What a text is for (OpenAPI 3.2, section 4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// It describes operations of the API, or is part of a text that does.
    #[default]
    Entry,
    /// It is read for what other texts refer to, whatever else it describes.
    Referenced,
}

impl Input {
    /// A text that describes the API.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), role: Role::Entry }
    }
}

/// What cannot be read from the documents.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The name of the generated package, a valid Cargo package name.
    pub name: String,
    /// The version of the generated package.
    pub version: String,
    /// The environment variable that holds the key; `<NAME>_API_KEY` when absent.
    pub api_key_env: Option<configuration::Entry<String>>,
    /// What else the user decides.
    pub configuration: Configuration,
}

/// What came of the documents.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// The files of the crate; none when a diagnostic is an error.
    pub files: Option<Files>,
    /// All that there is to say, in the order of the inputs; [`report::render`] puts it in that of the places.
    pub diagnostics: Vec<Diagnostic>,
    /// What was read and written.
    pub counts: Counts,
    /// The type of each schema.
    pub schemas: Vec<SchemaType>,
    /// The operations of the documents that the crate does not have: with those that it has, these are all.
    pub left_out: Vec<LeftOut>,
    /// The operations whose lists come in pages, and how these go on.
    pub pages: Vec<String>,
    /// What a program can call.
    pub surface: Surface,
}

/// What a schema of a document became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaType {
    /// Where the schema stands.
    pub place: Place,
    /// The type in Rust, as a program writes it that depends on the crate: `Vec<petstore::types::Widget>`.
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
    let texts = source::texts(inputs);
    let mut diagnostics = Diagnostics::default();
    let names = names(&texts, inputs);
    let parsed = parse(&texts, &names, &mut diagnostics);
    let decisions = Decisions::new(&options.configuration);
    decisions.find_guarded(&parsed);
    let mut changes = Changes::default();
    let parsed = overlay::apply(parsed, &names, &mut changes.overlaid, &mut diagnostics);
    let is_entry = |source: &Source| inputs[texts[source.input].input].role == Role::Entry;
    let guarded = decisions.guarded(Code::IgnoredKeyword);
    let mut sources =
        dialect::normalize(parsed, names.clone(), is_entry, &guarded, &mut changes.upgraded, &mut diagnostics);
    if !sources.is_empty() {
        diagnostics.pardon(Code::NoDescription);
    }
    let counts = Counts { documents: inputs.len(), ..Counts::default() };
    let finish = |mut diagnostics: Diagnostics, generated: Generated| {
        for diagnostic in diagnostics.all_mut() {
            diagnostic.place = source::in_text(&changes, &diagnostic.place);
            diagnostic.message = dialect::external::with_files(&diagnostic.message, &names);
        }
        decisions.judge(diagnostics.all_mut());
        if generated.files.is_some() {
            decisions.report_unused(&mut diagnostics);
        }
        let files = generated.files.filter(|_| !diagnostics.has_errors());
        let in_inputs = |all: &mut [Diagnostic]| {
            source::in_inputs(&texts, all.iter_mut().map(|diagnostic| &mut diagnostic.place).collect());
        };
        let diagnostics = diagnostics.into_sorted(in_inputs);
        Generated { files, diagnostics, ..generated }
    };
    if diagnostics.has_errors() || sources.is_empty() {
        return finish(diagnostics, Generated { counts, ..Generated::default() });
    }
    sources.sort_by_cached_key(|source| order(source, &texts, inputs));
    dialect::newest_first(&mut sources);
    read_once(&mut sources, &mut diagnostics);
    let document = document::read(sources, &mut diagnostics);
    let operations_found = document.operations_found;
    let api = lower::lower(document, options, &decisions, &mut diagnostics);
    let api = analyze::analyze(select::select(api, &decisions, &mut diagnostics));
    dependencies::check(&options.configuration, &mut diagnostics);
    if let Some(entry) = options
        .api_key_env
        .as_ref()
        .filter(|_| api.auth.sole().is_none_or(|scheme| scheme.place == ir::CredentialPlace::Basic))
    {
        let message = format!("`{}` is not read: the client takes no key, or more than one", entry.value);
        diagnostics.push(entry.warning(
            Code::UnusedConfiguration,
            message,
            "the client's own README names what it reads",
        ));
    }
    let operations = api.operations().iter().filter(|(_, operation)| !operation.is_sibling).count();
    let counts = Counts { operations_found, operations, types: api.types.kept().count(), ..counts };
    let files = Some(render::render(emit::emit(&api, options)));
    let rust = |ty| surface::type_text(ty, &api, options);
    let place = |place: &Place| source::in_input(&texts, &changes, place);
    let schemas = api.schemas.iter().map(|(at, ty)| SchemaType { place: place(at), rust: rust(ty) }).collect();
    let mut left_out = api.left_out.clone();
    left_out.iter_mut().for_each(|one| one.place = source::in_text(&changes, &one.place));
    source::in_inputs(&texts, left_out.iter_mut().map(|one| &mut one.place).collect());
    let pages = api.operations().iter().filter_map(|(_, operation)| operation.pages()).collect();
    let mut surface = Surface::of(&api, options);
    surface.places_mut().for_each(|at| *at = place(at));
    finish(diagnostics, Generated { files, diagnostics: Vec::new(), counts, schemas, left_out, pages, surface })
}

/// The names of the texts that `inputs` refer to and that are not among them, as paths relative to what those of the
/// inputs are relative to.
///
/// Whoever has them adds them to the inputs as [`Role::Referenced`] and asks again.
#[must_use]
pub fn missing(inputs: &[Input]) -> Vec<String> {
    if !inputs.iter().any(|input| source::may_refer_elsewhere(&input.text)) {
        return Vec::new();
    }
    let texts = source::texts(inputs);
    let names = names(&texts, inputs);
    let sources = parse(&texts, &names, &mut Diagnostics::default());
    let sources = overlay::apply(sources, &names, &mut Origins::default(), &mut Diagnostics::default());
    let library = dialect::Library::new(names, &sources);
    let mut missing: Vec<_> = sources.iter().flat_map(|source| library.missing(source)).collect();
    missing.sort();
    missing.dedup();
    missing
}

/// Whether a text describes an API, by a look that costs less than to parse it.
#[must_use]
pub fn describes(text: &str) -> bool {
    source::describes(text)
}

fn parse(texts: &[Text<'_>], names: &[&str], diagnostics: &mut Diagnostics) -> Vec<Source> {
    let texts = texts.iter().zip(names).enumerate();
    let parsed = texts.map(|(index, (text, name))| source::parse(index, name, text.text, diagnostics));
    parsed.flatten().collect()
}

fn names<'i>(texts: &[Text<'_>], inputs: &'i [Input]) -> Vec<&'i str> {
    texts.iter().map(|text| inputs[text.input].name.as_str()).collect()
}

/// Takes out the texts, in their order, that are there a second time. Two that say the same and refer to different
/// texts are not the same: what they refer to is a part of them here.
fn read_once(sources: &mut Vec<Source>, diagnostics: &mut Diagnostics) {
    let mut once: Vec<Source> = Vec::with_capacity(sources.len());
    for source in sources.drain(..) {
        // Equal pages are neighbours by their order.
        let compared = if source.page.is_some() { once.len().saturating_sub(1) } else { 0 };
        let is_same = |first: &Source| first.page == source.page && first.value == source.value;
        if !once[compared..].iter().any(is_same) {
            once.push(source);
            continue;
        }
        diagnostics.forget(|place| place.input == source.input);
        let place = Place { input: source.input, spot: Spot::Node(Pointer::root()) };
        let what = if source.page.is_some() { "page" } else { "description" };
        let message = format!("this {what} is there more than once, and says the same each time; it is read once");
        diagnostics.push(Diagnostic::new(Severity::Note, Code::DuplicateOperation, place, message));
    }
    *sources = once;
}

/// What puts texts in an order of their own, whatever the order of the inputs: whole descriptions by their names, then
/// pages from the newest print to the oldest, by what they describe and never by what their files are called.
fn order<'t>(
    source: &Source,
    texts: &[Text<'t>],
    inputs: &'t [Input],
) -> (Reverse<Generation>, &'t str, Vec<String>, &'t str) {
    let text = texts[source.input];
    let name = if source.page.is_none() { inputs[text.input].name.as_str() } else { "" };
    let page = source.page.iter().flat_map(|page| [&page.url, &page.method]);
    (Reverse(source.generation), name, page.map(|one| one.clone().unwrap_or_default()).collect(), text.text)
}
