//! What a server answered.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};

use super::decode::{Decode, from_json};
use super::error::Error;

/// Where servers say how they call a request; the first header that is there counts.
const REQUEST_ID_HEADERS: [&str; 4] = ["x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id"];

/// Status, headers and body of a response, as they came.
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl RawResponse {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, byte for byte; what had come of it when it broke off.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body for keeps.
    #[must_use]
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// The body as a text; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// How the server calls the request, by the header that is usual for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        REQUEST_ID_HEADERS.iter().find_map(|name| self.headers.get(*name)?.to_str().ok())
    }

    /// The media type of the body, without its parameters.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        let value = self.headers.get(reqwest::header::CONTENT_TYPE).map(HeaderValue::to_str)?.ok()?;
        Some(value.split(';').next().unwrap_or(value).trim())
    }

    /// Reads the body as JSON.
    pub(crate) fn decode<T: Decode>(self) -> Result<Response<T>, Error> {
        match from_json(&self.body) {
            Ok(value) => Ok(Response { status: self.status, headers: self.headers, value }),
            Err(error) => Err(Error::decode(error, self)),
        }
    }

    /// The response as the result of a call.
    pub(crate) fn undecoded(self) -> Result<Response<Self>, Error> {
        Ok(Response { status: self.status, headers: self.headers.clone(), value: self })
    }

    /// A result without a body, whatever the server sent.
    pub(crate) fn ignored(self) -> Result<Response<()>, Error> {
        Ok(Response { status: self.status, headers: self.headers, value: () })
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// The decoded body of a response, with its status and headers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The decoded body.
    pub value: T,
}
