//! JSON, parsed once: a flat list of values that borrows from the text, and a cursor to read it.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::decode::DecodeError;

/// Deeper values are refused instead of exhausting the stack; `serde_json` has the same bound.
const MAX_DEPTH: usize = 128;

/// How many values may be read in vain, for each value of the text, while the member of a union is looked for.
const WASTE_PER_ENTRY: usize = 16;

/// One value of the text. The members of an object follow it as name, value, name, value; so do the elements of an
/// array. `end` is the index after the last of them, and 0 while the container is still being read.
#[derive(Debug)]
pub(crate) enum Entry<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    Array { end: u32, len: u32 },
    Object { end: u32, len: u32 },
}

/// A JSON value, flat: parsed from a text, or written by a type.
#[derive(Debug, Default)]
pub(crate) struct Tape<'de> {
    entries: Vec<Entry<'de>>,
    /// What is left of the effort that unions may waste.
    budget: Cell<usize>,
}

impl<'de> Tape<'de> {
    /// Parses a JSON text.
    ///
    /// # Errors
    ///
    /// When the bytes are no JSON text, with the path of the value that was being read.
    pub(crate) fn parse(text: &'de [u8]) -> Result<Self, DecodeError> {
        // Real payloads hold a value every 12 bytes or so; a wrong guess costs one reallocation.
        let mut entries = Vec::with_capacity(text.len() / 12 + 4);
        let mut parser = serde_json::Deserializer::from_slice(text);
        let parsed = Seed { entries: &mut entries, depth: 0 }.deserialize(&mut parser).and_then(|()| parser.end());
        match parsed {
            Ok(()) => Ok(Self::new(entries)),
            Err(error) => Err(DecodeError::at(open_path(&entries), error)),
        }
    }

    /// Reads a value from any format that serde knows.
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    pub(crate) fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut entries = Vec::new();
        Seed { entries: &mut entries, depth: 0 }.deserialize(deserializer)?;
        Ok(Self::new(entries))
    }

    fn new(entries: Vec<Entry<'de>>) -> Self {
        let budget = Cell::new(entries.len().saturating_mul(WASTE_PER_ENTRY));
        Self { entries, budget }
    }

    pub(crate) fn push(&mut self, entry: Entry<'de>) {
        self.entries.push(entry);
    }

    pub(crate) fn push_name(&mut self, name: &'de str) {
        self.entries.push(Entry::Text(Cow::Borrowed(name)));
    }

    /// Starts an array; what is pushed until [`close`](Self::close) are its elements.
    pub(crate) fn open_array(&mut self) -> usize {
        self.entries.push(Entry::Array { end: 0, len: 0 });
        self.entries.len() - 1
    }

    /// Starts an object; what is pushed until [`close`](Self::close) are its members, each after its name.
    pub(crate) fn open_object(&mut self) -> usize {
        self.entries.push(Entry::Object { end: 0, len: 0 });
        self.entries.len() - 1
    }

    /// Ends the array or object that started at `start`.
    pub(crate) fn close(&mut self, start: usize, count: usize) {
        // More values than that do not fit into memory.
        let last = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if let Entry::Array { end, len } | Entry::Object { end, len } = &mut self.entries[start] {
            (*end, *len) = (last, count);
        }
    }

    /// The value that the tape holds.
    pub(crate) fn root(&self) -> Node<'_, 'de> {
        Node { tape: self, at: 0 }
    }
}

/// One step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A member of an object, by its name.
    Name(Cow<'static, str>),
    /// An element of an array, from 0.
    Index(usize),
}

