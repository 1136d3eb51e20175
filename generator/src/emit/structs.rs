//! Stage 6, structs: the type, its constructor, decoding and encoding.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Module;
use super::docs::{deprecated, docs};
use super::module::path;
use super::type_ref::{kinds_text, text, type_ref};
use super::types::type_docs;
use crate::ir::{Constant, Field, Member, Presence, Scalar, Shape, Struct, TypeDef, TypeRef, Types};

/// Emits a struct.
pub(super) fn structure(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) {
    let definition = definition(def, object, types, module);
    module.push(definition);
    module.push(constants(def, object));
    if def.facts.sent {
        let construction = construction(def, object, types, module);
        module.push_text(construction);
    }
    module.import("crate::runtime::object::object");
    module.push_text(table(def, object, types));
}

fn definition(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) -> TokenStream {
    let (docs, ident, extra) = (type_docs(def), path(def.ident.as_str()), path(object.extra_ident.as_str()));
    let fields: Vec<_> = object.fields().map(|field| field_definition(field, types, module)).collect();
    let extra_type = extra_type(object, types, module);
    quote! {
        #docs
        #[derive(Clone)]
        #[non_exhaustive]
        pub struct #ident {
            #(#fields,)*
            /// Properties that the API's document does not name, kept as they came.
            pub #extra: #extra_type,
        }
    }
}

fn field_definition(field: &Field, types: &Types, module: &mut Module) -> TokenStream {
    // A name says as much as a sentence that repeats it.
    let (docs, deprecated) = (docs(&field.docs), deprecated(field.deprecated));
    let ident = path(field.ident.as_str());
    let ty = type_ref(&field.ty, types, module);
    let ty = with_presence(ty, field.presence, module);
    quote!(#docs #deprecated pub #ident: #ty)
}

/// The type of a field that may be absent.
pub(super) fn with_presence(ty: TokenStream, presence: Presence, module: &mut Module) -> TokenStream {
    match presence {
        Presence::Required => ty,
        Presence::Optional => quote!(Option<#ty>),
        Presence::OptionalNullable => {
            module.import("crate::runtime::nullable::Nullable");
            quote!(Nullable<#ty>)
        }
    }
}

fn extra_type(object: &Struct, types: &Types, module: &mut Module) -> TokenStream {
    module.import("crate::runtime::extra::Extra");
    match &object.extra {
        TypeRef::Value => quote!(Extra),
        ty => {
            let ty = type_ref(ty, types, module);
            quote!(Extra<#ty>)
        }
    }
}

/// The constants of the type.
fn constants(def: &TypeDef, object: &Struct) -> TokenStream {
    let constants: Vec<_> = object.members.iter().filter_map(constant).collect();
    if constants.is_empty() {
        return TokenStream::new();
    }
    let ident = path(def.ident.as_str());
    quote!(impl #ident { #(#constants)* })
}

fn constant(member: &Member) -> Option<TokenStream> {
    let Member::Constant(Constant { ident, wire, value, docs: words }) = member else { return None };
    let words = words.clone().paragraph(format!("The property `{wire}` always has this value."));
    let (docs, ident) = (docs(&words), path(ident.as_str()));
    let ty = match value {
        Scalar::Bool(_) => quote!(bool),
        Scalar::Integer(_) => quote!(i64),
        Scalar::Text(_) => quote!(&'static str),
    };
    let value = scalar(value);
    Some(quote!(#docs pub const #ident: #ty = #value;))
}

fn scalar(value: &Scalar) -> TokenStream {
    match value {
        Scalar::Bool(value) => quote!(#value),
        Scalar::Integer(value) => {
            let literal = Literal::i64_unsuffixed(*value);
            quote!(#literal)
        }
        Scalar::Text(value) => quote!(#value),
    }
}

/// A scalar as a literal.
pub(super) fn scalar_text(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Text(value) => string(value),
    }
}

/// What the support code calls the kind of a scalar.
pub(super) fn scalar_kind(value: &Scalar) -> &'static str {
    match value {
        Scalar::Bool(_) => "Bool",
        Scalar::Integer(_) => "Integer",
        Scalar::Text(_) => "Text",
    }
}

/// The table of what callers give, from which the constructor and the setters are made.
fn construction(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) -> String {
    module.import("crate::runtime::build::build");
    let is_required = |field: &&Field| field.presence == Presence::Required;
    let required = object
        .fields()
        .filter(is_required)
        .map(|field| format!("{}: {}", field.ident, argument_type(&field.ty, types, module)));
    let required = required.collect::<Vec<_>>().join(", ");
    let mut table = format!("build! {{\n    {}, {} ({required}) {{\n", def.ident, object.extra_ident);
    for field in object.fields().filter(|field| !is_required(field)) {
        let line = if field.presence == Presence::OptionalNullable {
            let ty = text(&type_ref(&field.ty, types, module));
            format!("nullable {}: impl Into<Nullable<{ty}>>", field.ident)
        } else {
            format!("optional {}: {}", field.ident, argument_type(&field.ty, types, module))
        };
        table.push_str(&format!("        {line},\n"));
    }
    close(table)
}

/// Ends a table; one without lines is closed where it was opened.
fn close(mut table: String) -> String {
    if table.ends_with("{\n") {
        table.pop();
        table.push_str("}\n}");
    } else {
        table.push_str("    }\n}");
    }
    table
}

/// Whether an argument is converted: callers write texts and the names of values as literals.
fn takes_into(ty: &TypeRef, types: &Types) -> bool {
    match ty {
        TypeRef::Primitive(primitive) => primitive.is_text(),
        TypeRef::Boxed(_) => true,
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::StringEnum(_) | Shape::ScalarEnum(_) => true,
            Shape::Alias(ty) => takes_into(ty, types),
            _ => false,
        },
        _ => false,
    }
}

fn argument_type(ty: &TypeRef, types: &Types, module: &mut Module) -> String {
    let into = takes_into(ty, types);
    let ty = text(&type_ref(ty, types, module));
    if into { format!("impl Into<{ty}>") } else { ty }
}

/// The table of the properties, from which decoding and encoding are made.
fn table(def: &TypeDef, object: &Struct, types: &Types) -> String {
    let constants = object.members.iter().filter_map(|member| match member {
        Member::Constant(Constant { ident, wire, value, .. }) => {
            Some(format!("{ident} = {}: {}", string(wire), scalar_kind(value)))
        }
        Member::Field(_) => None,
    });
    let constants: Vec<_> = constants.collect();
    let mut table = format!("object! {{\n    {}, {} [{}] {{\n", def.ident, object.extra_ident, constants.join(", "));
    for field in object.fields() {
        let presence = match field.presence {
            Presence::Required => "Required",
            Presence::Optional => "Optional",
            Presence::OptionalNullable => "Nullable",
        };
        let kinds = kinds_text(&field.ty, types);
        table.push_str(&format!("        {presence} {} = {}: {kinds},\n", field.ident, string(&field.wire)));
    }
    close(table)
}

/// A text as a literal.
pub(super) fn string(text: &str) -> String {
    Literal::string(text).to_string()
}
