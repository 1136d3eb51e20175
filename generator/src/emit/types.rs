//! Stage 6, the module of types: a file for each.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{comments, deprecated, docs};
use super::module::path;
use super::{Emitted, Module, enums, structs, tuples, type_ref, unions};
use crate::ir::{Api, Docs, Presence, Shape, TypeDef, TypeRef, Types};

/// Emits the types.
pub(super) fn types(api: &Api, emitted: &mut Emitted) {
    let mut index =
        Module::new(Docs::default().paragraph("The types of the API: one for each schema of its document."));
    let homes = homes(&api.types);
    for home in homes.keys() {
        let module = path(home);
        index.push(quote!(mod #module;));
    }
    if !homes.is_empty() {
        index.push_text(exports(&homes));
    }
    emitted.modules.push(("src/types.rs".to_owned(), index));
    for (home, defs) in homes {
        emitted.modules.push((format!("src/types/{home}.rs"), type_module(&defs, &api.types)));
    }
}

/// The types by the modules that they stand in: each has its own, and other names for a type stand beside it.
fn homes(types: &Types) -> BTreeMap<&str, Vec<&TypeDef>> {
    let mut homes: BTreeMap<&str, Vec<&TypeDef>> = BTreeMap::new();
    for def in types.kept() {
        homes.entry(types.home(def).module.as_str()).or_default().push(def);
    }
    for defs in homes.values_mut() {
        defs.sort_by_key(|def| (types.home(def).ident != def.ident, def.module.as_str()));
    }
    homes
}

/// What users import, as many to a line as there is room for.
fn exports(homes: &BTreeMap<&str, Vec<&TypeDef>>) -> String {
    const WIDTH: usize = 116;
    let mut lines = vec![String::new()];
    let items = homes.iter().flat_map(|(home, defs)| defs.iter().map(move |def| format!("{home}::{},", def.ident)));
    for item in items {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(&item),
            Some(line) if line.len() + item.len() < WIDTH => line.extend([" ", &item]),
            _ => lines.push(item),
        }
    }
    format!("pub use self::{{\n    {}\n}};", lines.join("\n    "))
}

fn type_module(defs: &[&TypeDef], types: &Types) -> Module {
    let mut module = Module::of(defs.iter().map(|def| def.ident.as_str()));
    for def in defs {
        match &def.shape {
            Shape::Struct(object) => structs::structure(def, object, types, &mut module),
            Shape::StringEnum(values) => enums::string_enum(def, values, &mut module),
            Shape::ScalarEnum(values) => enums::scalar_enum(def, values, &mut module),
            Shape::Union(union) => unions::union(def, union, types, &mut module),
            Shape::Tuple(tuple) => tuples::tuple(def, tuple, types, &mut module),
            Shape::Alias(ty) => alias(def, ty, types, &mut module),
            Shape::Own(path) => own(def, path, &mut module),
            Shape::Pending => alias(def, &TypeRef::Value, types, &mut module),
        }
    }
    module
}

fn alias(def: &TypeDef, ty: &TypeRef, types: &Types, module: &mut Module) {
    let ident = path(def.ident.as_str());
    let ty = type_ref::type_ref(ty, types, module);
    // Two names side by side say it all, where the document has no words for the second.
    let (docs, deprecated) = (docs(&def.docs), deprecated(def.deprecated));
    module.push(quote!(#docs #deprecated pub type #ident = #ty;));
}

/// What holds a type of the user's in place of one that would be generated.
fn own(def: &TypeDef, own: &str, module: &mut Module) {
    let (ident, own) = (path(def.ident.as_str()), path(own));
    let docs = type_docs(def);
    module.push(quote!(#docs pub type #ident = crate::Own<#own>;));
}

/// The documentation of a type, and its other attributes that do not depend on what it is.
pub(super) fn type_docs(def: &TypeDef) -> TokenStream {
    let (docs, deprecated) = (docs(&words(def)), deprecated(def.deprecated));
    quote!(#docs #deprecated)
}

/// The same as text, for a macro that defines the type.
pub(super) fn type_attributes(def: &TypeDef) -> String {
    let deprecated = if def.deprecated { "    #[deprecated]\n" } else { "" };
    comments(&words(def), 4) + deprecated
}

fn words(def: &TypeDef) -> Docs {
    let words = def.docs.or(format!("`{}` of the API.", def.ident.bare()));
    let Shape::Struct(object) = &def.shape else { return words };
    // A blank text in a field that has to be there would mislead who does not know of it.
    if !object.any_kind || object.fields().all(|field| field.presence != Presence::Required) {
        return words;
    }
    let extra = &object.extra_ident;
    words.paragraph(format!(
        "The document allows other values than objects; with one in [`{extra}`](crate::Extra::instead) \
         the fields are blank."
    ))
}
