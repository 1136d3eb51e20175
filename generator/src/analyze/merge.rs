//! Stage 5, equal types: an inline type that says what another type says becomes another name for it.
//!
//! Documents repeat inline schemas again and again, and what is compiled once compiles fast. The name stays, so that
//! nothing that uses it has to change when the two schemas part later. Components are never merged with each other.

use std::collections::HashMap;

use crate::ir::{Shape, TypeDef, TypeId, TypeRef, Types};

/// Merges inline types with the components and the earlier inline types that they are equal to.
pub(super) fn merge(types: &mut Types) {
    // A type that has become another name makes those that hold it equal to those that hold the other.
    while merge_once(types) {}
}

fn merge_once(types: &mut Types) -> bool {
    let classes = Partition::of(types).classes();
    let mut merged = false;
    for class in classes {
        // The first component; where there is none, the shortest name, since messages and documentation show it.
        let rank = |id: &TypeId| match types.get(*id) {
            TypeDef { inline: false, .. } => (false, 0),
            TypeDef { ident, .. } => (true, ident.as_str().len()),
        };
        let Some(chosen) = class.iter().copied().min_by_key(rank) else { continue };
        for id in class {
            let TypeDef { inline, facts, .. } = *types.get(id);
            if id == chosen || !inline {
                continue;
            }
            let kept = &mut types.get_mut(chosen).facts;
            kept.sent |= facts.sent;
            kept.received |= facts.received;
            kept.set_or_null |= facts.set_or_null;
            keep_unfit(types, id, chosen);
            types.get_mut(id).shape = Shape::Alias(TypeRef::Named(chosen));
            merged = true;
        }
    }
    merged
}

/// A class of types that are equal as far as the refinement has come.
type Color = usize;

/// What a type holds, as far as equality goes: a component is itself, an inline type stands for all that are equal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Held {
    Component(TypeId),
    Inline(Color),
}

/// The types by what they say: the coarsest partition in which equal types hold equal types, so that recursive types
/// are equal when nothing tells them apart.
struct Partition<'t> {
    types: &'t Types,
    colors: Vec<Color>,
    count: usize,
}

impl<'t> Partition<'t> {
    fn of(types: &'t Types) -> Self {
        let (colors, count) = numbered(types.iter().map(|(_, def)| (def.deprecated, own(&def.shape))));
        let mut partition = Self { types, colors, count };
        while partition.refine() {}
        partition
    }

    /// Parts the types that hold different ones; whether there were any.
    fn refine(&mut self) -> bool {
        let named = |shape: &'t Shape| shape.held().into_iter().filter_map(TypeRef::named);
        let held = |shape| named(shape).map(|id| self.held(id)).collect::<Vec<_>>();
        let refined = self.types.iter().map(|(id, def)| (self.colors[id.index()], held(&def.shape)));
        let (colors, count) = numbered(refined);
        let finer = count > self.count;
        (self.colors, self.count) = (colors, count);
        finer
    }

    fn held(&self, id: TypeId) -> Held {
        let def = self.types.get(id);
        match &def.shape {
            _ if !def.inline => Held::Component(id),
            Shape::Alias(TypeRef::Named(other)) => self.held(*other),
            _ => Held::Inline(self.colors[id.index()]),
        }
    }

    /// The classes of more than one type, each in the order of the types.
    fn classes(self) -> Vec<Vec<TypeId>> {
        let mut classes = vec![Vec::new(); self.count];
        for (id, _) in self.types.iter().filter(|(_, def)| !matches!(def.shape, Shape::Alias(_))) {
            classes[self.colors[id.index()]].push(id);
        }
        classes.retain(|class| class.len() > 1);
        classes
    }
}

/// Lets a union keep what its members cannot hold where one that becomes another name for it does.
fn keep_unfit(types: &mut Types, of: TypeId, chosen: TypeId) {
    let keeps = matches!(&types.get(of).shape, Shape::Union(union) if union.keeps_unfit);
    if let (true, Shape::Union(union)) = (keeps, &mut types.get_mut(chosen).shape) {
        union.keeps_unfit = true;
    }
}

/// What a type says itself: the names of all that it holds are one, and a union that keeps what its members cannot hold
/// holds the values of one that does not, too.
fn own(shape: &Shape) -> Shape {
    let mut shape = shape.clone();
    if let Shape::Union(union) = &mut shape {
        union.keeps_unfit = false;
    }
    for ty in shape.held_mut() {
        ty.rename(TypeId::default());
    }
    shape
}

/// Numbers the keys by their first occurrence, so that equal ones have one number.
fn numbered<K: Eq + std::hash::Hash>(keys: impl Iterator<Item = K>) -> (Vec<Color>, usize) {
    let mut numbers = HashMap::new();
    let colors = keys.map(|key| {
        let next = numbers.len();
        *numbers.entry(key).or_insert(next)
    });
    let colors = colors.collect();
    (colors, numbers.len())
}
