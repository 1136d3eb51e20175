//! Files and other bytes that a request sends: from memory, or from disk without reading them into memory.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use super::body::{Body, Pending, Piece, Pieces, Source};

/// How much of a file is in memory at a time.
const PIECE: usize = 64 << 10;

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
    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self { content: Piece::Bytes(bytes.into()), file_name: None, media_type: None, headers: Vec::new() }
    }

    /// A text, as a field of a form has it: without a file name.
    pub fn text(text: impl Into<String>) -> Self {
        Self { file_name: Some(String::new()), ..Self::bytes(text.into()) }
    }

    /// A file on disk. It is opened when the request is sent, and read piece by piece.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { content: Piece::Source(Arc::new(OnDisk(path))), file_name, media_type: None, headers: Vec::new() }
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

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&Path> for Upload {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

struct OnDisk(PathBuf);

impl Source for OnDisk {
    fn open(&self) -> Pending<'_, io::Result<(u64, Pieces<io::Error>)>> {
        Box::pin(async {
            let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", self.0.display()));
            let file = File::open(&self.0).await.map_err(named)?;
            let length = file.metadata().await.map_err(named)?.len();
            Ok((length, Box::pin(Reading { file, buffer: vec![0; PIECE] }) as Pieces<io::Error>))
        })
    }
}

struct Reading {
    file: File,
    buffer: Vec<u8>,
}

impl Stream for Reading {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { file, buffer } = &mut *self;
        let mut unfilled = ReadBuf::new(buffer);
        let read = ready!(Pin::new(file).poll_read(context, &mut unfilled));
        let filled = unfilled.filled();
        Poll::Ready(match read {
            Err(error) => Some(Err(error)),
            Ok(()) if filled.is_empty() => None,
            Ok(()) => Some(Ok(Bytes::copy_from_slice(filled))),
        })
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
