//! Places inside a document: JSON pointers ([RFC 6901]), used by every stage.
//!
//! [RFC 6901]: https://www.rfc-editor.org/rfc/rfc6901

use std::fmt;

use serde_json::Value;

/// A JSON pointer (RFC 6901) to a node of one document; the empty pointer is the document itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the document itself.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The pointer with this text, as in RFC 6901.
    pub(crate) fn from_text(text: String) -> Self {
        Self(text)
    }

    /// Whether it leads to the node of another pointer, or to one in it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The way to the node from one that holds it, or from itself.
    pub(crate) fn relative_to(&self, other: &Self) -> Option<Self> {
        self.is_within(other).then(|| Self(self.0[other.0.len()..].to_owned()))
    }

    /// The pointer to the member `key` of the object that this one points to.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + key.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        for character in key.chars() {
            match character {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// The pointer to the element `index` of the array that this one points to.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// Reads the fragment of a `$ref` within the same document: `#`, `#/…`, percent-encoded or not.
    ///
    /// `None` for a reference into another document and for one that is no pointer (`#name`).
    #[must_use]
    pub fn from_reference(reference: &str) -> Option<Self> {
        let fragment = reference.strip_prefix('#')?;
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return None;
        }
        Some(Self(percent_decode(fragment)))
    }

    /// The pointer as the fragment of a `$ref`.
    #[must_use]
    pub fn to_reference(&self) -> String {
        // Only the escape character itself must be escaped for `from_reference` to give this pointer back.
        format!("#{}", self.0.replace('%', "%25"))
    }

    /// The reference tokens, unescaped, from the root down.
    pub fn tokens(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
    }

    /// The last reference token; `None` at the root.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        self.tokens().last()
    }

    /// The pointer to the node that holds this one; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|at| Self(self.0[..at].to_owned()))
    }

    /// The pointer to what `within` leads to from here.
    #[must_use]
    pub fn join(&self, within: &Self) -> Self {
        Self(format!("{}{}", self.0, within.0))
    }

    /// The node of `document` that the pointer leads to.
    #[must_use]
    pub fn get<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        document.pointer(&self.0)
    }

    /// The node of `document` that the pointer leads to, to be changed.
    #[must_use]
    pub fn get_mut<'v>(&self, document: &'v mut Value) -> Option<&'v mut Value> {
        document.pointer_mut(&self.0)
    }

    /// The text of the pointer, as in RFC 6901.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Decodes `%XX`; a sequence that is no valid escape, or no UTF-8, stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &rest[3..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_escaped_and_unescaped() {
        let pointer = Pointer::root().key("paths").key("/a~b/{c}").index(3);
        assert_eq!(pointer.as_str(), "/paths/~1a~0b~1{c}/3");
        assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["paths", "/a~b/{c}", "3"]);
        assert_eq!(pointer.parent().and_then(|parent| parent.last()).as_deref(), Some("/a~b/{c}"));
    }

    #[test]
    fn references_are_percent_decoded() {
        let pointer = Pointer::from_reference("#/components/schemas/a%20b%zz").expect("a pointer");
        assert_eq!(pointer.last().as_deref(), Some("a b%zz"));
        assert_eq!(Pointer::from_reference(&pointer.to_reference()), Some(pointer));
        assert_eq!(Pointer::from_reference("other.yaml#/a"), None);
        assert_eq!(Pointer::from_reference("#anchor"), None);
    }
}
