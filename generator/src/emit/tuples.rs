//! Stage 6, tuples.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Module;
use super::docs::docs;
use super::module::path;
use super::structs::with_presence;
use super::type_ref::type_ref;
use super::types::type_docs;
use crate::ir::{Element, Presence, Tuple, TypeDef, Types};

/// Emits a tuple: a field for each element that the document describes, and the last one for those behind them.
pub(super) fn tuple(def: &TypeDef, tuple: &Tuple, types: &Types, module: &mut Module) {
    let (docs, ident) = (type_docs(def), path(def.ident.as_str()));
    let elements: Vec<_> = tuple.elements.iter().enumerate().map(|one| element(one, types, module)).collect();
    let tail = type_ref(&tuple.rest, types, module);
    let construction = def.facts.sent.then(|| construction(&ident, tuple, types, module));
    module.push(quote! {
        #docs
        #[derive(Clone)]
        #[non_exhaustive]
        pub struct #ident(
            #(#elements,)*
            /// The elements behind those, kept as they came.
            pub Vec<#tail>,
        );
        #construction
    });
    module.import("crate::runtime::tuple::tuple");
    let fields: Vec<_> = (0..tuple.elements.len()).map(|index| index.to_string()).collect();
    let (required, last) = (required(tuple).count(), fields.len());
    module.push_text(format!("tuple!({}, {required} [{}] .. {last});", def.ident, fields.join(", ")));
}

fn element((index, element): (usize, &Element), types: &Types, module: &mut Module) -> TokenStream {
    let docs = docs(&element.docs.or(format!("The element {index}.")));
    let ty = type_ref(&element.ty, types, module);
    let ty = with_presence(ty, element.presence, module);
    quote!(#docs pub #ty)
}

fn required(tuple: &Tuple) -> impl Iterator<Item = &Element> {
    tuple.elements.iter().take_while(|element| element.presence == Presence::Required)
}

/// The constructor takes what must be there.
fn construction(ident: &TokenStream, tuple: &Tuple, types: &Types, module: &mut Module) -> TokenStream {
    let names: Vec<_> = (0..required(tuple).count()).map(|index| format_ident!("element_{index}")).collect();
    let given: Vec<_> = required(tuple).map(|element| type_ref(&element.ty, types, module)).collect();
    let others = tuple.elements.iter().skip(names.len()).map(|element| match element.presence {
        Presence::OptionalNullable => quote!(Nullable::Absent),
        Presence::Required | Presence::Optional => quote!(None),
    });
    let default = names.is_empty().then(|| {
        quote! {
            impl Default for #ident {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        #default
        impl #ident {
            /// A value with the elements that must be there.
            #[must_use]
            pub fn new(#(#names: #given),*) -> Self {
                Self(#(#names,)* #(#others,)* Vec::new())
            }
        }
    }
}
