//! Between the stages and the user: finds where nodes of a description stand in its text.
//!
//! The stages know a node by its pointer only. The few pointers that a diagnostic names are looked up here, all of them
//! in one pass over the text; what lies outside of them is passed over and costs no memory.

mod json;
mod yaml;

use std::collections::HashMap;
use std::ops::Range;

use crate::diagnostic::Spot;
use crate::pointer::Pointer;
use crate::source::{Format, outline};

/// The range in `text` of each wanted spot: a scalar as a whole, of a mapping or sequence its key or how it begins.
///
/// A node that the text does not have stands where its nearest ancestor does. `None` for spots that are no nodes and
/// for a text in which nothing can be read.
pub(crate) fn locate(text: &str, format: Format, wanted: &[Spot]) -> Vec<Option<Range<usize>>> {
    let mut tree = Tree::new(wanted.iter().filter_map(pointer));
    follow(text, format, &mut tree);
    wanted.iter().map(|spot| tree.find(spot)).collect()
}

/// The range in `text` of the first key of each member that its object has more than once.
pub(crate) fn first_keys(text: &str, format: Format, members: &[Pointer]) -> Vec<Option<Range<usize>>> {
    if members.is_empty() {
        return Vec::new();
    }
    let mut tree = Tree::new(members.iter());
    follow(text, format, &mut tree);
    members.iter().map(|member| tree.node(member)?.first_key.clone()).collect()
}

fn follow(text: &str, format: Format, tree: &mut Tree) {
    let mut walk = Walk { tree, stack: Vec::new(), started: false };
    match format {
        Format::Yaml => yaml::walk(text, &mut walk),
        Format::Json => json::walk(text, &mut walk),
        Format::Outline => {
            for (pointer, range) in outline::read(text).into_iter().flat_map(|outline| outline.places) {
                walk.tree.place(&pointer, &range);
            }
        }
    }
}

fn pointer(spot: &Spot) -> Option<&Pointer> {
    match spot {
        Spot::Node(pointer) | Spot::Key(pointer) => Some(pointer),
        Spot::Whole | Spot::Line(..) => None,
    }
}

/// The wanted pointers with what was found of them; the root is the first node.
struct Tree {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    members: HashMap<String, usize>,
    /// Those of `members` that can be an element of a sequence: the text of a pointer does not tell.
    elements: HashMap<usize, usize>,
    key: Option<Range<usize>>,
    /// The key that stood there first, when there were several.
    first_key: Option<Range<usize>>,
    value: Option<Range<usize>>,
}

const ROOT: usize = 0;

impl Tree {
    fn new<'p>(pointers: impl Iterator<Item = &'p Pointer>) -> Self {
        let mut tree = Self { nodes: vec![Node::default()] };
        for pointer in pointers {
            let mut at = ROOT;
            for token in pointer.tokens() {
                at = tree.member(at, token);
            }
        }
        tree
    }

    fn member(&mut self, of: usize, token: String) -> usize {
        if let Some(&known) = self.nodes[of].members.get(&token) {
            return known;
        }
        let new = self.nodes.len();
        self.nodes.push(Node::default());
        if let Ok(index) = token.parse() {
            self.nodes[of].elements.insert(index, new);
        }
        self.nodes[of].members.insert(token, new);
        new
    }

    /// Says where a node stands; what it is in stands there too, where nothing was said of it.
    fn place(&mut self, pointer: &Pointer, range: &Range<usize>) {
        let mut at = ROOT;
        self.nodes[at].value.get_or_insert_with(|| range.clone());
        for token in pointer.tokens() {
            let Some(&member) = self.nodes[at].members.get(&token) else { return };
            self.nodes[member].value.get_or_insert_with(|| range.clone());
            at = member;
        }
    }

    fn node(&self, pointer: &Pointer) -> Option<&Node> {
        let at = pointer.tokens().try_fold(ROOT, |at, token| self.nodes[at].members.get(&token).copied())?;
        Some(&self.nodes[at])
    }

    fn find(&self, spot: &Spot) -> Option<Range<usize>> {
        let pointer = pointer(spot)?;
        let mut node = &self.nodes[ROOT];
        let mut range = node.value.as_ref()?;
        let mut start = range.start;
        for token in pointer.tokens() {
            let Some(member) = node.members.get(&token).map(|&at| &self.nodes[at]) else { return Some(range.clone()) };
            let Some(found) = member.value.as_ref().or(member.key.as_ref()) else { return Some(range.clone()) };
            let member_start = member.key.as_ref().unwrap_or(found).start;
            // What stands before its parent was found under an earlier key of the same name, and the last one counts.
            if member_start < start {
                return Some(range.clone());
            }
            (node, range, start) = (member, found, member_start);
        }
        match spot {
            Spot::Key(_) => node.key.clone().or_else(|| Some(range.clone())),
            _ => Some(range.clone()),
        }
    }
}

/// The way through a text: what the parsers of both formats report, matched with the wanted pointers.
struct Walk<'t> {
    tree: &'t mut Tree,
    /// The open mappings and sequences, each of them with something wanted inside.
    stack: Vec<Frame>,
    started: bool,
}

struct Frame {
    node: usize,
    next: Next,
}

/// What comes next in a mapping or sequence.
#[derive(Clone, Copy)]
enum Next {
    Key,
    /// The value of the wanted node, if it is one.
    Value(Option<usize>),
    /// The element with this index.
    Element(usize),
}

impl Walk<'_> {
    /// Whether nothing that follows can be wanted.
    fn is_done(&self) -> bool {
        self.started && self.stack.is_empty()
    }

    fn wants_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { next: Next::Key, .. }))
    }

    fn key(&mut self, name: &str, place: impl FnOnce() -> Range<usize>) {
        let Some(frame) = self.stack.last_mut() else { return };
        let node = self.tree.nodes[frame.node].members.get(name).copied();
        frame.next = Next::Value(node);
        if let Some(node) = node {
            let node = &mut self.tree.nodes[node];
            let before = node.key.replace(place());
            node.first_key = node.first_key.take().or(before);
            node.value = None;
        }
    }

    fn scalar(&mut self, place: impl FnOnce() -> Range<usize>) {
        let Some(node) = self.take() else { return };
        let node = &mut self.tree.nodes[node];
        let place = place();
        // The null of `key:` is no text at all.
        node.value = if place.is_empty() { node.key.clone().or(Some(place)) } else { Some(place) };
    }

    /// Goes into a mapping or sequence. When that gives `false`, nothing in it is wanted, and the caller must report
    /// neither its content nor its end.
    fn open(&mut self, first: Next, place: impl FnOnce() -> Range<usize>) -> bool {
        let Some(at) = self.take() else { return false };
        let node = &mut self.tree.nodes[at];
        node.value = Some(node.key.clone().unwrap_or_else(place));
        let wanted = !node.members.is_empty();
        if wanted {
            self.stack.push(Frame { node: at, next: first });
        }
        wanted
    }

    fn close(&mut self) {
        self.stack.pop();
    }

    /// The wanted node that the value at hand belongs to, if any.
    fn take(&mut self) -> Option<usize> {
        let Some(frame) = self.stack.last_mut() else {
            return (!std::mem::replace(&mut self.started, true)).then_some(ROOT);
        };
        match frame.next {
            // Only YAML has keys that are no scalars, and no pointer leads there.
            Next::Key => {
                frame.next = Next::Value(None);
                None
            }
            Next::Value(node) => {
                frame.next = Next::Key;
                node
            }
            Next::Element(index) => {
                frame.next = Next::Element(index + 1);
                self.tree.nodes[frame.node].elements.get(&index).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests;
