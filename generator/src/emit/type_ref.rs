//! Stage 6, uses of types, and what their values look like at first sight.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::module::path;
use crate::ir::{Primitive, Scalar, Shape, TypeRef, Types};

/// The type as it is written in a module of `types`; what it needs is imported.
pub(super) fn type_ref(ty: &TypeRef, types: &Types, module: &mut Module) -> TokenStream {
    match ty {
        TypeRef::Named(id) => {
            let ident = types.get(*id).ident.as_str();
            module.import(&format!("super::{ident}"));
            path(ident)
        }
        _ => qualified(ty, types, module, &TokenStream::new()),
    }
}

/// The type as it is written outside of `types`, where named ones are `types::Name`.
pub(super) fn public_type(ty: &TypeRef, types: &Types, module: &mut Module) -> TokenStream {
    qualified(ty, types, module, &quote!(types::))
}

/// The type as text, with named types as `types::Name`.
pub(super) fn type_text(ty: &TypeRef, types: &Types) -> String {
    text(&public_type(ty, types, &mut Module::default()))
}

/// The tokens of a type as text; they are printed apart from each other, which no type needs.
pub(super) fn text(tokens: &TokenStream) -> String {
    tokens.to_string().split(' ').collect::<String>().replace(',', ", ")
}

fn qualified(ty: &TypeRef, types: &Types, module: &mut Module, prefix: &TokenStream) -> TokenStream {
    let inner = |inner: &TypeRef, module: &mut Module| {
        if prefix.is_empty() { type_ref(inner, types, module) } else { qualified(inner, types, module, prefix) }
    };
    match ty {
        TypeRef::Named(id) => {
            let ident = path(types.get(*id).ident.as_str());
            module.import("crate::types");
            quote!(#prefix #ident)
        }
        TypeRef::Boxed(ty) => {
            let ty = inner(ty, module);
            quote!(Box<#ty>)
        }
        TypeRef::List(ty) => {
            let ty = inner(ty, module);
            quote!(Vec<#ty>)
        }
        TypeRef::Nullable(ty) => {
            let ty = inner(ty, module);
            quote!(Option<#ty>)
        }
        TypeRef::Map(ty) => {
            let ty = inner(ty, module);
            module.import("crate::runtime::extra::Map");
            quote!(Map<#ty>)
        }
        TypeRef::Primitive(ty) => primitive(*ty),
        TypeRef::Value => {
            module.import("serde_json::Value");
            quote!(Value)
        }
    }
}

/// A type of the language, or of the support code: by its path, since a type of the API may have the same name.
pub(super) fn primitive(primitive: Primitive) -> TokenStream {
    match primitive {
        Primitive::String => quote!(String),
        Primitive::DateTime => quote!(crate::DateTime),
        Primitive::Date => quote!(crate::Date),
        Primitive::Bool => quote!(bool),
        Primitive::I32 => quote!(i32),
        Primitive::U32 => quote!(u32),
        Primitive::I64 => quote!(i64),
        Primitive::U64 => quote!(u64),
        Primitive::I128 => quote!(i128),
        Primitive::F64 => quote!(f64),
    }
}

/// The kinds of JSON values that a type can be read from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
    Any,
}

/// The kinds of the values of a type, sorted. A union takes any: it is open.
pub(super) fn kinds(ty: &TypeRef, types: &Types) -> Vec<Kind> {
    match ty {
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::Struct(_) => vec![Kind::Object],
            Shape::Tuple(_) => vec![Kind::Array],
            Shape::StringEnum(_) => vec![Kind::String],
            Shape::ScalarEnum(values) => {
                values.values.iter().map(|value| scalar_kind(&value.value)).fold(Vec::new(), union_one)
            }
            Shape::Union(_) | Shape::Own(_) | Shape::Pending => vec![Kind::Any],
            Shape::Alias(ty) => kinds(ty, types),
        },
        TypeRef::Boxed(inner) => kinds(inner, types),
        TypeRef::Nullable(inner) => union(vec![Kind::Null], kinds(inner, types)),
        TypeRef::List(_) => vec![Kind::Array],
        TypeRef::Map(_) => vec![Kind::Object],
        TypeRef::Primitive(Primitive::String | Primitive::DateTime | Primitive::Date) => vec![Kind::String],
        TypeRef::Primitive(Primitive::Bool) => vec![Kind::Boolean],
        TypeRef::Primitive(Primitive::F64) => vec![Kind::Number],
        TypeRef::Primitive(_) => vec![Kind::Integer],
        TypeRef::Value => vec![Kind::Any],
    }
}

/// The kind of a scalar.
fn scalar_kind(value: &Scalar) -> Kind {
    match value {
        Scalar::Bool(_) => Kind::Boolean,
        Scalar::Integer(_) => Kind::Integer,
        Scalar::Number(_) => Kind::Number,
        Scalar::Text(_) => Kind::String,
    }
}

fn union_one(all: Vec<Kind>, one: Kind) -> Vec<Kind> {
    union(all, vec![one])
}

fn union(mut all: Vec<Kind>, more: Vec<Kind>) -> Vec<Kind> {
    all.extend(more);
    all.sort();
    all.dedup();
    if all.contains(&Kind::Any) { vec![Kind::Any] } else { all }
}

/// The kinds of the values of a type, as the tables of the support code take them.
pub(super) fn kinds_text(ty: &TypeRef, types: &Types) -> String {
    text_of(&kinds(ty, types))
}

/// The kinds of scalars, likewise.
pub(super) fn scalar_kinds_text<'v>(values: impl Iterator<Item = &'v Scalar>) -> String {
    text_of(&values.map(scalar_kind).fold(Vec::new(), union_one))
}

fn text_of(all: &[Kind]) -> String {
    let names = all.iter().map(|kind| match kind {
        Kind::Null => "NULL",
        Kind::Boolean => "BOOLEAN",
        Kind::Integer => "INTEGER",
        Kind::Number => "NUMBER",
        Kind::String => "STRING",
        Kind::Array => "ARRAY",
        Kind::Object => "OBJECT",
        Kind::Any => "ANY",
    });
    names.collect::<Vec<_>>().join(" | ")
}
