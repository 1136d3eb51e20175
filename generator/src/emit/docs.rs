//! Stage 6, documentation comments.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Docs;

/// Documentation of the item behind it.
pub(super) fn docs(docs: &Docs) -> TokenStream {
    let lines = docs.0.iter().map(|line| comment(line));
    quote!(#(#[doc = #lines])*)
}

/// Documentation of an item for which the document may have no words of its own.
pub(super) fn docs_or(text: &Docs, otherwise: impl Into<String>) -> TokenStream {
    if text.is_empty() { docs(&Docs::default().paragraph(otherwise)) } else { docs(text) }
}

/// Documentation as text, for a macro that takes it.
pub(super) fn comments(text: &Docs, otherwise: &str, indent: &str) -> String {
    let lines: Vec<&str> = if text.is_empty() { vec![otherwise] } else { text.0.iter().map(String::as_str).collect() };
    lines.into_iter().map(|line| format!("{indent}///{}\n", comment(line))).collect()
}

/// Documentation of the module that it stands in.
pub(super) fn inner_docs(docs: &Docs) -> TokenStream {
    let lines = docs.0.iter().map(|line| comment(line));
    quote!(#(#![doc = #lines])*)
}

/// The attribute that warns users of a deprecated item.
pub(super) fn deprecated(deprecated: bool) -> TokenStream {
    if deprecated { quote!(#[deprecated]) } else { TokenStream::new() }
}

fn comment(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(" {line}") }
}