/// The path to the value at which reading stopped: each container that is still open, and the part of it that was
/// being read.
fn open_path(entries: &[Entry<'_>]) -> Vec<Step> {
    let mut path = Vec::new();
    let mut at = 0;
    loop {
        let object = match entries.get(at) {
            Some(Entry::Array { end: 0, .. }) => false,
            Some(Entry::Object { end: 0, .. }) => true,
            _ => return path,
        };
        let mut index = 0;
        let mut child = at + 1;
        let mut name = None;
        while child < entries.len() {
            if object {
                if let Entry::Text(text) = &entries[child] {
                    name = Some(text.clone().into_owned());
                }
                child += 1;
            }
            match after(entries, child) {
                Some(next) if next < entries.len() => {
                    index += 1;
                    child = next;
                }
                _ => break,
            }
        }
        match (object, name) {
            (true, Some(name)) => path.push(Step::Name(name.into())),
            (true, None) => return path,
            (false, _) if child >= entries.len() => return path,
            (false, _) => path.push(Step::Index(index)),
        }
        at = child;
    }
}

/// The index after the value at `at`; `None` when that value is not complete.
fn after(entries: &[Entry<'_>], at: usize) -> Option<usize> {
    match entries.get(at)? {
        Entry::Array { end, .. } | Entry::Object { end, .. } => (*end > 0).then_some(*end as usize),
        _ => Some(at + 1),
    }
}

/// Appends the value of a deserializer to a tape.
struct Seed<'t, 'de> {
    entries: &'t mut Vec<Entry<'de>>,
    depth: usize,
}

impl<'de> Seed<'_, 'de> {
    fn push<E>(self, entry: Entry<'de>) -> Result<(), E> {
        self.entries.push(entry);
        Ok(())
    }

    fn open<E: de::Error>(&mut self, entry: Entry<'de>) -> Result<usize, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.entries.push(entry);
        Ok(self.entries.len() - 1)
    }

    fn end<E: de::Error>(&self) -> Result<u32, E> {
        u32::try_from(self.entries.len()).map_err(|_| E::custom("more values than can be counted in 32 bits"))
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.push(Entry::Null)
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.push(Entry::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.push(Entry::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.push(u64::try_from(value).map_or(Entry::Signed(value), Entry::Unsigned))
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.push(Entry::Unsigned(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.push(Entry::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<(), E> {
        self.push(Entry::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.push(Entry::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<(), E> {
        self.push(Entry::Text(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        let start = self.open(Entry::Array { end: 0, len: 0 })?;
        let mut len = 0;
        while elements.next_element_seed(Seed { entries: self.entries, depth: self.depth + 1 })?.is_some() {
            len += 1;
        }
        self.entries[start] = Entry::Array { end: self.end()?, len };
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let start = self.open(Entry::Object { end: 0, len: 0 })?;
        let mut len = 0;
        while members.next_key_seed(Name { entries: self.entries })?.is_some() {
            members.next_value_seed(Seed { entries: self.entries, depth: self.depth + 1 })?;
            len += 1;
        }
        self.entries[start] = Entry::Object { end: self.end()?, len };
        Ok(())
    }
}

/// Appends the name of a member to a tape.
struct Name<'t, 'de> {
    entries: &'t mut Vec<Entry<'de>>,
}

impl<'de> DeserializeSeed<'de> for Name<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<(), E> {
        self.entries.push(Entry::Text(Cow::Borrowed(name)));
        Ok(())
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        self.entries.push(Entry::Text(Cow::Owned(name.to_owned())));
        Ok(())
    }
}

/// A value on a tape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t, 'de> {
    tape: &'t Tape<'de>,
    at: usize,
}

impl<'t, 'de> Node<'t, 'de> {
    /// What the value is.
    pub(crate) fn entry(self) -> &'t Entry<'de> {
        &self.tape.entries[self.at]
    }

    /// The value at another place of the same tape.
    pub(crate) fn sibling(self, at: u32) -> Self {
        Node { tape: self.tape, at: at as usize }
    }

    /// The number of values that this one consists of, itself included.
    pub(crate) fn size(self) -> usize {
        after(&self.tape.entries, self.at).map_or(1, |end| end - self.at)
    }

    /// Takes what reading this value once more costs from the effort that unions may waste; `false` when none is left.
    pub(crate) fn may_try_again(self) -> bool {
        let budget = &self.tape.budget;
        budget.get().checked_sub(self.size()).map(|left| budget.set(left)).is_some()
    }

    /// The elements of an array; none for any other value.
    pub(crate) fn elements(self) -> Elements<'t, 'de> {
        let end = match self.entry() {
            Entry::Array { end, .. } => *end as usize,
            _ => 0,
        };
        Elements { tape: self.tape, at: self.at + 1, end }
    }

    /// The members of an object, in the order of the text; none for any other value.
    pub(crate) fn members(self) -> Members<'t, 'de> {
        let end = match self.entry() {
            Entry::Object { end, .. } => *end as usize,
            _ => 0,
        };
        Members(Elements { tape: self.tape, at: self.at + 1, end })
    }

    /// The member `name` of an object; the last one when the text repeats the name.
    pub(crate) fn member(self, name: &str) -> Option<Self> {
        self.members().filter(|(candidate, _)| *candidate == name).map(|(_, node)| node).last()
    }

    /// The text of a string.
    pub(crate) fn text(self) -> Option<&'t str> {
        match self.entry() {
            Entry::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The index of the value on its tape.
    pub(crate) fn index(self) -> u32 {
        // Reading refuses texts with more values than that.
        u32::try_from(self.at).unwrap_or(u32::MAX)
    }

    /// The value as a [`Value`] of its own.
    pub(crate) fn to_value(self) -> Value {
        match self.entry() {
            Entry::Null => Value::Null,
            Entry::Bool(value) => Value::Bool(*value),
            Entry::Unsigned(value) => Value::from(*value),
            Entry::Signed(value) => Value::from(*value),
            Entry::Float(value) => Value::from(*value),
            Entry::Text(value) => Value::String(value.clone().into_owned()),
            Entry::Array { .. } => Value::Array(self.elements().map(Node::to_value).collect()),
            Entry::Object { len, .. } => {
                let mut object = Map::with_capacity(*len as usize);
                object.extend(self.members().map(|(name, node)| (name.to_owned(), node.to_value())));
                Value::Object(object)
            }
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
        self.at += node.size();
        Some(node)
    }
}

/// The members of an object, in the order of the text.
pub(crate) struct Members<'t, 'de>(Elements<'t, 'de>);

impl<'t, 'de> Iterator for Members<'t, 'de> {
    type Item = (&'t str, Node<'t, 'de>);

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.0.next()?.text().unwrap_or_default();
        Some((name, self.0.next()?))
    }
}
