//! The body of a request: pieces that are sent one after the other, and that can be sent again.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::platform::{Pending, Pieces, random};

/// What is read when a request is sent, and once more when it is repeated.
pub(crate) trait Source: Send + Sync {
    /// Opens what is to be sent, and says how many bytes it has.
    fn open(&self) -> Pending<'_, io::Result<(u64, Pieces<io::Error>)>>;
}

/// The body of a request.
#[derive(Clone, Default)]
pub struct Body(Vec<Piece>);

#[derive(Clone)]
pub(crate) enum Piece {
    Bytes(Bytes),
    Source(Arc<dyn Source>),
}

/// A body that was opened: in memory, or to be streamed.
pub(crate) enum Opened {
    Bytes(Bytes),
    Stream { length: u64, pieces: Pieces<io::Error> },
}

impl Body {
    pub(crate) fn new(pieces: Vec<Piece>) -> Self {
        Self(pieces)
    }

    /// The bytes, where all of them are in memory: a file is none of these.
    #[must_use]
    pub fn bytes(&self) -> Option<Bytes> {
        let bytes = |piece: &Piece| match piece {
            Piece::Bytes(bytes) => Some(bytes.clone()),
            Piece::Source(_) => None,
        };
        match self.0.as_slice() {
            [piece] => bytes(piece),
            pieces => {
                let all: Option<Vec<Bytes>> = pieces.iter().map(bytes).collect();
                Some(all?.concat().into())
            }
        }
    }

    /// Opens the body.
    ///
    /// # Errors
    ///
    /// When one of its files cannot be read.
    pub(crate) async fn open(&self) -> io::Result<Opened> {
        if let Some(bytes) = self.bytes() {
            return Ok(Opened::Bytes(bytes));
        }
        let mut length = 0;
        let mut open: Vec<Pieces<io::Error>> = Vec::with_capacity(self.0.len());
        for piece in &self.0 {
            let (bytes, pieces) = match piece {
                Piece::Bytes(bytes) => (bytes.len() as u64, Box::pin(Once(Some(bytes.clone()))) as Pieces<io::Error>),
                Piece::Source(source) => source.open().await?,
            };
            length += bytes;
            open.push(pieces);
        }
        open.reverse();
        Ok(Opened::Stream { length, pieces: Box::pin(Chain(open)) })
    }

    /// Reads the whole body, files included, as a test of what is sent may want it.
    ///
    /// # Errors
    ///
    /// When one of its files cannot be read.
    pub async fn read(&self) -> io::Result<Vec<u8>> {
        let mut pieces = match self.open().await? {
            Opened::Bytes(bytes) => return Ok(bytes.into()),
            Opened::Stream { pieces, .. } => pieces,
        };
        let mut whole = Vec::new();
        while let Some(piece) = next(&mut pieces).await {
            whole.extend_from_slice(&piece?);
        }
        Ok(whole)
    }
}

impl<B: Into<Bytes>> From<B> for Body {
    fn from(bytes: B) -> Self {
        Self(vec![Piece::Bytes(bytes.into())])
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes() {
            Some(bytes) => write!(f, "{} bytes", bytes.len()),
            None => f.write_str("streamed"),
        }
    }
}

/// The parts of a form (`multipart/form-data`, RFC 7578) or of another body that has some (RFC 2046, section 5.1).
#[derive(Clone)]
pub(crate) struct Parts {
    boundary: String,
    parts: Vec<Written>,
}

/// A part as it is sent.
#[derive(Clone)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) media_type: String,
    /// The head, what it holds, and its end.
    pub(crate) pieces: [Piece; 3],
}

impl Default for Parts {
    fn default() -> Self {
        Self { boundary: format!("{:016x}{:016x}", random(), random()), parts: Vec::new() }
    }
}

impl Parts {
    /// What stands between the parts.
    pub(crate) fn boundary(&self) -> &str {
        &self.boundary
    }

    /// Takes away the parts of a name, which are set again.
    pub(crate) fn remove(&mut self, name: &str) {
        self.parts.retain(|part| part.name != name);
    }

    pub(crate) fn add(&mut self, part: Written) {
        self.parts.push(part);
    }

    /// The media type with what it needs, and the body.
    pub(crate) fn finish(&self, media_type: &str) -> (String, Body) {
        let mut pieces: Vec<Piece> = self.parts.iter().flat_map(|part| part.pieces.clone()).collect();
        pieces.push(Piece::Bytes(format!("--{}--\r\n", self.boundary).into()));
        let mut media_type = format!("{media_type}; boundary={}", self.boundary);
        // The first part is what the others belong to (RFC 2387, section 3.1).
        if let Some(root) = self.parts.first().filter(|_| media_type.starts_with("multipart/related")) {
            let kind = if root.media_type.is_empty() { "text/plain" } else { &root.media_type };
            media_type.push_str(&format!("; type=\"{}\"", kind.replace('"', "\\\"")));
        }
        (media_type, Body(pieces))
    }
}

/// The next item of a stream.
pub(crate) async fn next<S: Stream + Unpin + ?Sized>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// Several streams, the last one first.
struct Chain(Vec<Pieces<io::Error>>);

impl Stream for Chain {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while let Some(first) = self.0.last_mut() {
            match first.as_mut().poll_next(context) {
                Poll::Ready(None) => drop(self.0.pop()),
                ready_or_pending => return ready_or_pending,
            }
        }
        Poll::Ready(None)
    }
}
