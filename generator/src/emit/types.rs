//! Stage 6, the module of types: a file for each.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{comments, deprecated, docs};
use super::module::path;
use super::{Emitted, Module, enums, structs, tuples, type_ref, unions};
use crate::ir::{Api, Docs, Shape, TypeDef, TypeRef, Types};

/// Emits the types.
pub(super) fn types(api: &Api, emitted: &mut Emitted) {
    let mut index =
        Module::new(Docs::default().paragraph("The types of the API: one for each schema of its document."));
    let mut sorted: Vec<_> = api.types.kept().collect();
    sorted.sort_by(|a, b| a.module.cmp(&b.module));
    for def in &sorted {
        let module = path(def.module.as_str());
        index.push(quote!(mod #module;));
    }
    if !sorted.is_empty() {
        index.push_text(exports(&sorted));
    }
    emitted.modules.push(("src/types.rs".to_owned(), index));
    for def in sorted {
        emitted.modules.push((format!("src/types/{}.rs", def.module.as_str()), type_module(def, &api.types)));
    }
}

/// What users import, as many to a line as there is room for.
fn exports(types: &[&TypeDef]) -> String {
    const WIDTH: usize = 116;
    let mut lines = vec![String::new()];
    for def in types {
        let item = format!("{}::{},", def.module.as_str(), def.ident);
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(&item),
            Some(line) if line.len() + item.len() < WIDTH => line.extend([" ", &item]),
            _ => lines.push(item),
        }
    }
    format!("pub use self::{{\n    {}\n}};", lines.join("\n    "))
}

fn type_module(def: &TypeDef, types: &Types) -> Module {
    let mut module = Module::of(def.ident.as_str());
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
    module
}

fn alias(def: &TypeDef, ty: &TypeRef, types: &Types, module: &mut Module) {
    let ident = path(def.ident.as_str());
    let ty = type_ref::type_ref(ty, types, module);
    let docs = type_docs(def);
    module.push(quote!(#docs pub type #ident = #ty;));
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
    def.docs.or(format!("`{}` of the API.", def.ident.bare()))
}
