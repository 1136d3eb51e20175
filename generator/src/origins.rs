//! Places: where the nodes come from that overlays wrote or moved, and those that an upgrade moved.

use std::collections::HashMap;

use crate::diagnostic::{Place, Spot};
use crate::pointer::Pointer;

/// All that was written or moved on the way from the texts to the trees of the stages.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// What overlays did to the descriptions.
    pub(crate) overlaid: Origins,
    /// What became of nodes of Swagger 2.0, behind that.
    pub(crate) upgraded: Origins,
}

/// The text and the place in it of each node that is not where the text of its description has it.
#[derive(Debug, Default)]
pub(crate) struct Origins(HashMap<(usize, Pointer), (usize, Pointer)>);

impl Origins {
    /// The place in the texts as the user wrote them.
    pub(crate) fn restore(&self, place: Place) -> Place {
        let of = |pointer, spot: fn(Pointer) -> Spot| {
            let (input, at) = self.of(place.input, pointer);
            Place { input, spot: spot(at) }
        };
        match &place.spot {
            _ if self.0.is_empty() => place,
            Spot::Node(pointer) => of(pointer, Spot::Node),
            Spot::Key(pointer) => of(pointer, Spot::Key),
            Spot::Whole | Spot::Line(..) => place,
        }
    }

    /// Where a node comes from: where the nearest of those around it does that was written or moved.
    pub(crate) fn of(&self, input: usize, at: &Pointer) -> (usize, Pointer) {
        let mut within = Vec::new();
        let mut around = Some(at.clone());
        while let Some(ancestor) = around {
            if let Some((input, origin)) = self.0.get(&(input, ancestor.clone())) {
                return (*input, within.iter().rev().fold(origin.clone(), |at, token: &String| at.key(token)));
            }
            within.extend(ancestor.last());
            around = ancestor.parent();
        }
        (input, at.clone())
    }

    /// Notes that the node at a new place, where nothing was, comes from another one.
    pub(crate) fn add(&mut self, input: usize, at: Pointer, from: Pointer) {
        self.0.insert((input, at), (input, from));
    }

    /// Notes that the node at a place comes from another one.
    pub(crate) fn write(&mut self, input: usize, at: &Pointer, from: (usize, Pointer)) {
        self.forget(input, at);
        self.0.insert((input, at.clone()), from);
    }

    /// Forgets a node that is gone, and those in it.
    pub(crate) fn forget(&mut self, input: usize, at: &Pointer) {
        self.0.retain(|(other, pointer), _| *other != input || !pointer.is_within(at));
    }

    /// Notes that the elements of an array behind the one at `index` moved up, so that there are `len` now.
    pub(crate) fn close_gap(&mut self, input: usize, array: &Pointer, index: usize, len: usize) {
        self.forget(input, &array.index(index));
        for moved in index..len {
            let (to, from) = (array.index(moved), array.index(moved + 1));
            let origin = self.of(input, &from);
            let inside: Vec<_> =
                self.0.keys().filter(|(other, at)| *other == input && at.is_within(&from)).cloned().collect();
            for key in inside {
                let rest = Pointer::from_text(key.1.as_str()[from.as_str().len()..].to_owned());
                if let Some(origin) = self.0.remove(&key) {
                    self.0.insert((input, to.join(&rest)), origin);
                }
            }
            self.0.insert((input, to), origin);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Pointer {
        Pointer::from_text(text.to_owned())
    }

    #[test]
    fn what_was_written_is_found_where_it_was_written() {
        let mut origins = Origins::default();
        origins.write(0, &at("/a"), (1, at("/actions/0/update/a")));
        assert_eq!(origins.of(0, &at("/a/b~1c/0")), (1, at("/actions/0/update/a/b~1c/0")));
        assert_eq!(origins.of(0, &at("/ab")), (0, at("/ab")));
        assert_eq!(origins.of(2, &at("/a")), (2, at("/a")));
    }

    #[test]
    fn elements_that_moved_are_found_where_they_were() {
        let mut origins = Origins::default();
        origins.write(0, &at("/list/3/name"), (1, at("/update")));
        origins.close_gap(0, &at("/list"), 1, 3);
        assert_eq!(origins.of(0, &at("/list/0/x")), (0, at("/list/0/x")));
        assert_eq!(origins.of(0, &at("/list/1/x")), (0, at("/list/2/x")));
        assert_eq!(origins.of(0, &at("/list/2/x")), (0, at("/list/3/x")));
        assert_eq!(origins.of(0, &at("/list/2/name")), (1, at("/update")));
        origins.close_gap(0, &at("/list"), 0, 2);
        assert_eq!(origins.of(0, &at("/list/0")), (0, at("/list/2")));
        assert_eq!(origins.of(0, &at("/list/1/name")), (1, at("/update")));
    }
}
