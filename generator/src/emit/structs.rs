//! Stage 6, structs: the type, its constructor, decoding and encoding.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Module;
use super::docs::{deprecated, docs, docs_or};
use super::module::path;
use super::type_ref::{kinds_expression, type_ref};
use super::types::type_docs;
use crate::ir::{Constant, Docs, Field, Member, Presence, Primitive, Scalar, Shape, Struct, TypeDef, TypeRef, Types};

/// Emits a struct.
pub(super) fn structure(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) {
    let definition = definition(def, object, types, module);
    module.push(definition);
    let methods = methods(def, object, types, module);
    module.push(methods);
    let decoding = decoding(def, object, types, module);
    module.push(decoding);
    let encoding = encoding(def, object, module);
    module.push(encoding);
    module.import("crate::runtime::serde_bridge::deserialize");
    let ident = path(def.ident.as_str());
    module.push(quote!(deserialize!(#ident);));
}

fn definition(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) -> TokenStream {
    let (docs, ident, extra) = (type_docs(def), path(def.ident.as_str()), path(object.extra_ident.as_str()));
    let fields: Vec<_> = object.fields().map(|field| field_definition(field, types, module)).collect();
    let extra_type = extra_type(object, types, module);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct #ident {
            #(#fields,)*
            /// Properties that the API's document does not name, kept as they came.
            pub #extra: #extra_type,
        }
    }
}

fn field_definition(field: &Field, types: &Types, module: &mut Module) -> TokenStream {
    let (docs, deprecated) =
        (docs_or(&field.docs, format!("The property `{}`.", field.wire)), deprecated(field.deprecated));
    let ident = path(field.ident.as_str());
    let ty = type_ref(&field.ty, types, module);
    let ty = match field.presence {
        Presence::Required => ty,
        Presence::Optional => quote!(Option<#ty>),
        Presence::OptionalNullable => {
            module.import("crate::runtime::nullable::Nullable");
            quote!(Nullable<#ty>)
        }
    };
    quote!(#docs #deprecated pub #ident: #ty)
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

/// The constants of the type and, where callers build it, its constructor and setters.
fn methods(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) -> TokenStream {
    let constants: Vec<_> = object.members.iter().filter_map(constant).collect();
    let (mut construction, mut setters) = (TokenStream::new(), Vec::new());
    if def.facts.sent {
        construction = constructor(def, object, types, module);
        let optional = object.fields().filter(|field| field.presence != Presence::Required);
        setters.extend(optional.map(|field| setter(field, types, module)));
    }
    if constants.is_empty() && construction.is_empty() {
        return TokenStream::new();
    }
    let ident = path(def.ident.as_str());
    quote!(impl #ident { #(#constants)* #construction #(#setters)* })
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

fn constructor(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) -> TokenStream {
    let required: Vec<_> = object.fields().filter(|field| field.presence == Presence::Required).collect();
    let arguments: Vec<_> = required
        .iter()
        .map(|field| {
            let (ident, ty) = (path(field.ident.as_str()), argument_type(&field.ty, types, module));
            quote!(#ident: #ty)
        })
        .collect();
    let values = object.fields().map(|field| {
        let ident = path(field.ident.as_str());
        match field.presence {
            Presence::Required if takes_into(&field.ty, types) => quote!(#ident: #ident.into()),
            Presence::Required => quote!(#ident),
            Presence::Optional => quote!(#ident: None),
            Presence::OptionalNullable => quote!(#ident: Nullable::Absent),
        }
    });
    let extra = path(object.extra_ident.as_str());
    // The properties that the API requires are as many as they are.
    let allow = (required.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let words =
        if required.is_empty() { "A value without any property." } else { "A value with the required properties." };
    let words = docs(&Docs::default().paragraph(words));
    let default = required.is_empty().then(|| {
        let ident = path(def.ident.as_str());
        quote!(impl Default for #ident { fn default() -> Self { Self::new() } })
    });
    if let Some(default) = default {
        module.push(default);
    }
    quote! {
        #words
        #[must_use]
        #allow
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values,)* #extra: Extra::new() }
        }
    }
}

fn setter(field: &Field, types: &Types, module: &mut Module) -> TokenStream {
    let docs = docs_or(&field.docs, format!("Sets the property `{}`.", field.wire));
    let ident = path(field.ident.as_str());
    let deprecated = deprecated(field.deprecated);
    if field.presence == Presence::OptionalNullable {
        let ty = type_ref(&field.ty, types, module);
        return quote! {
            #docs
            #deprecated
            #[must_use]
            pub fn #ident(mut self, #ident: impl Into<Nullable<#ty>>) -> Self {
                self.#ident = #ident.into();
                self
            }
        };
    }
    let ty = argument_type(&field.ty, types, module);
    let value = if takes_into(&field.ty, types) { quote!(#ident.into()) } else { quote!(#ident) };
    quote! {
        #docs
        #deprecated
        #[must_use]
        pub fn #ident(mut self, #ident: #ty) -> Self {
            self.#ident = Some(#value);
            self
        }
    }
}

/// Whether an argument is converted: callers write texts and the names of values as literals.
fn takes_into(ty: &TypeRef, types: &Types) -> bool {
    match ty {
        TypeRef::Primitive(Primitive::String) | TypeRef::Boxed(_) => true,
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::StringEnum(_) => true,
            Shape::Alias(ty) => takes_into(ty, types),
            _ => false,
        },
        _ => false,
    }
}

fn argument_type(ty: &TypeRef, types: &Types, module: &mut Module) -> TokenStream {
    let into = takes_into(ty, types);
    let ty = type_ref(ty, types, module);
    if into { quote!(impl Into<#ty>) } else { ty }
}

fn decoding(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) -> TokenStream {
    let (ident, extra) = (path(def.ident.as_str()), path(object.extra_ident.as_str()));
    for import in
        ["decode::Decode", "decode::DecodeError", "decode::Object", "shape::Member", "shape::Shape", "tape::Node"]
    {
        module.import(&format!("crate::runtime::{import}"));
    }
    let members: Vec<_> = object.members.iter().map(|member| member_entry(member, types, module)).collect();
    let fields = object.members.iter().enumerate().filter_map(|(slot, member)| {
        let Member::Field(field) = member else { return None };
        let (ident, slot) = (path(field.ident.as_str()), Literal::usize_unsuffixed(slot));
        Some(match field.presence {
            Presence::Required => quote!(#ident: object.required(#slot)?),
            Presence::Optional => quote!(#ident: object.optional(#slot)?),
            Presence::OptionalNullable => quote!(#ident: object.nullable(#slot)?),
        })
    });
    let count = Literal::usize_unsuffixed(members.len());
    quote! {
        const MEMBERS: &[Member] = &[#(#members),*];

        impl Decode for #ident {
            const SHAPE: Shape = Shape::object(MEMBERS);

            #[inline]
            fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
                let mut slots = [0; #count];
                let object = Object::read(node, MEMBERS, &mut slots)?;
                Ok(Self { #(#fields,)* #extra: object.extra()? })
            }
        }
    }
}

/// The entry of a property in the table that decoding works from.
fn member_entry(member: &Member, types: &Types, module: &mut Module) -> TokenStream {
    match member {
        Member::Field(field) => {
            module.import("crate::runtime::shape::Kinds");
            let (wire, kinds) = (&field.wire, kinds_expression([&field.ty].into_iter(), types));
            match field.presence {
                Presence::Required => quote!(Member::required(#wire, #kinds)),
                Presence::Optional | Presence::OptionalNullable => quote!(Member::optional(#wire, #kinds)),
            }
        }
        Member::Constant(Constant { wire, value, .. }) => {
            module.import("crate::runtime::shape::Constant");
            let literal = scalar(value);
            let value = match value {
                Scalar::Bool(_) => quote!(Constant::Bool(#literal)),
                Scalar::Integer(_) => quote!(Constant::Integer(#literal)),
                Scalar::Text(_) => quote!(Constant::Text(#literal)),
            };
            quote!(Member::constant(#wire, #value))
        }
    }
}

fn encoding(def: &TypeDef, object: &Struct, module: &mut Module) -> TokenStream {
    let (ident, extra) = (path(def.ident.as_str()), path(object.extra_ident.as_str()));
    for import in ["serde::Serialize", "serde::Serializer", "crate::runtime::encode::ObjectEncoder"] {
        module.import(import);
    }
    let members = object.members.iter().map(|member| match member {
        Member::Field(field) => {
            let (wire, ident) = (&field.wire, path(field.ident.as_str()));
            match field.presence {
                Presence::Required => quote!(object.required(#wire, &self.#ident)?;),
                Presence::Optional => quote!(object.optional(#wire, &self.#ident)?;),
                Presence::OptionalNullable => quote!(object.nullable(#wire, &self.#ident)?;),
            }
        }
        Member::Constant(Constant { wire, ident, .. }) => {
            let ident = path(ident.as_str());
            quote!(object.constant(#wire, Self::#ident)?;)
        }
    });
    quote! {
        impl Serialize for #ident {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut object = ObjectEncoder::new(serializer, &self.#extra)?;
                #(#members)*
                object.end()
            }
        }
    }
}
