//! Stage 6, modules: tokens with the names that they import.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::inner_docs;
use crate::ir::Docs;

/// A module of the generated crate.
#[derive(Default)]
pub(crate) struct Module {
    docs: Docs,
    /// What the module itself defines and must not import.
    own: Vec<String>,
    /// Attributes of the module as a whole.
    attributes: TokenStream,
    imports: BTreeMap<String, BTreeSet<String>>,
    items: TokenStream,
    /// What is printed as it is, in place of its marker among the items.
    texts: Vec<String>,
}

impl Module {
    pub(super) fn new(docs: Docs) -> Self {
        Self { docs, ..Self::default() }
    }

    /// A module that defines the items of these names.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        Self { own: names.map(str::to_owned).collect(), ..Self::default() }
    }

    /// Imports the item at `path`, such as `serde::Serialize`.
    pub(super) fn import(&mut self, path: &str) {
        let (module, name) = path.rsplit_once("::").unwrap_or(("crate", path));
        if self.own.iter().any(|own| own == name) {
            return;
        }
        self.imports.entry(module.to_owned()).or_default().insert(name.to_owned());
    }

    pub(super) fn attribute(&mut self, attribute: TokenStream) {
        self.attributes.extend(attribute);
    }

    pub(super) fn push(&mut self, item: TokenStream) {
        self.items.extend(item);
    }

    /// Adds an item that is printed as it is: what a macro takes has a layout that no printer knows.
    pub(super) fn push_text(&mut self, text: String) {
        let marker = path(&text_marker(self.texts.len()));
        self.items.extend(quote!(#marker! {}));
        self.texts.push(text);
    }

    /// The tokens of the file, and the texts that stand for the items called [`text_marker`].
    pub(crate) fn into_parts(self) -> (TokenStream, Vec<String>) {
        let docs = inner_docs(&self.docs);
        let (attributes, items) = (self.attributes, self.items);
        // What comes of the support code stands in one line.
        let mut imports: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (module, names) in self.imports {
            let (from, prefix) = match module.strip_prefix(SUPPORT) {
                Some(part) => (SUPPORT.trim_end_matches(':').to_owned(), format!("{part}::")),
                None => (module, String::new()),
            };
            imports.entry(from).or_default().extend(names.into_iter().map(|name| format!("{prefix}{name}")));
        }
        let mut imports: Vec<_> = imports.into_iter().collect();
        imports.sort_by_key(|(module, _)| group(module));
        let imports = imports.into_iter().map(|(module, names)| {
            let module = path(&module);
            let names: Vec<_> = names.iter().map(|name| path(name)).collect();
            match names.as_slice() {
                [name] => quote!(use #module::#name;),
                names => quote!(use #module::{#(#names),*};),
            }
        });
        (quote!(#docs #attributes #(#imports)* #items), self.texts)
    }
}

/// Where the support code is.
const SUPPORT: &str = "crate::runtime::";

/// The name of the item that stands for a text.
pub(crate) fn text_marker(index: usize) -> String {
    format!("specwright_text_{index}")
}

/// The standard library first, then other crates, then this one.
fn group(module: &str) -> u8 {
    match module.split("::").next() {
        Some("std") => 0,
        Some("crate") => 3,
        Some("super") => 2,
        _ => 1,
    }
}

/// The tokens of a path or an identifier.
pub(super) fn path(text: &str) -> TokenStream {
    let parts = text.split("::").map(|part| {
        let (raw, name) = part.strip_prefix("r#").map_or((false, part), |name| (true, name));
        let span = proc_macro2::Span::call_site();
        if raw { proc_macro2::Ident::new_raw(name, span) } else { proc_macro2::Ident::new(name, span) }
    });
    quote!(#(#parts)::*)
}

/// The tokens of a type, an expression or a condition.
pub(super) fn syntax(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}
