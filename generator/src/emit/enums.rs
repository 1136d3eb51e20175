//! Stage 6, enumerations of strings.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::docs_or;
use super::module::path;
use super::types::type_docs;
use crate::ir::{EnumValue, StringEnum, TypeDef};

/// Emits an enumeration that is open to values the document does not name.
pub(super) fn string_enum(def: &TypeDef, values: &StringEnum, module: &mut Module) {
    module.push(definition(def, values));
    module.push(conversions(def, values));
    module.import("crate::runtime::string_enum::string_enum");
    let ident = path(def.ident.as_str());
    module.push(quote!(string_enum!(#ident);));
}

fn definition(def: &TypeDef, values: &StringEnum) -> TokenStream {
    let (docs, ident, other) = (type_docs(def), path(def.ident.as_str()), path(values.other.as_str()));
    let variants = values.values.iter().map(|EnumValue { ident, value, docs }| {
        let (docs, ident) = (docs_or(docs, format!("`{}`", value.escape_debug())), path(ident.as_str()));
        quote!(#docs #ident)
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident {
            #(#variants,)*
            /// A value that the API's document does not name.
            #other(String),
        }
    }
}

fn conversions(def: &TypeDef, values: &StringEnum) -> TokenStream {
    let (ident, other) = (path(def.ident.as_str()), path(values.other.as_str()));
    let idents: Vec<_> = values.values.iter().map(|value| path(value.ident.as_str())).collect();
    let texts: Vec<_> = values.values.iter().map(|value| &value.value).collect();
    quote! {
        impl #ident {
            /// The values that the API's document names.
            pub const VALUES: &'static [&'static str] = &[#(#texts),*];

            /// The value as it is sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #texts,)*
                    Self::#other(value) => value,
                }
            }
        }

        impl From<&str> for #ident {
            fn from(value: &str) -> Self {
                match value {
                    #(#texts => Self::#idents,)*
                    other => Self::#other(other.to_owned()),
                }
            }
        }
    }
}
