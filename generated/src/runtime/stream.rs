//! A body as a stream of bytes, with a bound on the silence between them.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use super::body::next;
use super::error::{Error, ErrorKind};
use super::platform::{Sleep, sleep};
use super::response::RawResponse;
use super::transport::{HttpResponse, Incoming};

/// The body of a response, piece by piece as it comes.
#[derive(Debug)]
#[must_use = "a stream does nothing until it is read"]
pub struct ByteStream {
    head: RawResponse,
    incoming: Incoming,
    idle: Duration,
    /// When the silence is too long.
    deadline: Pin<Box<Sleep>>,
}

impl ByteStream {
    pub(crate) fn new(response: HttpResponse, idle: Duration) -> Self {
        let head = RawResponse::head(&response);
        Self { head, incoming: response.body, idle, deadline: Box::pin(sleep(idle)) }
    }

    /// Status and headers of the response; its body is this stream.
    #[must_use]
    pub fn head(&self) -> &RawResponse {
        &self.head
    }

    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        next(self).await
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { head, incoming, idle, deadline } = &mut *self;
        if let Poll::Ready(piece) = Pin::new(incoming).poll_next(context) {
            deadline.set(sleep(*idle));
            return Poll::Ready(piece.map(|piece| piece.map_err(|error| error.with_response(head.clone()))));
        }
        match deadline.as_mut().poll(context) {
            Poll::Ready(()) => {
                // Should the stream be read on, it waits as long again.
                deadline.set(sleep(*idle));
                let error = Error::new(ErrorKind::Timeout, format_args!("nothing came for {idle:?}"));
                Poll::Ready(Some(Err(error.with_response(head.clone()))))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
