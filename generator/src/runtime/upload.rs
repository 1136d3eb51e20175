//! Files and other bytes that a request sends: from memory, or, where there is a disk, from there.

use std::borrow::Cow;

use bytes::Bytes;

use super::body::{Body, Piece};

/// Bytes to send: a file of a form, or a whole body.
#[derive(Clone)]
#[must_use = "an upload does nothing until a request sends it"]
pub struct Upload {
    content: Piece,
    pub(crate) file_name: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
}

impl Upload {
    pub(crate) fn new(content: Piece) -> Self {
        Self { content, file_name: None, media_type: None, headers: Vec::new() }
    }

    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Piece::Bytes(bytes.into()))
    }

    /// A text, as a field of a form has it: without a file name.
    pub fn text(text: impl Into<String>) -> Self {
        Self { file_name: Some(String::new()), ..Self::bytes(text.into()) }
    }

    /// Sets the name that the server is told; without one that of the file, or of the field.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type that the server is told, such as `image/png`.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Adds a header to the part of the form.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn into_piece(self) -> Piece {
        self.content
    }

    pub(crate) fn into_body(self) -> Body {
        Body::new(vec![self.content])
    }
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Upload");
        shown.field("file_name", &self.file_name).field("media_type", &self.media_type).finish_non_exhaustive()
    }
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&[u8]> for Upload {
    fn from(bytes: &[u8]) -> Self {
        Self::bytes(bytes.to_vec())
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

/// A name as the header of a part quotes it (WHATWG HTML, multipart form data).
pub(crate) fn quoted(name: &str) -> Cow<'_, str> {
    if name.contains(['"', '\r', '\n']) {
        name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A").into()
    } else {
        name.into()
    }
}
