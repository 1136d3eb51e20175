//! The platform where there is a browser, or another engine that runs JavaScript: `wasm32-unknown-unknown`.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_core::Stream;
use gloo_timers::future::TimeoutFuture;
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, StatusCode};

use super::body::Body;
use super::error::Error;
use super::transport::{HttpResponse, Incoming};

pub(crate) use gloo_timers::future::TimeoutFuture as Sleep;
pub(crate) use web_time::Instant;

/// A future; what JavaScript gives cannot be sent to another thread.
pub(crate) type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Pieces of a body as they come.
pub(crate) type Pieces<E> = Pin<Box<dyn Stream<Item = Result<Bytes, E>>>>;

/// A browser names itself, and asks the server's leave for any other header.
pub(crate) const USER_AGENT: Option<&str> = None;

/// The time of day.
pub(crate) fn now() -> SystemTime {
    // A clock that is set to before 1970 is as wrong as one that says 1970.
    SystemTime::UNIX_EPOCH + Duration::try_from_secs_f64(js_sys::Date::now() / 1000.0).unwrap_or_default()
}

/// A random number.
pub(crate) fn random() -> u64 {
    // Of the 53 bits of one number the highest are taken.
    let half = || (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
    half() << 32 | half()
}

/// Waits. What is longer than a timer of JavaScript can be, 24 days, ends then.
pub(crate) fn sleep(time: Duration) -> Sleep {
    const LONGEST: u32 = i32::MAX as u32;
    // Milliseconds are rounded up, so that nothing ends too early.
    let milliseconds = time.as_nanos().div_ceil(1_000_000);
    TimeoutFuture::new(u32::try_from(milliseconds).map_or(LONGEST, |milliseconds| milliseconds.min(LONGEST)))
}

/// What comes of a future within a time; an error says that the time is over.
pub(crate) async fn within<F: Future>(time: Duration, future: F) -> Result<F::Output, impl Sized> {
    let (mut future, mut end) = (pin!(future), pin!(sleep(time)));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(outcome) => Poll::Ready(Ok(outcome)),
        Poll::Pending => end.as_mut().poll(context).map(Err),
    })
    .await
}

/// A client of `reqwest`. How long connecting may take and whether redirects are followed is the browser's affair.
pub(crate) fn http_client(_: Duration) -> reqwest::Result<Client> {
    Client::builder().build()
}

/// A request with its body, which goes out as a whole.
///
/// # Errors
///
/// None: all of the body is in memory.
pub(crate) async fn with_body(request: RequestBuilder, body: &Body) -> io::Result<RequestBuilder> {
    Ok(request.body(body.read().await?))
}

/// Whether there was no connection, so that nothing was sent: a browser does not tell.
pub(crate) fn is_connect(_: &reqwest::Error) -> bool {
    false
}

impl HttpResponse {
    /// A response with a body that comes in pieces.
    pub fn streamed(
        status: StatusCode,
        headers: HeaderMap,
        body: impl Stream<Item = Result<Bytes, Error>> + 'static,
    ) -> Self {
        Self { status, headers, body: Incoming::new(Box::pin(body)) }
    }
}
