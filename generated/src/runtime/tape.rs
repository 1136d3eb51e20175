//! JSON as a flat list of values that borrows from the text, and a cursor to read it.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::shape::same;

/// Deeper values are refused instead of exhausting the stack; `serde_json` has the same bound.
pub(crate) const MAX_DEPTH: usize = 128;

/// How many values may be read in vain, for each value of the text, while the member of a union is looked for.
const WASTE_PER_ENTRY: usize = 16;

/// One value. The members of an object follow it as name, value, name, value; so do the elements of an array. `end` is
/// the index after the last of them, and 0 while the container is still being read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    /// A negative integer.
    Signed(i64),
    Float(f64),
    Text(&'de str),
    /// A text that the tape itself holds, from `start` on.
    Held {
        start: u32,
        len: u32,
    },
    Array {
        end: u32,
        len: u32,
    },
    Object {
        end: u32,
        len: u32,
    },
}

/// A JSON value, flat: parsed from a text, or written by a type.
#[derive(Debug, Default)]
pub(crate) struct Tape<'de> {
    entries: Vec<Entry<'de>>,
    /// The texts that stand nowhere else, one behind the other: those that had escapes in them.
    held: String,
    /// The containers that are open.
    open: Vec<Open>,
    /// Whether it is written only to be compared with another.
    is_for_comparison: bool,
    /// What is left of the effort that unions may waste.
    budget: Cell<usize>,
}

/// A container that is still being written.
#[derive(Clone, Copy, Debug)]
struct Open {
    start: u32,
    /// How many elements or members it has so far.
    count: u32,
    is_object: bool,
}

/// A tape counts its values in 32 bits, and there were more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooLong;

thread_local! {
    /// The memory of the tape that was read last.
    static SPARE: Cell<Vec<Entry<'static>>> = const { Cell::new(Vec::new()) };
}

/// How many entries a tape may have room for whose memory is kept: about a megabyte.
const MAX_SPARE: usize = 1 << 15;

impl<'de> Tape<'de> {
    /// A tape with room for some entries, in the memory of one that was recycled.
    pub(crate) fn with_capacity(entries: usize) -> Self {
        let mut spare: Vec<Entry<'de>> = SPARE.take();
        spare.reserve_exact(entries);
        Self { entries: spare, ..Self::default() }
    }

    /// Leaves the memory to the next tape of this thread.
    pub(crate) fn recycle(self) {
        let mut entries = self.entries;
        if entries.capacity() <= MAX_SPARE {
            entries.clear();
            // A list without elements is that of any lifetime; collecting one in place keeps its memory.
            SPARE.set(entries.into_iter().map(|_| Entry::Null).collect());
        }
    }

    /// A tape that is written only to be compared with another.
    pub(crate) fn for_comparison() -> Self {
        Self { is_for_comparison: true, ..Self::default() }
    }

    pub(crate) fn is_for_comparison(&self) -> bool {
        self.is_for_comparison
    }

    pub(crate) fn push(&mut self, entry: Entry<'de>) {
        self.entries.push(entry);
    }

    /// Appends a text that the tape has to hold: the one behind the first `start` bytes of what it holds.
    pub(crate) fn push_held(&mut self, start: usize) {
        let len = self.held.len() - start;
        // Longer texts end in `TooLong`, when their container is closed.
        let entry = Entry::Held { start: narrow(start), len: narrow(len) };
        self.entries.push(entry);
    }

    /// Appends a text that stands nowhere else.
    pub(crate) fn push_owned(&mut self, text: &str) {
        let start = self.held.len();
        self.held.push_str(text);
        self.push_held(start);
    }

    /// Where texts are put together that stand nowhere else.
    pub(crate) fn held_mut(&mut self) -> &mut String {
        &mut self.held
    }

    /// How many containers are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Starts an array; what is pushed until [`close`](Self::close) are its elements.
    pub(crate) fn open_array(&mut self) {
        self.open.push(Open { start: narrow(self.entries.len()), count: 0, is_object: false });
        self.entries.push(Entry::Array { end: 0, len: 0 });
    }

