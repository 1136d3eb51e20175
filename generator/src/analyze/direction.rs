//! Stage 5, direction: the types that a request can hold are built by callers; the others are only read.

use crate::ir::{Api, Member, Presence, Service, Shape, Struct, TypeId, TypeRef, Types};

/// Marks the types that requests hold.
pub(super) fn mark_sent(api: &mut Api) {
    let mut roots = Vec::new();
    bodies(&api.root, &mut roots);
    for ty in roots {
        mark(&mut api.types, &ty);
    }
}

fn bodies(service: &Service, found: &mut Vec<TypeRef>) {
    found.extend(service.operations.iter().filter_map(|operation| operation.body.as_ref()).map(|body| body.ty.clone()));
    for child in &service.children {
        bodies(child, found);
    }
}

fn mark(types: &mut Types, ty: &TypeRef) {
    let mut open = vec![ty.clone()];
    while let Some(ty) = open.pop() {
        match ty {
            TypeRef::Named(id) => open.extend(mark_named(types, id)),
            TypeRef::Boxed(inner) | TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                open.push(*inner);
            }
            TypeRef::Primitive(_) | TypeRef::Value => {}
        }
    }
}

/// Makes optional what only the server sets: a caller that builds the value cannot know it.
fn free_read_only(object: &mut Struct) {
    for member in &mut object.members {
        let Member::Field(field) = member else { continue };
        if !field.read_only || field.presence != Presence::Required {
            continue;
        }
        (field.presence, field.ty) = match &field.ty {
            TypeRef::Nullable(inner) => (Presence::OptionalNullable, (**inner).clone()),
            TypeRef::Value => (Presence::OptionalNullable, TypeRef::Value),
            ty => (Presence::Optional, ty.clone()),
        };
    }
}

/// Marks a type and gives what it holds; nothing when it was marked before.
fn mark_named(types: &mut Types, id: TypeId) -> Vec<TypeRef> {
    let def = types.get_mut(id);
    if std::mem::replace(&mut def.facts.sent, true) {
        return Vec::new();
    }
    if let Shape::Struct(object) = &mut def.shape {
        free_read_only(object);
    }
    match &def.shape {
        Shape::Struct(object) => object.fields().map(|field| field.ty.clone()).chain([object.extra.clone()]).collect(),
        Shape::Union(union) => union.variants.iter().map(|variant| variant.ty.clone()).collect(),
        Shape::Alias(ty) => vec![ty.clone()],
        Shape::StringEnum(_) | Shape::Pending => Vec::new(),
    }
}
