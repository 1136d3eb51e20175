//! Writing values: as a JSON text, on a tape, or as people read them.

use super::containers::encode_array;
use super::debug::DebugText;
use super::json::Json;
use super::object::{Member, Rest};
use super::parse::is_plain;
use super::shape::{Constant, Shape};
use super::tape::{Entry, Tape};

/// What can be written: every type that is [`Json`], and texts and lists in place.
pub trait Encode {
    /// Writes the value.
    fn write<'a>(&'a self, encoder: &mut Encoder<'a>);
}

impl<T: Json> Encode for T {
    fn write<'a>(&'a self, encoder: &mut Encoder<'a>) {
        self.encode(encoder);
    }
}

impl Encode for str {
    fn write<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.text(self);
    }
}

impl<T: Json> Encode for [T] {
    fn write<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encode_array(self, encoder);
    }
}

/// The value on a tape.
pub(crate) fn to_tape<T: Encode + ?Sized>(value: &T) -> Tape<'_> {
    let mut encoder = Encoder::tape();
    value.write(&mut encoder);
    encoder.into_tape()
}

/// Takes a value piece by piece. Inside an array [`element`](Self::element) comes before each value, inside an object
/// [`name`](Self::name).
pub struct Encoder<'a>(Sink<'a>);

enum Sink<'a> {
    /// A JSON text (RFC 8259).
    Json(Vec<u8>),
    Tape(Tape<'a>),
    Debug(DebugText),
}

impl<'a> Encoder<'a> {
    pub(crate) fn json() -> Self {
        Self(Sink::Json(Vec::with_capacity(128)))
    }

    pub(crate) fn tape() -> Self {
        Self(Sink::Tape(Tape::default()))
    }

    /// A tape on which values that mean the same are the same.
    pub(crate) fn comparison() -> Self {
        Self(Sink::Tape(Tape::for_comparison()))
    }

    /// Text for `Debug`, over several lines or on one.
    pub(crate) fn debug(pretty: bool) -> Self {
        Self(Sink::Debug(DebugText::new(pretty)))
    }

    /// The JSON text; empty when the value was written elsewhere.
    pub(crate) fn into_json(self) -> Vec<u8> {
        match self.0 {
            Sink::Json(text) => text,
            Sink::Tape(_) | Sink::Debug(_) => Vec::new(),
        }
    }

