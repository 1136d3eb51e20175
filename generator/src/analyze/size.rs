//! Stage 5, sizes: what is large stands in a box where another type holds it. Else sizes would multiply along the way
//! down: an object in an object in a union can take megabytes, all of them on the stack before a value is read.

use std::collections::HashMap;

use super::boxing::{add_box, held, held_mut, in_place};
use crate::ir::{Primitive, Shape, TypeId, TypeRef, Types};

/// The bytes up to which a type is held in place: that much is some twenty texts.
const LARGEST_IN_PLACE: usize = 512;

/// The bytes of a pointer, and of what is as large.
const POINTER: usize = 8;
/// The bytes of a text or a list.
const LIST: usize = 3 * POINTER;
/// The bytes of a map, and of a JSON value, which can be one.
const MAP: usize = 9 * POINTER;

/// Puts boxes around what is large, from the types at the bottom up. No type contains itself any more.
pub(super) fn add_boxes(types: &mut Types) {
    let mut sizes = Sizes { types, known: HashMap::new() };
    let all: Vec<_> = sizes.types.iter().map(|(id, _)| id).collect();
    for id in all {
        sizes.of_type(id);
    }
}

struct Sizes<'t> {
    types: &'t mut Types,
    known: HashMap<TypeId, usize>,
}

impl Sizes<'_> {
    /// The size of a type, about: what a compiler makes of it differs from platform to platform, and the code must not.
    fn of_type(&mut self, id: TypeId) -> usize {
        if let Some(size) = self.known.get(&id) {
            return *size;
        }
        let is_alias = matches!(self.types.get(id).shape, Shape::Alias(_));
        let inside: Vec<_> = held(&self.types.get(id).shape).into_iter().filter_map(in_place).collect();
        for held in inside {
            // Another name for a type is written out at its uses, which are where the box goes.
            if self.of_type(held) > LARGEST_IN_PLACE && !is_alias {
                held_mut(&mut self.types.get_mut(id).shape).into_iter().for_each(|ty| add_box(ty, held));
            }
        }
        let sizes = held(&self.types.get(id).shape).into_iter().map(|ty| self.of_use(ty));
        let size = match &self.types.get(id).shape {
            Shape::Struct(_) => sizes.sum::<usize>() + POINTER,
            Shape::Tuple(_) => sizes.sum::<usize>() + LIST,
            Shape::Union(_) => sizes.max().unwrap_or_default().max(MAP) + POINTER,
            Shape::Alias(_) => sizes.sum(),
            Shape::ScalarEnum(_) => MAP,
            Shape::StringEnum(_) | Shape::Own(_) | Shape::Pending => LIST,
        };
        self.known.insert(id, size);
        size
    }

    /// The size of what a type holds, whose own size is known.
    fn of_use(&self, ty: &TypeRef) -> usize {
        match ty {
            TypeRef::Named(id) => self.known.get(id).copied().unwrap_or_default(),
            TypeRef::Nullable(inner) => self.of_use(inner),
            TypeRef::Primitive(primitive) if primitive.is_text() => LIST,
            TypeRef::Primitive(Primitive::Bool) => 1,
            TypeRef::Primitive(_) | TypeRef::Boxed(_) => POINTER,
            TypeRef::List(_) => LIST,
            TypeRef::Map(_) | TypeRef::Value => MAP,
        }
    }
}
