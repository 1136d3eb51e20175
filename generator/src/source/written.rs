//! Stage 1, scalars as their author wrote them: `1.0` is a number, and as a text it is no `1`.

use std::collections::HashMap;

use serde_json::Value;

use crate::pointer::Pointer;

/// The scalars that are written in another way than their values are printed, by their places.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written(HashMap<Pointer, (Value, String)>);

impl Written {
    pub(super) fn add(&mut self, at: Pointer, value: Value, text: String) {
        self.0.insert(at, (value, text));
    }

    /// Adds those of a text that is grafted at a place.
    pub(crate) fn graft(&mut self, at: &Pointer, other: &Self) {
        self.0.extend(other.0.iter().map(|(within, written)| (at.join(within), written.clone())));
    }

    /// The text of a scalar at a place, where nothing else was put meanwhile.
    pub(crate) fn text(&self, at: &Pointer, value: &Value) -> String {
        let written = self.0.get(at).filter(|(was, _)| was == value);
        written.map_or_else(|| value.to_string(), |(_, text)| text.clone())
    }
}
