//! The seam to the network: what sends one request and gives its response. A test can put its own in place of
//! `reqwest`, which this module alone knows how to use.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, USER_AGENT};
use reqwest::{Method, StatusCode, Url};

use super::body::Body;
use super::error::{Error, ErrorKind};
use super::platform::{self, Pending, Pieces};
use super::response::RawResponse;

/// How many redirects are followed.
const MAX_REDIRECTS: usize = 10;

/// Sends requests.
pub trait Transport: Send + Sync {
    /// Sends one request. Redirects are not followed, any status is a response, and the body need not have come yet.
    fn send(&self, request: HttpRequest) -> Sending<HttpResponse>;
}

/// The future of what is sent.
pub type Sending<T> = Pending<'static, Result<T, Error>>;

/// A request, ready to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The URL, with the query.
    pub url: Url,
    /// The headers, credentials included.
    pub headers: HeaderMap,
    /// The body, where there is one.
    pub body: Option<Body>,
}

/// The head of a response, with a body that is still to be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Incoming,
}

impl HttpResponse {
    /// A response with a body that is there already.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { status, headers, body: Incoming::new(Box::pin(Ready(Some(body.into())))) }
    }
}

/// A body as it comes.
pub struct Incoming(Pieces<Error>);

impl Incoming {
    pub(crate) fn new(pieces: Pieces<Error>) -> Self {
        Self(pieces)
    }
}

impl Stream for Incoming {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Incoming")
    }
}

struct Ready(Option<Bytes>);

impl Stream for Ready {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// Sends the request that is made and follows redirects.
///
/// # Errors
///
/// When the request cannot be made, there is no connection or no response, or the redirects do not end.
pub(crate) async fn execute(
    transport: &dyn Transport,
    request: impl Fn() -> Result<HttpRequest, Error>,
) -> Result<HttpResponse, Error> {
    // In the same statement as the await, the request would stay in the future.
    let sending = transport.send(request()?);
    let response = sending.await?;
    if !is_redirect(response.status) {
        return Ok(response);
    }
    // The request was given away, and is made once more rather than kept for what seldom happens.
    let following = Box::pin(follow(transport, request()?, response));
    following.await
}

/// Follows the redirects that a response to a request begins.
async fn follow(
    transport: &dyn Transport,
    mut request: HttpRequest,
    mut response: HttpResponse,
) -> Result<HttpResponse, Error> {
    let mut redirects = 0;
    while let Some(next) = redirect(&request, &response) {
        if redirects == MAX_REDIRECTS {
            let message = format!("more than {MAX_REDIRECTS} redirects");
            return Err(Error::new(ErrorKind::Status, message).with_response(RawResponse::head(&response)));
        }
        redirects += 1;
        request = next;
        response = transport.send(request.clone()).await.map_err(Error::after_sending)?;
    }
    Ok(response)
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// The request that a redirect asks for (RFC 9110, section 15.4). Only what describes the content goes to another
/// origin: any other header could be a credential.
fn redirect(request: &HttpRequest, response: &HttpResponse) -> Option<HttpRequest> {
    if !is_redirect(response.status) {
        return None;
    }
    let location = response.headers.get(LOCATION)?.to_str().ok()?;
    let url = request.url.join(location).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let mut next = request.clone();
    if next.url.origin() != url.origin() {
        let carried = [ACCEPT, CONTENT_TYPE, USER_AGENT];
        next.headers =
            carried.into_iter().filter_map(|name| Some((name.clone(), next.headers.remove(name)?))).collect();
    }
    next.url = url;
    let becomes_get = match response.status {
        StatusCode::SEE_OTHER => request.method != Method::HEAD,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => request.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        next.method = Method::GET;
        next.body = None;
        next.headers.remove(CONTENT_TYPE);
        next.headers.remove(CONTENT_LENGTH);
    }
    Some(next)
}

impl Transport for reqwest::Client {
    fn send(&self, request: HttpRequest) -> Sending<HttpResponse> {
        let HttpRequest { method, url, headers, body } = request;
        let mut request = reqwest::Request::new(method.clone(), url);
        *request.headers_mut() = headers;
        let (bytes, source) = match body.as_ref().map(Body::bytes) {
            Some(None) => (Bytes::new(), body),
            bytes => (bytes.flatten().unwrap_or_default(), None),
        };
        if !bytes.is_empty() {
            *request.body_mut() = Some(bytes.into());
        } else if source.is_none() && expects_content(&method) {
            // Servers refuse these methods without a length, also where there is nothing to send.
            request.headers_mut().entry(CONTENT_LENGTH).or_insert(HeaderValue::from_static("0"));
        }
        // Most requests have nothing to open: for them, the future holds no more than what is under way.
        let Some(source) = source else {
            let sending = self.execute(request);
            return Box::pin(async move { sending.await.map(received).map_err(|error| not_answered(&method, error)) });
        };
        let client = self.clone();
        Box::pin(async move {
            let path = request.url().path().to_owned();
            let builder = reqwest::RequestBuilder::from_parts(client, request);
            let builder = platform::with_body(builder, &source).await.map_err(|error| {
                let message = format_args!("{method} {path}: cannot read the body");
                Error::new(ErrorKind::Config, message).with_source(error)
            })?;
            builder.send().await.map(received).map_err(|error| not_answered(&method, error))
        })
    }
}

/// Whether content means something to a method, so that its length is said in any case (RFC 9110, section 8.6).
fn expects_content(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

fn received(mut response: reqwest::Response) -> HttpResponse {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    HttpResponse::streamed(status, headers, Chunks(Box::pin(response.bytes_stream())))
}

struct Chunks(Pieces<reqwest::Error>);

impl Stream for Chunks {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(chunk.map(|chunk| {
            chunk.map_err(|error| Error::new(ErrorKind::Body, "the body broke off").with_source(error.without_url()))
        }))
    }
}

fn not_answered(method: &Method, error: reqwest::Error) -> Error {
    // The query may hold a key, so an error names the path alone.
    let path = error.url().map(|url| url.path().to_owned()).unwrap_or_default();
    let error = error.without_url();
    let (kind, what) = if error.is_builder() {
        (ErrorKind::Config, "is no valid request")
    } else if platform::is_connect(&error) {
        // Also when connecting took too long: nothing was sent.
        (ErrorKind::Connect, "cannot connect")
    } else if error.is_timeout() {
        (ErrorKind::Timeout, "no response in time")
    } else {
        (ErrorKind::Connection, "the connection broke")
    };
    Error::new(kind, format_args!("{method} {path}: {what}")).with_source(error)
}
