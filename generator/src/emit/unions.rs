//! Stage 6, unions.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::docs_or;
use super::module::path;
use super::type_ref::{kinds_expression, type_ref};
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
    let decoding = decoding(def, union, types, module);
    module.push(decoding);
    module.push(encoding(def, union));
    for import in ["serde::Serialize", "serde::Serializer", "crate::runtime::serde_bridge::deserialize"] {
        module.import(import);
    }
    let ident = path(def.ident.as_str());
    module.push(quote!(deserialize!(#ident);));
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
        matches!(variant.ty, TypeRef::Primitive(_))
    })
}

fn decoding(def: &TypeDef, union: &Union, types: &Types, module: &mut Module) -> TokenStream {
    let (ident, other) = (path(def.ident.as_str()), path(union.other.as_str()));
    for import in ["decode::Decode", "decode::DecodeError", "shape::Kinds", "shape::Shape", "tape::Node"] {
        module.import(&format!("crate::runtime::{import}"));
    }
    module.import("crate::runtime::union::Variant");
    let entries: Vec<_> = union
        .variants
        .iter()
        .map(|variant| {
            let (name, tags) = (path(variant.ident.as_str()), &variant.tags);
            let ty = type_ref(&variant.ty, types, module);
            quote! {
                Variant {
                    tags: &[#(#tags),*],
                    shape: <#ty as Decode>::SHAPE,
                    decode: |node| Decode::decode(node).map(#ident::#name),
                }
            }
        })
        .collect();
    let kinds = kinds_expression(union.variants.iter().map(|variant| &variant.ty), types);
    let found = match &union.tag {
        Some(tag) => {
            module.import("crate::runtime::union::tagged");
            quote!(tagged(node, #tag, VARIANTS)?)
        }
        None => {
            module.import("crate::runtime::union::untagged");
            quote!(untagged(node, VARIANTS))
        }
    };
    quote! {
        const VARIANTS: &[Variant<#ident>] = &[#(#entries),*];

        impl Decode for #ident {
            const SHAPE: Shape = Shape::of(#kinds);

            #[inline]
            fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
                Ok(#found.unwrap_or_else(|| Self::#other(node.to_value())))
            }
        }
    }
}

fn encoding(def: &TypeDef, union: &Union) -> TokenStream {
    let ident = path(def.ident.as_str());
    let names =
        union.variants.iter().map(|variant| &variant.ident).chain([&union.other]).map(|name| path(name.as_str()));
    quote! {
        impl Serialize for #ident {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(Self::#names(value) => value.serialize(serializer),)*
                }
            }
        }
    }
}