    /// The tape; an empty one when the value was written elsewhere.
    pub(crate) fn into_tape(self) -> Tape<'a> {
        match self.0 {
            Sink::Tape(tape) => tape.finish(),
            Sink::Json(_) | Sink::Debug(_) => Tape::default(),
        }
    }

    /// The text for `Debug`; empty when the value was written elsewhere.
    pub(crate) fn into_debug(self) -> String {
        match self.0 {
            Sink::Debug(text) => text.into_text(),
            Sink::Json(_) | Sink::Tape(_) => String::new(),
        }
    }

    pub(crate) fn null(&mut self) {
        match &mut self.0 {
            Sink::Json(text) => text.extend_from_slice(b"null"),
            Sink::Tape(tape) => tape.push(Entry::Null),
            Sink::Debug(text) => text.push(&None::<()>),
        }
    }

    pub(crate) fn bool(&mut self, value: bool) {
        match &mut self.0 {
            Sink::Json(text) => text.extend_from_slice(if value { b"true" } else { b"false" }),
            Sink::Tape(tape) => tape.push(Entry::Bool(value)),
            Sink::Debug(text) => text.push(&value),
        }
    }

    pub(crate) fn integer(&mut self, value: i64) {
        match &mut self.0 {
            Sink::Json(text) => write_scalar(text, &value),
            Sink::Tape(tape) => tape.push(u64::try_from(value).map_or(Entry::Signed(value), Entry::Unsigned)),
            Sink::Debug(text) => text.push(&value),
        }
    }

    pub(crate) fn unsigned(&mut self, value: u64) {
        match &mut self.0 {
            Sink::Json(text) => write_scalar(text, &value),
            Sink::Tape(tape) => tape.push(Entry::Unsigned(value)),
            Sink::Debug(text) => text.push(&value),
        }
    }

    /// An integer of either range of 64 bits.
    pub(crate) fn wide(&mut self, value: i128) {
        match (&mut self.0, u64::try_from(value), i64::try_from(value)) {
            (_, Ok(value), _) => self.unsigned(value),
            (_, _, Ok(value)) => self.integer(value),
            (Sink::Json(text), ..) => write_scalar(text, &value),
            (Sink::Tape(tape), ..) => tape.push(Entry::Float(value as f64)),
            (Sink::Debug(text), ..) => text.push(&value),
        }
    }

    /// A number; JSON has none that is infinite or undefined, which are `null` there.
    pub(crate) fn float(&mut self, value: f64) {
        match &mut self.0 {
            Sink::Json(text) => write_scalar(text, &value),
            Sink::Tape(tape) if value.is_finite() => tape.push(Entry::Float(value)),
            Sink::Tape(tape) => tape.push(Entry::Null),
            Sink::Debug(text) => text.push(&value),
        }
    }

    pub(crate) fn text(&mut self, value: &'a str) {
        match &mut self.0 {
            Sink::Json(text) => write_text(text, value),
            Sink::Tape(tape) => tape.push(Entry::Text(value)),
            Sink::Debug(text) => text.push(&value),
        }
    }

    /// A text, in place of which a value is compared by what it means.
    pub(crate) fn text_that_means(&mut self, value: &'a str, meaning: impl FnOnce() -> Option<String>) {
        match &mut self.0 {
            Sink::Tape(tape) if tape.is_for_comparison() => match meaning() {
                Some(meaning) => tape.push_owned(&meaning),
                None => tape.push(Entry::Text(value)),
            },
            _ => self.text(value),
        }
    }

    pub(crate) fn constant(&mut self, value: &'static Constant) {
        match value {
            Constant::Bool(value) => self.bool(*value),
            Constant::Integer(value) => self.integer(*value),
            Constant::Number(value) => self.float(*value),
            Constant::Text(value) => self.text(value),
        }
    }

    pub(crate) fn open_array(&mut self) {
        match &mut self.0 {
            Sink::Json(text) => text.push(b'['),
            Sink::Tape(tape) => tape.open_array(),
            Sink::Debug(text) => text.open("", '['),
        }
    }

    /// Comes before each element of an array.
    pub(crate) fn element(&mut self) {
        match &mut self.0 {
            Sink::Json(text) => separate(text, b'['),
            Sink::Tape(tape) => tape.count(),
            Sink::Debug(text) => text.item(None),
        }
    }

    pub(crate) fn close_array(&mut self) {
        match &mut self.0 {
            Sink::Json(text) => text.push(b']'),
            Sink::Tape(tape) => close(tape),
            Sink::Debug(text) => text.close(']'),
        }
    }

    /// Starts an object; `type_name` is shown to people, and empty for maps.
    pub(crate) fn open_object(&mut self, type_name: &str) {
        match &mut self.0 {
            Sink::Json(text) => text.push(b'{'),
            Sink::Tape(tape) => tape.open_object(),
            Sink::Debug(text) => text.open(type_name, '{'),
        }
    }

    /// Comes before the value of each member of an object.
    pub(crate) fn name(&mut self, name: &'a str) {
        match &mut self.0 {
            Sink::Json(text) => write_name(text, name, is_plain(name.as_bytes())),
            Sink::Tape(tape) => {
                tape.count();
                tape.push(Entry::Text(name));
            }
            Sink::Debug(text) => text.item(Some(name)),
        }
    }

    /// The same for a member that a type names.
    #[inline]
    pub(crate) fn member(&mut self, member: Member) {
        match &mut self.0 {
            Sink::Json(text) => write_name(text, member.name(), !member.is_escaped()),
            _ => self.name(member.name()),
        }
    }

    #[cold]
    pub(crate) fn null_member(&mut self, member: Member) {
        self.member(member);
        self.null();
    }

    pub(crate) fn close_object(&mut self) {
        match &mut self.0 {
            Sink::Json(text) => text.push(b'}'),
            Sink::Tape(tape) => close(tape),
            Sink::Debug(text) => text.close('}'),
        }
    }

    /// The member of a union; only people see its name.
    pub(crate) fn variant(&mut self, name: &str, value: &'a dyn Json) {
        let Sink::Debug(text) = &mut self.0 else { return value.encode(self) };
        text.open(name, '(');
        text.item(None);
        value.encode(self);
        if let Sink::Debug(text) = &mut self.0 {
            text.close(')');
        }
    }

    /// An object with the properties of a type: constants unless another value was kept, fields unless they are absent
    /// and need not be there, and the properties that the document does not name.
    pub(crate) fn object(
        &mut self,
        type_name: &str,
        shape: fn() -> Shape,
        fields: &[&'a dyn Json],
        rest: &'a dyn Rest,
    ) {
        let members = shape().members();
        // Most objects have no other properties, which is asked once.
        let rest = (!rest.is_blank()).then_some(rest);
        if let Some(value) = rest.and_then(|rest| rest.instead()) {
            return value.encode(self);
        }
        self.open_object(type_name);
        for (name, value, _) in members.constants {
            if rest.is_none_or(|rest| !rest.contains(name)) {
                self.name(name);
                self.constant(value);
            }
        }
        for (member, field) in members.fields().zip(fields) {
            field.encode_member(member, self);
        }
        if let Some(rest) = rest {
            // A property that was put there by the name of a field would come twice.
            let is_written = |name: &str| {
                let mut fields = members.fields().zip(fields);
                fields.any(|(member, field)| member.name() == name && (member.is_required() || !field.is_absent()))
            };
            rest.encode_members(&is_written, self);
        }
        self.close_object();
    }
}

