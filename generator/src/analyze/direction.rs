//! Stage 5, direction: the types that a request can hold are built by callers; those of responses are only read.

use crate::ir::{Api, Facts, Presence, Service, Shape, Struct, TypeId, TypeRef, Types};

/// Marks what requests and responses hold, and makes optional what the one who sends a value does not know or show.
pub(super) fn mark(api: &mut Api) {
    let mut uses = Vec::new();
    collect(&api.root, &mut uses);
    // Who builds a message depends on the side that one stands on.
    uses.extend(api.messages.iter().map(|ty| (ty.clone(), Direction::Sent)));
    uses.extend(api.webhooks.iter().map(|webhook| (webhook.ty.clone(), Direction::Received)));
    uses.extend(api.headers.iter().map(|header| (header.ty.clone(), Direction::Received)));
    for (ty, direction) in uses {
        follow(&mut api.types, ty, direction);
    }
    let all: Vec<_> = api.types.iter().map(|(id, def)| (id, def.facts)).collect();
    let named = all.iter().map(|(id, _)| TypeRef::Named(*id));
    let any: Vec<_> = named.chain([TypeRef::Value]).filter(|ty| api.types.is_any(ty)).collect();
    for (id, facts) in all {
        if let Shape::Struct(object) = &mut api.types.get_mut(id).shape {
            relax(object, facts, &any);
        }
    }
    mark_set_or_null(&mut api.types);
}

/// Marks the types of nullable properties that callers set.
fn mark_set_or_null(types: &mut Types) {
    let sent = types.iter().filter(|(_, def)| def.facts.sent);
    let fields = sent.flat_map(|(_, def)| match &def.shape {
        Shape::Struct(object) => object.fields().collect(),
        _ => Vec::new(),
    });
    let nullable = fields.filter(|field| field.presence == Presence::OptionalNullable);
    let set: Vec<_> = nullable.filter_map(|field| types.aliased(&field.ty)).collect();
    for id in set {
        types.get_mut(id).facts.set_or_null = true;
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Sent,
    Received,
}

/// The types of parameters, bodies and results.
fn collect(service: &Service, uses: &mut Vec<(TypeRef, Direction)>) {
    for operation in &service.operations {
        uses.extend(operation.sent().into_iter().map(|ty| (ty, Direction::Sent)));
        uses.extend(operation.received().into_iter().map(|ty| (ty, Direction::Received)));
    }
    for child in &service.children {
        collect(child, uses);
    }
}

fn follow(types: &mut Types, ty: TypeRef, direction: Direction) {
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        match ty {
            TypeRef::Named(id) => open.extend(mark_named(types, id, direction)),
            TypeRef::Boxed(inner) | TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
                open.push(*inner);
            }
            TypeRef::Primitive(_) | TypeRef::Value => {}
        }
    }
}

/// Marks a type and gives what it holds; nothing when it was marked before.
fn mark_named(types: &mut Types, id: TypeId, direction: Direction) -> Vec<TypeRef> {
    let def = types.get_mut(id);
    let mark = match direction {
        Direction::Sent => &mut def.facts.sent,
        Direction::Received => &mut def.facts.received,
    };
    if std::mem::replace(mark, true) {
        return Vec::new();
    }
    def.shape.held().into_iter().cloned().collect()
}

/// Makes optional what only the server sets where callers build the value, and what the server never shows where it
/// sends the value. `any` are the types that `null` is a value of.
fn relax(object: &mut Struct, facts: Facts, any: &[TypeRef]) {
    for field in object.fields_mut() {
        let unknown = field.read_only && facts.sent || field.write_only && facts.received;
        if !unknown || field.presence != Presence::Required {
            continue;
        }
        (field.presence, field.ty) = match &field.ty {
            TypeRef::Nullable(inner) => (Presence::OptionalNullable, (**inner).clone()),
            ty if any.contains(ty) => (Presence::OptionalNullable, ty.clone()),
            ty => (Presence::Optional, ty.clone()),
        };
        field.asked = !field.read_only && facts.sent && field.presence == Presence::Optional;
    }
}
