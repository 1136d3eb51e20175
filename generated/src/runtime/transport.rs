//! The shell around the network: sends one request, follows redirects, reads the body. The only part that knows how
//! `reqwest` does it.

use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT};
use reqwest::{Client, Method, StatusCode, Url};

use super::error::{Error, ErrorKind};
use super::response::RawResponse;

/// How many redirects are followed.
const MAX_REDIRECTS: usize = 10;

/// A request, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct HttpRequest {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

/// Sends a request, follows redirects and reads the whole body, of at most `max_bytes` bytes. Any status is a response.
///
/// # Errors
///
/// When there is no connection, no response, the body breaks off or is too large, or the redirects do not end.
pub(crate) async fn execute(client: &Client, mut request: HttpRequest, max_bytes: usize) -> Result<RawResponse, Error> {
    let mut redirects = 0;
    loop {
        let outcome = exchange(client, &request, max_bytes).await;
        let response = outcome.map_err(|error| if redirects > 0 { error.after_sending() } else { error })?;
        let Some(next) = redirect(&request, &response) else { return Ok(response) };
        if redirects == MAX_REDIRECTS {
            let message = format!("more than {MAX_REDIRECTS} redirects");
            return Err(Error::new(ErrorKind::Status, message).with_response(response));
        }
        redirects += 1;
        request = next;
    }
}

async fn exchange(client: &Client, request: &HttpRequest, max_bytes: usize) -> Result<RawResponse, Error> {
    let mut builder = client.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
    if let Some(body) = &request.body {
        builder = builder.body(body.clone());
    }
    let mut incoming = builder.send().await.map_err(|error| not_answered(request, error))?;
    let mut response = RawResponse { status: incoming.status(), headers: incoming.headers().clone(), body: Vec::new() };
    loop {
        match incoming.chunk().await {
            Ok(Some(chunk)) if response.body.len() + chunk.len() > max_bytes => {
                let message = format!("the body is larger than the {max_bytes} bytes allowed");
                return Err(Error::new(ErrorKind::Body, message).with_response(response));
            }
            Ok(Some(chunk)) => response.body.extend_from_slice(&chunk),
            Ok(None) => return Ok(response),
            Err(error) => {
                let message = format!("the body broke off after {} bytes", response.body.len());
                let error = Error::new(ErrorKind::Body, message).with_source(error.without_url());
                return Err(error.with_response(response));
            }
        }
    }
}

fn not_answered(request: &HttpRequest, error: reqwest::Error) -> Error {
    // The query may hold a key, so an error names the path alone.
    let (method, path) = (&request.method, request.url.path());
    let error = error.without_url();
    let (kind, what) = if error.is_builder() {
        (ErrorKind::Config, "is no valid request")
    } else if error.is_connect() {
        // Also when connecting took too long: nothing was sent.
        (ErrorKind::Connect, "cannot connect")
    } else if error.is_timeout() {
        (ErrorKind::Timeout, "no response in time")
    } else {
        (ErrorKind::Connection, "the connection broke")
    };
    Error::new(kind, format_args!("{method} {path}: {what}")).with_source(error)
}

/// The request that a redirect asks for (RFC 9110, section 15.4). Only what describes the content goes to another
/// origin: any other header could be a credential.
fn redirect(request: &HttpRequest, response: &RawResponse) -> Option<HttpRequest> {
    if !matches!(response.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
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
