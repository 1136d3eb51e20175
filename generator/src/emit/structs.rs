//! Stage 6, structs.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Module;
use super::docs::{comments, docs};
use super::module::path;
use super::type_ref::{kinds_text, text, type_ref};
use super::types::type_attributes;
use crate::ir::{Constant, Field, Member, Presence, Scalar, Shape, Struct, TypeDef, TypeRef, Types};

/// Emits a struct.
pub(super) fn structure(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) {
    module.import("crate::runtime::object::object");
    let table = table(def, object, types, module);
    module.push_text(table);
    module.push(constants(def, object));
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
    let Member::Constant(Constant { ident, wire, value, docs: words, .. }) = member else { return None };
    let words = words.clone().paragraph(format!("The property `{wire}` always has this value."));
    let (docs, ident) = (docs(&words), path(ident.as_str()));
    let ty = match value {
        Scalar::Bool(_) => quote!(bool),
        Scalar::Integer(_) => quote!(i64),
        Scalar::Number(_) => quote!(f64),
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
        Scalar::Number(value) => {
            let literal = Literal::f64_unsuffixed(value.as_f64().unwrap_or_default());
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
        Scalar::Number(value) => value.to_string(),
        Scalar::Text(value) => string(value),
    }
}

/// What the support code calls the kind of a scalar.
pub(super) fn scalar_kind(value: &Scalar) -> &'static str {
    match value {
        Scalar::Bool(_) => "Bool",
        Scalar::Integer(_) => "Integer",
        Scalar::Number(_) => "Number",
        Scalar::Text(_) => "Text",
    }
}

/// Whether an argument is converted: callers write texts and the names of values as literals, and the member of a union
/// for the union.
fn takes_into(ty: &TypeRef, types: &Types) -> bool {
    match ty {
        TypeRef::Primitive(primitive) => primitive.is_text(),
        TypeRef::Boxed(_) => true,
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::StringEnum(_) | Shape::ScalarEnum(_) | Shape::Union(_) => true,
            Shape::Alias(ty) => takes_into(ty, types),
            _ => false,
        },
        _ => false,
    }
}

/// The table of the properties, from which all else is made.
fn table(def: &TypeDef, object: &Struct, types: &Types, module: &mut Module) -> String {
    let attributes = type_attributes(def);
    let mut table = format!("object! {{\n{attributes}    pub struct {}{} {{\n", def.ident, constant_table(object));
    for field in object.fields() {
        table.push_str(&comments(&field.docs, 8));
        table.push_str(if field.deprecated { "        #[deprecated]\n" } else { "" });
        table.push_str(&format!("        {},\n", row(field, types, module)));
    }
    let other = match &object.extra {
        TypeRef::Value => String::new(),
        ty => format!(": {}", text(&type_ref(ty, types, module))),
    };
    let kind = if object.any_kind { " | ANY" } else { "" };
    table.push_str(&format!("        ..{}{other}{kind}\n    }}\n", object.extra_ident));
    if def.facts.sent {
        table.push_str(&list("new", arguments(object, |field| field.presence == Presence::Required, types, module)));
        let asked = arguments(object, |field| field.asked, types, module);
        if !asked.is_empty() {
            table.push_str(&list("asked", asked));
        }
        let kinds = [("set", Presence::Optional), ("set_nullable", Presence::OptionalNullable)];
        for (name, presence) in kinds {
            let fields = setters(object, presence, types, module);
            table.push_str(&if fields.is_empty() { String::new() } else { list(name, fields) });
        }
    }
    table.push('}');
    table
}

fn constant_table(object: &Struct) -> String {
    let constants = object.members.iter().filter_map(|member| match member {
        Member::Constant(Constant { ident, wire, value, required, .. }) => {
            let presence = if *required { " | REQUIRED" } else { "" };
            Some(format!("{ident} = {}: {}{presence}", string(wire), scalar_kind(value)))
        }
        Member::Field(_) => None,
    });
    let constants: Vec<_> = constants.collect();
    if constants.is_empty() { String::new() } else { format!(" [{}]", constants.join(", ")) }
}

fn row(field: &Field, types: &Types, module: &mut Module) -> String {
    let ty = type_ref(&field.ty, types, module);
    let ty = text(&with_presence(ty, field.presence, module));
    let presence = match field.presence {
        Presence::Required => "REQUIRED | ",
        Presence::Optional => "",
        Presence::OptionalNullable => "NULLABLE | ",
    };
    let kinds = kinds_text(&field.ty, types);
    let escaped = if is_escaped(&field.wire) { " | ESCAPED" } else { "" };
    format!("{}: {ty} = {}: {presence}{kinds}{escaped}", field.ident, string(&field.wire))
}

/// Whether JSON writes a text with escapes (RFC 8259, section 7).
fn is_escaped(text: &str) -> bool {
    serde_json::Value::from(text).to_string().len() != text.len() + 2
}

/// What the constructor asks for.
fn arguments(object: &Struct, asks: fn(&Field) -> bool, types: &Types, module: &mut Module) -> Vec<String> {
    object
        .fields()
        .filter(|field| asks(field))
        .map(|field| format!("{}: {}", field.ident, given(&field.ty, types, module)))
        .collect()
}

/// What the setters of fields take that need not be there.
fn setters(object: &Struct, presence: Presence, types: &Types, module: &mut Module) -> Vec<String> {
    let fields = object.fields().filter(|field| field.presence == presence);
    let setters = fields.map(|field| {
        let ty = match presence {
            Presence::OptionalNullable => {
                let ty = type_ref(&field.ty, types, module);
                format!("impl Into<{}>", text(&with_presence(ty, presence, module)))
            }
            Presence::Required | Presence::Optional => given(&field.ty, types, module),
        };
        format!("{}: {ty}", field.ident)
    });
    setters.collect()
}

/// The type of an argument that becomes a value.
fn given(ty: &TypeRef, types: &Types, module: &mut Module) -> String {
    let given = text(&type_ref(ty, types, module));
    if takes_into(ty, types) { format!("impl Into<{given}>") } else { given }
}

/// A list of the table, in lines of a bearable width.
fn list(name: &str, items: Vec<String>) -> String {
    const WIDTH: usize = 100;
    let mut lines = vec![format!("    {name}(")];
    let last = items.len().saturating_sub(1);
    for (at, item) in items.iter().enumerate() {
        let item = if at == last { item.clone() } else { format!("{item}, ") };
        match lines.last_mut() {
            Some(line) if line.trim_end().ends_with('(') || line.len() + item.len() <= WIDTH => line.push_str(&item),
            _ => lines.push(format!("        {item}")),
        }
    }
    let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
    format!("{})\n", lines.join("\n"))
}

/// A text as a literal.
pub(super) fn string(text: &str) -> String {
    Literal::string(text).to_string()
}
