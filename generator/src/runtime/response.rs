//! What a server answered.

use std::borrow::Cow;
use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};

use super::body::next;
use super::charset;
use super::decode_error::DecodeError;
use super::error::{Error, ErrorKind};
use super::json::{Json, from_json};
use super::request::Decode;
use super::transport::HttpResponse;

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
    pub fn text(&self) -> Cow<'_, str> {
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
        media_type(&self.headers)
    }

    /// The head of a response, with no body read of it.
    pub(crate) fn head(response: &HttpResponse) -> Self {
        Self { status: response.status, headers: response.headers.clone(), body: Vec::new() }
    }

    /// Reads the whole body, of at most `max_bytes` bytes.
    ///
    /// # Errors
    ///
    /// When the body breaks off or is too large; what had come of it is kept.
    // An asynchronous function would hold the response twice: as its argument, and while its body comes.
    #[allow(clippy::manual_async_fn)]
    pub(crate) fn read(
        mut response: HttpResponse,
        max_bytes: usize,
    ) -> impl Future<Output = Result<Self, Error>> + use<> {
        async move {
            let mut body = Vec::new();
            let error = loop {
                match next(&mut response.body).await {
                    None => break None,
                    Some(Ok(chunk)) if body.len() + chunk.len() > max_bytes => {
                        let message = format!("the body is larger than the {max_bytes} bytes allowed");
                        break Some(Error::new(ErrorKind::Body, message));
                    }
                    Some(Ok(chunk)) => body.extend_from_slice(&chunk),
                    Some(Err(error)) => {
                        break Some(error.explained(format_args!(" after {} bytes", body.len())));
                    }
                }
            };
            let response = Self { status: response.status, headers: response.headers, body };
            match error {
                None => Ok(response),
                Some(error) => Err(error.with_response(response)),
            }
        }
    }

    /// Reads a value from the body, which is JSON.
    pub(crate) fn json<T: Json>(&self) -> Result<T, DecodeError> {
        from_json(&self.utf8())
    }

    /// The body in UTF-8.
    pub(crate) fn utf8(&self) -> Cow<'_, [u8]> {
        charset::to_utf8(&self.body, self.charset())
    }

    /// The text that the body is.
    pub(crate) fn string(&self) -> Result<String, DecodeError> {
        let text = self.utf8().into_owned();
        String::from_utf8(text).map_err(|error| DecodeError::new(error.utf8_error()))
    }

    /// The character encoding that the media type names.
    fn charset(&self) -> Option<&str> {
        let value = self.headers.get(reqwest::header::CONTENT_TYPE)?.to_str().ok()?;
        value.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
        })
    }

    /// The response as the result of a call.
    pub(crate) fn undecoded(self) -> Result<Response<Self>, Error> {
        Ok(Response { status: self.status, headers: self.headers.clone(), value: self })
    }

    /// A result without a body, whatever the server sent.
    pub(crate) fn ignored(self) -> Result<Response<()>, Error> {
        Ok(Response { status: self.status, headers: self.headers, value: () })
    }

    /// The body as a value of JSON.
    pub(crate) fn decode<T: Json>(self) -> Result<Response<T>, Error> {
        self.decoded(Self::json)
    }

    /// The body as a value of JSON, where there is a body.
    pub(crate) fn decode_optional<T: Json>(self) -> Result<Response<Option<T>>, Error> {
        self.decoded(|response| if response.is_empty() { Ok(None) } else { response.json().map(Some) })
    }

    /// The same, where a string of JSON may come as a text.
    pub(crate) fn decode_optional_string<T: Json + From<String>>(self) -> Result<Response<Option<T>>, Error> {
        self.decoded(|response| if response.is_empty() { Ok(None) } else { response.string_or_text().map(Some) })
    }

    /// Nothing at the statuses that have no body by the API's document, whatever the server sent; else what is read.
    pub(crate) fn unless_at<T>(
        self,
        empty: &[(u16, u16)],
        read: Decode<Option<T>>,
    ) -> Result<Response<Option<T>>, Error> {
        let status = self.status.as_u16();
        match empty.iter().any(|(first, last)| (*first..=*last).contains(&status)) {
            true => self.ignored().map(|response| response.map(|()| None)),
            false => read(self),
        }
    }

    /// The body as a text.
    pub(crate) fn decode_text(self) -> Result<Response<String>, Error> {
        self.decoded(Self::string)
    }

    /// The body as a string of JSON, or null; where its media type is that of a text, the body is the string, unless it
    /// is one of JSON as a whole: servers that do not know what they send call anything a text.
    pub(crate) fn decode_string<T: Json + From<String>>(self) -> Result<Response<T>, Error> {
        self.decoded(Self::string_or_text)
    }

    /// The body as it is.
    pub(crate) fn whole(self) -> Result<Response<Vec<u8>>, Error> {
        Ok(Response { status: self.status, headers: self.headers, value: self.body })
    }

    fn string_or_text<T: Json + From<String>>(&self) -> Result<T, DecodeError> {
        match self.json() {
            Err(_) if self.is_text() => self.string().map(T::from),
            read => read,
        }
    }

    /// Whether the body is of a media type.
    pub(crate) fn is_of(&self, media_type: &str) -> bool {
        self.media_type().is_some_and(|one| one.eq_ignore_ascii_case(media_type))
    }

    /// Whether the media type is that of a text, which JSON is none of.
    fn is_text(&self) -> bool {
        let media_type = self.media_type().map(str::to_ascii_lowercase).unwrap_or_default();
        media_type.starts_with("text/") && !media_type.ends_with("json")
    }

    /// Whether the response has no body, or none that counts (RFC 9110, sections 15.3.5 and 15.3.6).
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self.status.as_u16(), 204 | 205) || self.body.is_empty()
    }

    /// The response with what is made of its body.
    pub(crate) fn decoded<T>(self, decode: impl FnOnce(&Self) -> Result<T, DecodeError>) -> Result<Response<T>, Error> {
        match decode(&self) {
            Ok(value) => Ok(Response { status: self.status, headers: self.headers, value }),
            Err(error) => Err(Error::decode(error, self)),
        }
    }
}

/// The media type that headers name, without its parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(reqwest::header::CONTENT_TYPE).map(HeaderValue::to_str)?.ok()?;
    Some(value.split(';').next().unwrap_or(value).trim())
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

impl<T> Response<T> {
    /// The same response with what is made of its value.
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Response<U> {
        Response { status: self.status, headers: self.headers, value: make(self.value) }
    }
}
