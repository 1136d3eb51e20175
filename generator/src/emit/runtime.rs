//! Stage 6, the support code: the modules of `runtime/`, verbatim without their tests.

use quote::quote;

use super::module::{path, syntax};
use super::{Emitted, Module};
use crate::ir::{self, Api, Body, Content, Docs, Items, Streamed, Success};

macro_rules! parts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../runtime/", $name, ".rs")))),*]
    };
}

/// The parts of the support code that every client has, by their names.
const ALWAYS: &[(&str, &str)] = parts![
    "auth",
    "blocking",
    "body",
    "browser",
    "build",
    "call",
    "charset",
    "client",
    "config",
    "containers",
    "custom",
    "debug",
    "decode_error",
    "encode",
    "error",
    "extra",
    "json",
    "native",
    "nullable",
    "object",
    "parse",
    "platform",
    "request",
    "response",
    "retry",
    "scalar_enum",
    "secret",
    "shape",
    "stream",
    "string_enum",
    "style",
    "tape",
    "testing",
    "texts",
    "trace",
    "traits",
    "transport",
    "tuple",
    "union",
];

/// The parts that are there under a condition: a Cargo feature, or a kind of platform.
const CONDITIONS: &[(&str, &str)] = &[
    ("blocking", "feature = \"blocking\""),
    ("browser", "target_family = \"wasm\""),
    ("native", "not(target_family = \"wasm\")"),
    ("on_disk", "not(target_family = \"wasm\")"),
    ("trace", "feature = \"tracing\""),
    ("with_chrono", "feature = \"chrono\""),
    ("with_jiff", "feature = \"jiff\""),
    ("with_time", "feature = \"time\""),
];

/// What sends files and forms in parts.
const UPLOADS: &[(&str, &str)] = parts!["multipart", "on_disk", "upload"];

/// What reads events and lines as they come.
const EVENTS: &[(&str, &str)] = parts!["events", "lines"];

/// What asks for tokens.
const OAUTH: &[(&str, &str)] = parts!["oauth"];

/// What goes through lists that come in pages.
const PAGES: &[(&str, &str)] = parts!["paginate", "walk"];

/// What reads the headers of responses.
const HEADERS: &[(&str, &str)] = parts!["header"];

/// What reads dates and times.
const DATES: &[(&str, &str)] = parts!["datetime", "rfc3339", "with_chrono", "with_jiff", "with_time"];

/// What holds types of the user's.
const OWN: &[(&str, &str)] = parts!["own"];

/// Which parts of the support code an API needs besides those that every client has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub(super) uploads: bool,
    pub(super) events: bool,
    pub(super) oauth: bool,
    pub(super) pages: bool,
    pub(super) headers: bool,
    pub(super) dates: bool,
    pub(super) own: bool,
}

impl Parts {
    pub(super) fn of(api: &Api) -> Self {
        let operations = api.operations();
        let mut operations = operations.iter().map(|(_, operation)| *operation);
        let is_bytes = |body: &Body| matches!(body.content, Content::Bytes(_));
        Self {
            uploads: operations
                .clone()
                .any(|operation| operation.parts != ir::Parts::None || operation.body.as_ref().is_some_and(is_bytes)),
            pages: operations.clone().any(|operation| operation.pagination.is_some()),
            events: operations.any(|operation| {
                let mut streams: Vec<&Streamed> = operation.stream.iter().collect();
                if let Success::Stream(stream) = &operation.success {
                    streams.push(stream);
                }
                streams.iter().any(|stream| stream.items != Items::Bytes)
            }),
            oauth: api.auth.schemes.iter().any(|scheme| scheme.client_credentials.is_some()),
            headers: !api.headers.is_empty(),
            dates: api.has_dates,
            own: api.types.kept().any(|def| matches!(def.shape, ir::Shape::Own(_))),
        }
    }

    /// The names and texts of all parts, sorted.
    fn texts(self) -> Vec<(&'static str, &'static str)> {
        let mut texts = ALWAYS.to_vec();
        let parts = [
            (self.uploads, UPLOADS),
            (self.events, EVENTS),
            (self.oauth, OAUTH),
            (self.pages, PAGES),
            (self.headers, HEADERS),
            (self.dates, DATES),
            (self.own, OWN),
        ];
        for (needed, part) in parts {
            texts.extend(part.iter().copied().filter(|_| needed));
        }
        texts.sort_by_key(|(name, _)| *name);
        texts
    }
}

/// Emits the support code.
pub(super) fn runtime(api: &Api, emitted: &mut Emitted) {
    let words = "Support code: the same in every client of its kind, and none of this API's.";
    let mut index = Module::new(Docs::default().paragraph(words));
    for (name, text) in Parts::of(api).texts() {
        let module = path(name);
        let condition = CONDITIONS.iter().find(|(part, _)| *part == name).map(|(_, condition)| syntax(condition));
        let gate = condition.map(|condition| quote!(#[cfg(#condition)]));
        index.push(quote!(#gate pub(crate) mod #module;));
        emitted.texts.push((format!("src/runtime/{name}.rs"), without_tests(text)));
    }
    emitted.modules.push(("src/runtime.rs".to_owned(), index));
}

/// A part without the module of tests at its end.
fn without_tests(text: &str) -> String {
    let code = text.split("\n#[cfg(test)]\n").next().unwrap_or(text);
    format!("{}\n", code.trim_end())
}
