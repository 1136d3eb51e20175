//! The platform where there is an operating system.

use std::hash::{BuildHasher, Hasher};
use std::io;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::{Client, RequestBuilder, StatusCode};

use super::body::{Body, Opened};
use super::error::Error;
use super::transport::{HttpResponse, Incoming};

pub(crate) use std::time::Instant;
pub(crate) use tokio::time::{Sleep, sleep};

/// A future that can be sent to another thread.
pub(crate) type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Pieces of a body as they come.
pub(crate) type Pieces<E> = Pin<Box<dyn Stream<Item = Result<Bytes, E>> + Send>>;

/// What this crate calls itself.
pub(crate) const USER_AGENT: Option<&str> = Some(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));

/// The time of day.
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// A random number; each `RandomState` has keys of its own.
pub(crate) fn random() -> u64 {
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

/// What comes of a future within a time; an error says that the time is over.
pub(crate) fn within<F: Future>(time: Duration, future: F) -> impl Future<Output = Result<F::Output, impl Sized>> {
    // An asynchronous function would hold the future twice: as its argument, and where it waits.
    tokio::time::timeout(time, future)
}

/// A client of `reqwest` that leaves redirects to this crate.
pub(crate) fn http_client(connect_timeout: Duration) -> reqwest::Result<Client> {
    Client::builder().connect_timeout(connect_timeout).redirect(reqwest::redirect::Policy::none()).build()
}

/// A request with its body.
///
/// # Errors
///
/// When a file of the body cannot be read.
pub(crate) async fn with_body(request: RequestBuilder, body: &Body) -> io::Result<RequestBuilder> {
    Ok(match body.open().await? {
        Opened::Bytes(bytes) => request.body(bytes),
        Opened::Stream { length, pieces } => {
            request.header(CONTENT_LENGTH, length).body(reqwest::Body::wrap_stream(pieces))
        }
    })
}

/// Whether there was no connection, so that nothing was sent.
pub(crate) fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}

impl HttpResponse {
    /// A response with a body that comes in pieces.
    pub fn streamed(
        status: StatusCode,
        headers: HeaderMap,
        body: impl Stream<Item = Result<Bytes, Error>> + Send + 'static,
    ) -> Self {
        Self { status, headers, body: Incoming::new(Box::pin(body)) }
    }
}
