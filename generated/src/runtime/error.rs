//! The one error of the client.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::decode_error::DecodeError;
use super::json::Json;
use super::platform;
use super::request::Decode;
use super::response::RawResponse;
use super::retry;

/// Why a request did not give its result. What the server answered is kept.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    response: Option<RawResponse>,
    decode: Option<DecodeError>,
    /// The body as the type that the document has for the status.
    body: Option<Box<dyn Any + Send + Sync>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong, in broad terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the client, or an argument, makes no valid request. Nothing was sent.
    Config,
    /// No connection to the server came about. Nothing was sent.
    Connect,
    /// The connection broke before there was a response.
    Connection,
    /// There was no response in time.
    Timeout,
    /// The response began, and its body broke off or is larger than allowed.
    Body,
    /// The server answered with a status outside 200 to 299.
    Status,
    /// The server that gives the tokens (OAuth 2.0) gave none. The request itself was not sent.
    Token,
    /// The body is not what the document says.
    Decode,
}

/// The statuses from the first to the last, and what reads the body of a response with one of them.
pub(crate) type ErrorBody = (u16, u16, fn(&RawResponse) -> Result<Box<dyn Any + Send + Sync>, DecodeError>);

impl RawResponse {
    /// Reads the body of an error, which is JSON.
    pub(crate) fn boxed<T: Json + Send + Sync + 'static>(&self) -> Result<Box<dyn Any + Send + Sync>, DecodeError> {
        Ok(Box::new(self.json::<T>()?))
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl fmt::Display) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.to_string(),
            response: None,
            decode: None,
            body: None,
            source: None,
        }))
    }

    pub(crate) fn config(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn status(response: RawResponse) -> Self {
        let message = format!("the server answered {}{}", response.status, Excerpt(&response));
        Self::new(ErrorKind::Status, message).with_response(response)
    }

    /// The error of a server that gave no token.
    pub(crate) fn token(response: RawResponse) -> Self {
        let message = if response.status.is_success() {
            "the authorization server answered without `access_token`".to_owned()
        } else {
            format!("the authorization server answered {}{}", response.status, Excerpt(&response))
        };
        Self::new(ErrorKind::Token, message).with_response(response)
    }

    pub(crate) fn decode(error: DecodeError, response: RawResponse) -> Self {
        let media_type = response.media_type().unwrap_or("no media type");
        let message = format!("cannot decode the response ({}, {media_type}): {error}", response.status);
        let mut error_of_body = Self::new(ErrorKind::Decode, message).with_response(response);
        error_of_body.0.decode = Some(error);
        error_of_body
    }

    /// The error of a response that is no stream, where one was asked for.
    pub(crate) fn no_stream(response: RawResponse) -> Self {
        let error = DecodeError::new(format_args!("this is no stream{}", Excerpt(&response)));
        Self::decode(error, response)
    }

    /// Keeps with the error what the operation gives where its response is no stream.
    pub(crate) fn answered<T: Send + Sync + 'static>(mut self, decode: Decode<T>) -> Self {
        if let (ErrorKind::Decode, Some(response)) = (self.0.kind, &self.0.response) {
            self.0.body = decode(response.clone()).ok().map(|response| Box::new(response.value) as Box<_>);
        }
        self
    }

    pub(crate) fn with_response(mut self, response: RawResponse) -> Self {
        self.0.response = Some(response);
        self
    }

    /// Adds to the message.
    pub(crate) fn explained(mut self, words: impl fmt::Display) -> Self {
        self.0.message.push_str(&words.to_string());
        self
    }

    /// Reads the body of a response that is no success, as the operation has it for the status.
    pub(crate) fn typed(mut self, bodies: &[ErrorBody]) -> Self {
        if let (ErrorKind::Status, Some(response)) = (self.0.kind, &self.0.response) {
            let status = response.status.as_u16();
            let body = bodies.iter().find(|(first, last, _)| (*first..=*last).contains(&status));
            match body.map(|(.., read)| read(response)) {
                Some(Ok(body)) => self.0.body = Some(body),
                Some(Err(error)) => self.0.decode = Some(error),
                None => {}
            }
        }
        self
    }

    /// The same error of a call that had sent a request before: that nothing was sent would not be true.
    pub(crate) fn after_sending(mut self) -> Self {
        if self.0.kind == ErrorKind::Connect {
            self.0.kind = ErrorKind::Connection;
        }
        self
    }

    pub(crate) fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// What went wrong, in broad terms.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the server answered, when it answered.
    #[must_use]
    pub fn response(&self) -> Option<&RawResponse> {
        self.0.response.as_ref()
    }

    /// The status of the response.
    #[must_use]
    pub fn status_code(&self) -> Option<StatusCode> {
        self.response().map(RawResponse::status)
    }

    /// The headers of the response.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(RawResponse::headers)
    }

    /// The body of the response, byte for byte.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.response().map(RawResponse::body)
    }

    /// The body of the response as the type that the API's document has for its status; `None` for any other type, and
    /// where the body was none, which [`decode_error`](Self::decode_error) tells. Where a stream was asked for and the
    /// operation's other answer came, this is it.
    #[must_use]
    pub fn body_as<T: 'static>(&self) -> Option<&T> {
        self.0.body.as_ref()?.downcast_ref()
    }

    /// How the server calls the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.response().and_then(RawResponse::request_id)
    }

    /// Where and why the body could not be decoded.
    #[must_use]
    pub fn decode_error(&self) -> Option<&DecodeError> {
        self.0.decode.as_ref()
    }

    /// Whether the same request may succeed later: no connection, no answer in time, or the statuses 408, 429 and 5xx.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Connect | ErrorKind::Connection | ErrorKind::Timeout => true,
            ErrorKind::Status | ErrorKind::Token => self.status_code().is_some_and(retry::is_retryable),
            ErrorKind::Config | ErrorKind::Body | ErrorKind::Decode => false,
        }
    }

    /// How long the server asks to wait before the next attempt (RFC 9110, section 10.2.3), in seconds or until a date.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.headers()?, platform::now())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("response", &self.0.response)
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match (&self.0.decode, &self.0.source) {
            (Some(decode), _) => Some(decode),
            (None, Some(source)) => Some(&**source),
            (None, None) => None,
        }
    }
}

/// The beginning of a body, for a message that people read.
struct Excerpt<'r>(&'r RawResponse);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 300;
        let text = self.0.text();
        let text = text.trim();
        let mut characters = text.chars();
        let start: String = characters.by_ref().take(LONGEST).collect();
        match (start.is_empty(), characters.next()) {
            (true, _) => Ok(()),
            (false, None) => write!(f, ": {start}"),
            (false, Some(_)) => write!(f, ": {start}…"),
        }
    }
}