    /// Starts an object; what is pushed until [`close`](Self::close) are its members, each after its name.
    pub(crate) fn open_object(&mut self) {
        self.open.push(Open { start: narrow(self.entries.len()), count: 0, is_object: true });
        self.entries.push(Entry::Object { end: 0, len: 0 });
    }

    /// Counts an element or a member of the innermost container.
    pub(crate) fn count(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.count += 1;
        }
    }

    /// Ends the innermost container.
    ///
    /// # Errors
    ///
    /// When there are more values than a tape can count.
    pub(crate) fn close(&mut self) -> Result<(), TooLong> {
        if self.entries.len() >= u32::MAX as usize || self.held.len() >= u32::MAX as usize {
            return Err(TooLong);
        }
        let Some(Open { start, count, .. }) = self.open.pop() else { return Ok(()) };
        let last = narrow(self.entries.len());
        if let Some(Entry::Array { end, len } | Entry::Object { end, len }) = self.entries.get_mut(start as usize) {
            (*end, *len) = (last, count);
        }
        Ok(())
    }

    /// Whether the innermost container is an object; `None` when none is open.
    pub(crate) fn is_in_object(&self) -> Option<bool> {
        self.open.last().map(|open| open.is_object)
    }

    /// Ends the writing: from now on the tape is read.
    pub(crate) fn finish(self) -> Self {
        let budget = Cell::new(self.entries.len().saturating_mul(WASTE_PER_ENTRY));
        Self { budget, ..self }
    }

    /// The value that the tape holds.
    pub(crate) fn root(&self) -> Node<'_, 'de> {
        Node { tape: self, at: 0 }
    }

    /// The path to the value at which writing stopped: each container that is still open, and the part of it that was
    /// being written.
    pub(crate) fn open_path(&self) -> Vec<Step> {
        let steps = self.open.iter().map(|open| match open.is_object {
            true => self.last_name(open.start as usize, open.count as usize).map(Step::Name),
            false => Some(Step::Index((open.count as usize).saturating_sub(1))),
        });
        // An object that has no member yet is itself the place.
        steps.map_while(|step| step).collect()
    }

    /// The name of the last of the members that an object has so far.
    fn last_name(&self, object: usize, count: usize) -> Option<String> {
        let mut at = object + 1;
        for _ in 1..count {
            at = self.after(at + 1);
        }
        let name = Node { tape: self, at };
        (count > 0 && at < self.entries.len()).then(|| name.text().unwrap_or_default().to_owned())
    }

    /// The index after the value at `at`.
    fn after(&self, at: usize) -> usize {
        match self.entries[at] {
            Entry::Array { end, .. } | Entry::Object { end, .. } => end as usize,
            _ => at + 1,
        }
    }
}

/// An index in 32 bits; what does not fit is noticed when a container is closed.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// One step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A member of an object, by its name.
    Name(String),
    /// An element of an array, from 0.
    Index(usize),
}

/// A value on a tape.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t, 'de> {
    tape: &'t Tape<'de>,
    at: usize,
}

