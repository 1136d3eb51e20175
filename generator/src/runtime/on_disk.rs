//! Files on disk as what a request sends: opened when it is sent, and read piece by piece. Browsers have none.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use super::body::{Piece, Source};
use super::platform::{Pending, Pieces};
use super::upload::Upload;

/// How much of a file is in memory at a time.
const PIECE: usize = 64 << 10;

impl Upload {
    /// A file on disk. It is opened when the request is sent, and read piece by piece.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let mut upload = Self::new(Piece::Source(Arc::new(OnDisk(path))));
        upload.file_name = file_name;
        upload
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
