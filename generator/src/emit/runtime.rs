//! Stage 6, the support code: the modules of `runtime/`, verbatim without their tests.

use quote::quote;

use super::module::path;
use super::{Emitted, Module};
use crate::ir::Docs;

macro_rules! parts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../runtime/", $name, ".rs")))),*]
    };
}

/// The parts of the support code, by their names.
const PARTS: &[(&str, &str)] = parts![
    "build",
    "call",
    "client",
    "decode",
    "encode",
    "error",
    "extra",
    "nullable",
    "object",
    "response",
    "retry",
    "scalar_enum",
    "secret",
    "serde_bridge",
    "shape",
    "string_enum",
    "tape",
    "transport",
    "union",
];

/// Emits the support code.
pub(super) fn runtime(emitted: &mut Emitted) {
    let words = "Support code: the same in every client of its kind, and none of this API's.";
    let mut index = Module::new(Docs::default().paragraph(words));
    for (name, text) in PARTS {
        let module = path(name);
        index.push(quote!(pub(crate) mod #module;));
        emitted.texts.push((format!("src/runtime/{name}.rs"), without_tests(text)));
    }
    emitted.modules.push(("src/runtime.rs".to_owned(), index));
}

/// A part without the module of tests at its end.
fn without_tests(text: &str) -> String {
    let code = text.split("\n#[cfg(test)]\n").next().unwrap_or(text);
    format!("{}\n", code.trim_end())
}
