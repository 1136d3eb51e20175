//! Stage 6, documentation comments.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Docs;

/// Documentation of the item behind it.
pub(super) fn docs(docs: &Docs) -> TokenStream {
    let lines = docs.0.iter().map(|line| comment(line));
    quote!(#(#[doc = #lines])*)
}

/// Documentation as text, for a macro that takes it, in lines that start at a column.
pub(super) fn comments(docs: &Docs, column: usize) -> String {
    docs.0.iter().map(|line| format!("{:column$}///{}\n", "", comment(line))).collect()
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
    // A name with such a character would end the comment.
    let line = line.replace(['\r', '\n'], " ");
    let line: String = line.chars().filter(|character| !is_direction(*character)).collect();
    if line.is_empty() { line } else { format!(" {line}") }
}

/// Whether a character overrides the direction of the text around it (Unicode Annex #9, section 2): the compiler
/// refuses source in which others would read what they do not see.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
