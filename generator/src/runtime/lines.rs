//! A body by lines, however it is cut into pieces: they end with LF, CR, or both.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::decode_error::DecodeError;
use super::error::{Error, ErrorKind};
use super::response::RawResponse;
use super::stream::ByteStream;

/// More than any line, so that a server cannot fill the memory with one.
const LONGEST_LINE: usize = 64 << 20;

/// A body as it comes, by lines.
#[derive(Debug)]
pub(crate) struct Lines {
    stream: ByteStream,
    received: Vec<u8>,
    /// How much of what was received is read.
    read: usize,
    /// How much of it was searched for the end of a line in vain.
    searched: usize,
    started: bool,
    /// Whether the last line ended with CR, so that a LF belongs to it.
    after_cr: bool,
    ended: bool,
}

impl Lines {
    pub(crate) fn new(stream: ByteStream) -> Self {
        let received = Vec::new();
        Self { stream, received, read: 0, searched: 0, started: false, after_cr: false, ended: false }
    }

    pub(crate) fn head(&self) -> &RawResponse {
        self.stream.head()
    }

    /// The error of a line that is not what the document says; the line is kept as the body.
    pub(crate) fn undecodable(&self, error: DecodeError, line: Vec<u8>) -> Error {
        Error::decode(error, RawResponse { body: line, ..self.head().clone() })
    }

    /// The next line that ends; `None` at the end.
    pub(crate) fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<u8>, Error>>> {
        loop {
            if let Some(line) = self.take_line() {
                return Poll::Ready(Some(Ok(line)));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            self.received.drain(..self.read);
            self.searched -= self.read;
            self.read = 0;
            if self.received.len() > LONGEST_LINE {
                self.ended = true;
                let message = format_args!("a line is longer than {LONGEST_LINE} bytes");
                let error = Error::new(ErrorKind::Body, message).with_response(self.head().clone());
                return Poll::Ready(Some(Err(error)));
            }
            match ready!(Pin::new(&mut self.stream).poll_next(context)) {
                Some(Ok(piece)) => self.received.extend_from_slice(&piece),
                Some(Err(error)) => {
                    // After a silence more may come; after anything else nothing does.
                    self.ended = error.kind() != ErrorKind::Timeout;
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.ended = true,
            }
        }
    }

    /// The next line, the last one also without its end.
    pub(crate) fn poll_line_or_rest(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<u8>, Error>>> {
        match ready!(self.poll_line(context)) {
            None if self.read < self.received.len() => {
                let rest = self.received.split_off(self.read);
                (self.read, self.searched) = (self.received.len(), self.received.len());
                Poll::Ready(Some(Ok(rest)))
            }
            line_or_end => Poll::Ready(line_or_end),
        }
    }

    /// Whether nothing more comes, so that what was given last was not ended.
    pub(crate) fn is_over(&self) -> bool {
        self.ended
    }

    fn take_line(&mut self) -> Option<Vec<u8>> {
        if !self.started {
            const MARK: &[u8] = b"\xef\xbb\xbf";
            // As long as it may still become a byte order mark, it is not known where the first line starts.
            if self.received.len() < MARK.len() && MARK.starts_with(&self.received) && !self.ended {
                return None;
            }
            self.started = true;
            if self.received.starts_with(MARK) {
                (self.read, self.searched) = (MARK.len(), MARK.len());
            }
        }
        if self.after_cr && self.read < self.received.len() {
            self.after_cr = false;
            if self.received[self.read] == b'\n' {
                self.read += 1;
                self.searched = self.searched.max(self.read);
            }
        }
        let found = self.received[self.searched..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let Some(end) = found.map(|offset| self.searched + offset) else {
            self.searched = self.received.len();
            return None;
        };
        let line = self.received[self.read..end].to_vec();
        self.after_cr = self.received[end] == b'\r';
        (self.read, self.searched) = (end + 1, end + 1);
        Some(line)
    }
}