/// A comma, but not behind the bracket that opened the container.
fn separate(text: &mut Vec<u8>, open: u8) {
    if text.last() != Some(&open) {
        text.push(b',');
    }
}

fn close(tape: &mut Tape<'_>) {
    // Values in memory do not reach the number that a tape cannot count.
    let _ = tape.close();
}

/// Writing to memory does not fail, and scalars are always JSON.
fn write_scalar(text: &mut Vec<u8>, value: &impl serde::Serialize) {
    let _ = serde_json::to_writer(text, value);
}

/// The name of a member, with what stands before and behind it; a plain one has nothing to escape.
#[inline]
fn write_name(text: &mut Vec<u8>, name: &str, is_plain: bool) {
    if !is_plain {
        separate(text, b'{');
        write_scalar(text, &name);
        return text.push(b':');
    }
    // What goes together is written at once, since each piece asks for room of its own.
    text.extend_from_slice(if text.last() == Some(&b'{') { b"\"" } else { b",\"" });
    append(text, name.as_bytes());
    text.extend_from_slice(b"\":");
}

/// Most texts have nothing to escape, which is seen faster than it is written.
#[inline]
fn write_text(text: &mut Vec<u8>, value: &str) {
    if !is_plain(value.as_bytes()) {
        return write_scalar(text, &value);
    }
    write_plain_text(text, value);
}

/// A text that has nothing to escape.
#[inline]
fn write_plain_text(text: &mut Vec<u8>, value: &str) {
    text.push(b'"');
    append(text, value.as_bytes());
    text.push(b'"');
}

/// Names and most texts are short, and are there before a call that copies any number of bytes has begun.
#[inline]
fn append(text: &mut Vec<u8>, bytes: &[u8]) {
    match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) if bytes.len() <= 16 => {
            text.extend_from_slice(first);
            text.truncate(text.len() + bytes.len() - 16);
            text.extend_from_slice(last);
        }
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) if bytes.len() <= 8 => {
                text.extend_from_slice(first);
                text.truncate(text.len() + bytes.len() - 8);
                text.extend_from_slice(last);
            }
            _ => text.extend_from_slice(bytes),
        },
    }
}
