//! Stage 5, boxes: a type that contains itself needs one somewhere on the way round.

use std::collections::HashSet;

use crate::ir::{Shape, TypeId, TypeRef, Types};

/// Puts a box where a walk through the types, in their order, comes back to a type that it is still in.
pub(super) fn add_boxes(types: &mut Types) {
    let mut walk = Walk { types, open: Vec::new(), done: HashSet::new(), boxes: HashSet::new() };
    let is_own = |shape: &Shape| !matches!(shape, Shape::Alias(_));
    let all: Vec<_> = walk.types.iter().filter(|(_, def)| is_own(&def.shape)).map(|(id, _)| id).collect();
    for id in all {
        walk.visit(id);
    }
    let boxes = walk.boxes;
    for (from, to) in boxes {
        for ty in held_mut(&mut types.get_mut(from).shape) {
            add_box(ty, to);
        }
    }
}

struct Walk<'t> {
    types: &'t Types,
    /// The types on the way to the one that is visited.
    open: Vec<TypeId>,
    done: HashSet<TypeId>,
    /// The types, and what they must hold in a box.
    boxes: HashSet<(TypeId, TypeId)>,
}

impl Walk<'_> {
    fn visit(&mut self, id: TypeId) {
        if !self.done.insert(id) {
            return;
        }
        self.open.push(id);
        for used in held(&self.types.get(id).shape).into_iter().filter_map(in_place) {
            match self.meant(used) {
                Some(next) if self.open.contains(&next) => {
                    self.boxes.insert((id, used));
                }
                Some(next) => self.visit(next),
                None => {}
            }
        }
        self.open.pop();
    }

    /// The type that another name for one stands for. It is no stop of its own on the way: it is written out at its
    /// uses, each of which needs its box.
    fn meant(&self, mut id: TypeId) -> Option<TypeId> {
        while let Shape::Alias(ty) = &self.types.get(id).shape {
            id = in_place(ty)?;
        }
        Some(id)
    }
}

/// The types that a type holds; those of unknown properties are on the heap already.
pub(super) fn held(shape: &Shape) -> Vec<&TypeRef> {
    match shape {
        Shape::Struct(object) => object.fields().map(|field| &field.ty).collect(),
        Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
        Shape::Tuple(tuple) => tuple.elements.iter().map(|element| &element.ty).collect(),
        Shape::Alias(ty) => vec![ty],
        Shape::StringEnum(_) | Shape::ScalarEnum(_) | Shape::Own(_) | Shape::Pending => Vec::new(),
    }
}

/// The same, to be changed.
pub(super) fn held_mut(shape: &mut Shape) -> Vec<&mut TypeRef> {
    match shape {
        Shape::Struct(object) => object.fields_mut().map(|field| &mut field.ty).collect(),
        Shape::Union(union) => union.variants.iter_mut().map(|variant| &mut variant.ty).collect(),
        Shape::Tuple(tuple) => tuple.elements.iter_mut().map(|element| &mut element.ty).collect(),
        Shape::Alias(ty) => vec![ty],
        Shape::StringEnum(_) | Shape::ScalarEnum(_) | Shape::Own(_) | Shape::Pending => Vec::new(),
    }
}

/// The named type that a use holds in place, and not on the heap.
pub(super) fn in_place(ty: &TypeRef) -> Option<TypeId> {
    match ty {
        TypeRef::Named(id) => Some(*id),
        TypeRef::Nullable(inner) => in_place(inner),
        TypeRef::Boxed(_) | TypeRef::List(_) | TypeRef::Map(_) | TypeRef::Primitive(_) | TypeRef::Value => None,
    }
}

/// Puts the named type into a box where a use holds it in place.
pub(super) fn add_box(ty: &mut TypeRef, target: TypeId) {
    match ty {
        TypeRef::Named(id) if *id == target => *ty = TypeRef::Boxed(Box::new(TypeRef::Named(target))),
        TypeRef::Nullable(inner) => add_box(inner, target),
        _ => {}
    }
}
