//! Stage 6, enumerations of strings.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::docs_or;
use super::module::path;
use super::structs::string;
use super::types::type_docs;
use crate::ir::{EnumValue, StringEnum, TypeDef};

/// Emits an enumeration that is open to values the document does not name.
pub(super) fn string_enum(def: &TypeDef, values: &StringEnum, module: &mut Module) {
    module.push(definition(def, values));
    module.import("crate::runtime::string_enum::string_enum");
    let mut table = format!("string_enum! {{\n    {}, {} {{\n", def.ident, values.other);
    for EnumValue { ident, value, .. } in &values.values {
        table.push_str(&format!("        {ident} = {},\n", string(value)));
    }
    table.push_str("    }\n}");
    module.push_text(table);
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
