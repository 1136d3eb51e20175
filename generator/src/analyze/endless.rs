//! Stage 5, objects without end: a property that must be there and leads back to its own type could never be written.

use std::collections::HashSet;

use crate::ir::{Member, Presence, Shape, TypeId, TypeRef, Types};

/// Lets such a property be absent, where a walk through the types, in their order, comes back to one that it is still
/// in. No value is lost by that: there was none.
pub(super) fn open(types: &mut Types) {
    let mut walk = Walk { types, open: Vec::new(), done: HashSet::new(), endless: Vec::new() };
    let all: Vec<_> = walk.types.iter().map(|(id, _)| id).collect();
    for id in all {
        walk.visit(id);
    }
    for (id, index) in walk.endless {
        if let Shape::Struct(object) = &mut types.get_mut(id).shape
            && let Some(Member::Field(field)) = object.members.get_mut(index)
        {
            field.presence = Presence::Optional;
        }
    }
}

struct Walk<'t> {
    types: &'t Types,
    /// The types on the way to the one that is visited.
    open: Vec<TypeId>,
    done: HashSet<TypeId>,
    /// The types, and the members of them that close a circle.
    endless: Vec<(TypeId, usize)>,
}

impl Walk<'_> {
    fn visit(&mut self, id: TypeId) {
        if !self.done.insert(id) {
            return;
        }
        let Shape::Struct(object) = &self.types.get(id).shape else { return };
        self.open.push(id);
        for (index, member) in object.members.iter().enumerate() {
            let Member::Field(field) = member else { continue };
            if field.presence != Presence::Required {
                continue;
            }
            match self.object(&field.ty) {
                Some(next) if self.open.contains(&next) => self.endless.push((id, index)),
                Some(next) => self.visit(next),
                None => {}
            }
        }
        self.open.pop();
    }

    /// The object that a use of a type cannot do without.
    fn object(&self, ty: &TypeRef) -> Option<TypeId> {
        match ty {
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::Struct(_) => Some(*id),
                Shape::Alias(ty) => self.object(ty),
                _ => None,
            },
            TypeRef::Boxed(inner) => self.object(inner),
            _ => None,
        }
    }
}