impl<'t, 'de> Node<'t, 'de> {
    /// What the value is.
    pub(crate) fn entry(self) -> Entry<'de> {
        self.tape.entries[self.at]
    }

    /// The index of the value on its tape.
    pub(crate) fn index(self) -> u32 {
        narrow(self.at)
    }

    /// The value at another place of the same tape.
    pub(crate) fn at(self, index: u32) -> Self {
        Node { tape: self.tape, at: index as usize }
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.entry(), Entry::Null)
    }

    /// Takes what reading this value once more costs from the effort that unions may waste; `false` when none is left.
    pub(crate) fn may_try_again(self) -> bool {
        let (budget, size) = (&self.tape.budget, self.tape.after(self.at) - self.at);
        budget.get().checked_sub(size).map(|left| budget.set(left)).is_some()
    }

    /// The elements of an array; none for any other value.
    pub(crate) fn elements(self) -> Elements<'t, 'de> {
        let end = match self.entry() {
            Entry::Array { end, .. } => end as usize,
            _ => 0,
        };
        Elements { tape: self.tape, at: self.at + 1, end }
    }

    /// The members of an object, in the order of the text; none for any other value.
    pub(crate) fn members(self) -> Members<'t, 'de> {
        let end = match self.entry() {
            Entry::Object { end, .. } => end as usize,
            _ => 0,
        };
        Members { tape: self.tape, at: self.at + 1, end }
    }

    /// The member `name` of an object; the first one when the text repeats the name.
    pub(crate) fn member(self, name: &str) -> Option<Self> {
        self.members().find(|(candidate, _)| same(candidate, name)).map(|(_, node)| node)
    }

    /// The text of a string.
    pub(crate) fn text(self) -> Option<&'t str> {
        match self.entry() {
            Entry::Text(text) => Some(text),
            Entry::Held { start, len } => self.tape.held.get(start as usize..start as usize + len as usize),
            _ => None,
        }
    }

    /// The value as a [`Value`] of its own.
    pub(crate) fn to_value(self) -> Value {
        match self.entry() {
            Entry::Null => Value::Null,
            Entry::Bool(value) => Value::Bool(value),
            Entry::Unsigned(value) => Value::from(value),
            Entry::Signed(value) => Value::from(value),
            Entry::Float(value) => Value::from(value),
            Entry::Text(_) | Entry::Held { .. } => Value::String(self.text().unwrap_or_default().to_owned()),
            Entry::Array { .. } => Value::Array(self.elements().map(Node::to_value).collect()),
            Entry::Object { len, .. } => {
                let mut object = Map::with_capacity(len as usize);
                object.extend(self.members().map(|(name, node)| (name.to_owned(), node.to_value())));
                Value::Object(object)
            }
        }
    }
}

/// Equality of JSON values: the order of members aside, and a number is its value.
impl PartialEq for Node<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.entry(), other.entry()) {
            (Entry::Null, Entry::Null) => true,
            (Entry::Bool(a), Entry::Bool(b)) => a == b,
            (Entry::Unsigned(a), Entry::Unsigned(b)) => a == b,
            (Entry::Signed(a), Entry::Signed(b)) => a == b,
            (Entry::Array { len: a, .. }, Entry::Array { len: b, .. }) => {
                a == b && self.elements().eq(other.elements())
            }
            (Entry::Object { len: a, .. }, Entry::Object { len: b, .. }) => {
                let has = |name, value| other.member(name) == Some(value);
                a == b && (self.members().eq(other.members()) || self.members().all(|(name, value)| has(name, value)))
            }
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a == b,
                _ => self.text().is_some() && self.text() == other.text(),
            },
        }
    }
}

impl Node<'_, '_> {
    fn number(self) -> Option<f64> {
        match self.entry() {
            Entry::Unsigned(value) => Some(value as f64),
            Entry::Signed(value) => Some(value as f64),
            Entry::Float(value) => Some(value),
            _ => None,
        }
    }
}

/// The elements of an array, in order.
pub(crate) struct Elements<'t, 'de> {
    tape: &'t Tape<'de>,
    at: usize,
    end: usize,
}

impl<'t, 'de> Iterator for Elements<'t, 'de> {
    type Item = Node<'t, 'de>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let node = Node { tape: self.tape, at: self.at };
        self.at = self.tape.after(self.at);
        Some(node)
    }
}

/// The members of an object, in the order of the text.
pub(crate) struct Members<'t, 'de> {
    tape: &'t Tape<'de>,
    at: usize,
    end: usize,
}

impl<'t, 'de> Iterator for Members<'t, 'de> {
    type Item = (&'t str, Node<'t, 'de>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let (tape, name) = (self.tape, self.at);
        // The value is behind the name, which is one entry.
        let value = Node { tape, at: name + 1 };
        self.at = tape.after(value.at);
        Some((Node { tape, at: name }.text().unwrap_or_default(), value))
    }
}
