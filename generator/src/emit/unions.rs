//! Stage 6, unions.

use super::Module;
use super::docs::comments;
use super::structs::string;
use super::type_ref::{text, type_ref};
use super::types::type_attributes;
use crate::ir::{Docs, Primitive, Scalar, Shape, TypeDef, TypeRef, Types, Union, Variant};

/// Emits a union that is open to values that fit no member.
pub(super) fn union(def: &TypeDef, union: &Union, types: &Types, module: &mut Module) {
    module.import("crate::runtime::union::union");
    let table = table(def, union, types, module);
    module.push_text(table);
}

/// What the document says of a member, else which values of the tag stand for it.
fn variant_docs(union: &Union, variant: &Variant) -> Docs {
    match (&union.tag, variant.tags.as_slice()) {
        (Some(tag), [value]) if variant.docs.is_empty() => {
            Docs::default().paragraph(format!("The value with `{tag}` = `{}`.", value.escape_debug()))
        }
        _ => variant.docs.clone(),
    }
}

/// Whether each variant is what its content converts to: when its type, by whatever name, is no other variant's. A
/// JSON value could be any of them.
fn conversions(def: &TypeDef, union: &Union, types: &Types) -> Vec<bool> {
    let meant: Vec<_> = union.variants.iter().map(|variant| meaning(&variant.ty, types)).collect();
    let alone = |ty: &TypeRef| meant.iter().filter(|other| *other == ty).count() == 1;
    let is_itself = |ty: &TypeRef| matches!(ty, TypeRef::Named(id) if types.get(*id).ident == def.ident);
    meant.iter().map(|ty| *ty != TypeRef::Value && !is_itself(ty) && alone(ty)).collect()
}

/// What texts a variant is made of besides its own type: those that any text is read as, where it is the only one.
fn texts(variant: &Variant, union: &Union, types: &Types) -> &'static str {
    let is_text = |variant: &&Variant| match meaning(&variant.ty, types) {
        TypeRef::Primitive(primitive) => primitive.is_text(),
        TypeRef::Named(id) => match &types.get(id).shape {
            Shape::StringEnum(_) => true,
            Shape::ScalarEnum(scalars) => scalars.values.iter().any(|named| matches!(named.value, Scalar::Text(_))),
            _ => false,
        },
        _ => false,
    };
    if union.variants.iter().filter(is_text).count() != 1 {
        return "";
    }
    match meaning(&variant.ty, types) {
        TypeRef::Primitive(Primitive::String) => " | &str",
        TypeRef::Primitive(Primitive::DateTime | Primitive::Date) => " | &str | String",
        TypeRef::Named(id) if matches!(types.get(id).shape, Shape::StringEnum(_)) => " | &str | String",
        _ => "",
    }
}

/// The type without other names for it.
fn meaning(ty: &TypeRef, types: &Types) -> TypeRef {
    let inner = |ty: &TypeRef| Box::new(meaning(ty, types));
    match ty {
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::Alias(ty) => meaning(ty, types),
            _ => ty.clone(),
        },
        TypeRef::Boxed(ty) => meaning(ty, types),
        TypeRef::List(ty) => TypeRef::List(inner(ty)),
        TypeRef::Map(ty) => TypeRef::Map(inner(ty)),
        TypeRef::Nullable(ty) => TypeRef::Nullable(inner(ty)),
        TypeRef::Primitive(_) | TypeRef::Value => ty.clone(),
    }
}

/// The table of the members, from which all else is made.
fn table(def: &TypeDef, union: &Union, types: &Types, module: &mut Module) -> String {
    let attributes = type_attributes(def);
    let default = union.default.map(|member| format!(" else {member}")).unwrap_or_default();
    let unfit = if union.keeps_unfit { format!(" | {}", union.other) } else { String::new() };
    let shared = if union.shares_tags() { " and looks" } else { "" };
    let tag = union.tag.as_ref().map(|tag| format!(" by {}{shared}{default}{unfit}", string(tag))).unwrap_or_default();
    let null = if def.facts.set_or_null { " or null" } else { "" };
    let mut table = format!("union! {{\n{attributes}    pub enum {}{null}{tag} {{\n", def.ident);
    for (number, (variant, converts)) in union.variants.iter().zip(conversions(def, union, types)).enumerate() {
        table.push_str(&comments(&variant_docs(union, variant), 8));
        let tags: Vec<_> = variant.tags.iter().map(|tag| string(tag)).collect();
        let ty = text(&type_ref(&variant.ty, types, module));
        let from = match &variant.ty {
            _ if !converts => String::new(),
            TypeRef::Boxed(inner) => format!(" from {}", text(&type_ref(inner, types, module))),
            _ => format!(" from {ty}{}", texts(variant, union, types)),
        };
        table.push_str(&format!("        {number} {}({ty}) = [{}]{from},\n", variant.ident, tags.join(", ")));
    }
    table.push_str(&format!("        ..{}\n    }}\n}}", union.other));
    table
}
