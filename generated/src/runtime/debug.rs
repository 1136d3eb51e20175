//! What `Debug` shows of a value: compiled once, and not for each type.

use std::fmt::{self, Write as _};

use super::encode::Encoder;
use super::json::Json;

/// Shows a value: the names of its types, its members and union members, and the properties that are there.
///
/// # Errors
///
/// Those of the formatter.
pub(crate) fn fmt(value: &dyn Json, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut encoder = Encoder::debug(f.alternate());
    value.encode(&mut encoder);
    f.write_str(&encoder.into_debug())
}

/// The text that `Debug` shows, as the derived implementations lay it out.
pub(crate) struct DebugText {
    text: String,
    pretty: bool,
    /// For each open bracket whether something stands behind it.
    open: Vec<bool>,
}

impl DebugText {
    pub(crate) fn new(pretty: bool) -> Self {
        Self { text: String::new(), pretty, open: Vec::new() }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    pub(crate) fn push(&mut self, value: &dyn fmt::Debug) {
        // A `String` takes whatever is written to it.
        let _ = write!(self.text, "{value:?}");
    }

    pub(crate) fn open(&mut self, name: &str, bracket: char) {
        self.text.push_str(name);
        if !name.is_empty() && bracket == '{' {
            self.text.push(' ');
        }
        self.text.push(bracket);
        self.open.push(false);
    }

    /// Starts an element, or a member with its name.
    pub(crate) fn item(&mut self, name: Option<&str>) {
        let Some(is_filled) = self.open.last_mut() else { return };
        let separator = match (std::mem::replace(is_filled, true), self.text.ends_with('{')) {
            (true, _) => ", ",
            (false, true) => " ",
            (false, false) => "",
        };
        match self.pretty {
            true => self.line(),
            false => self.text.push_str(separator),
        }
        if let Some(name) = name {
            self.text.push_str(name);
            self.text.push_str(": ");
        }
    }

    pub(crate) fn close(&mut self, bracket: char) {
        let is_filled = self.open.pop().unwrap_or_default();
        match (is_filled, self.pretty) {
            (true, true) => {
                self.text.push(',');
                self.indent();
            }
            (true, false) if bracket == '}' => self.text.push(' '),
            _ => {}
        }
        self.text.push(bracket);
    }

    /// Ends the line of the item before, and starts the next one.
    fn line(&mut self) {
        if !self.text.ends_with(['{', '[', '(']) {
            self.text.push(',');
        }
        self.indent();
    }

    fn indent(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("    ", self.open.len()));
    }
}
