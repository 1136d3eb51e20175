//! Stage 6, unions.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::docs_or;
use super::module::path;
use super::structs::string;
use super::type_ref::{kinds_text, text, type_ref};
use super::types::type_docs;
use crate::ir::{TypeDef, TypeRef, Types, Union, Variant};

/// Emits a union that is open to values that fit no member.
pub(super) fn union(def: &TypeDef, union: &Union, types: &Types, module: &mut Module) {
    module.import("serde_json::Value");
    let definition = definition(def, union, types, module);
    module.push(definition);
    for variant in conversions(union) {
        let (ident, name) = (path(def.ident.as_str()), path(variant.ident.as_str()));
        let ty = type_ref(&variant.ty, types, module);
        module.push(quote!(impl From<#ty> for #ident { fn from(value: #ty) -> Self { Self::#name(value) } }));
    }
    module.import("crate::runtime::union::union");
    let table = table(def, union, types, module);
    module.push_text(table);
}

fn definition(def: &TypeDef, union: &Union, types: &Types, module: &mut Module) -> TokenStream {
    let (docs, ident, other) = (type_docs(def), path(def.ident.as_str()), path(union.other.as_str()));
    let variants: Vec<_> = union
        .variants
        .iter()
        .map(|variant| {
            let (docs, ident) = (docs_or(&variant.docs, variant_words(union, variant)), path(variant.ident.as_str()));
            let ty = type_ref(&variant.ty, types, module);
            quote!(#docs #ident(#ty))
        })
        .collect();
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #ident {
            #(#variants,)*
            /// A value that is none of the others, kept as it came.
            #other(Value),
        }
    }
}

fn variant_words(union: &Union, variant: &Variant) -> String {
    match (&union.tag, variant.tags.as_slice()) {
        (Some(tag), [value]) => format!("The value with `{tag}` = `{}`.", value.escape_debug()),
        _ => format!("The member `{}`.", variant.ident.bare()),
    }
}

/// The variants that their content converts to: each type stands for one variant alone. Boxes are left to the caller.
fn conversions(union: &Union) -> impl Iterator<Item = &Variant> {
    union.variants.iter().filter(|variant| {
        // A JSON value could be any of them, and an alias could name the type of another.
        match &variant.ty {
            TypeRef::Primitive(_) => true,
            TypeRef::List(element) => matches!(**element, TypeRef::Primitive(_)),
            _ => false,
        }
    })
}

/// The table of the members, from which decoding and encoding are made.
fn table(def: &TypeDef, union: &Union, types: &Types, module: &mut Module) -> String {
    let kinds = kinds_text(union.variants.iter().map(|variant| &variant.ty), types);
    let tag = union.tag.as_ref().map(|tag| format!(" by {}", string(tag))).unwrap_or_default();
    let mut table = format!("union! {{\n    {}, {} [{kinds}]{tag} {{\n", def.ident, union.other);
    for variant in &union.variants {
        let tags: Vec<_> = variant.tags.iter().map(|tag| string(tag)).collect();
        let ty = text(&type_ref(&variant.ty, types, module));
        table.push_str(&format!("        {}({ty}) = [{}],\n", variant.ident, tags.join(", ")));
    }
    table.push_str("    }\n}");
    table
}
