//! One call of an operation, from its arguments to its response.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use super::client::{Core, Limits};
use super::encode::{Encode, to_json};
use super::error::Error;
use super::response::RawResponse;

/// What stays as it is in a path: the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A call that is being put together.
#[derive(Clone)]
pub(crate) struct Call {
    core: Arc<Core>,
    pub(crate) method: Method,
    /// The path behind the base URL, percent-encoded.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) limits: Limits,
    /// The first argument that cannot be sent; setters chain, so that sending reports it.
    invalid: Option<String>,
}

impl Call {
    /// A call of the path that starts so; it asks for JSON.
    pub(crate) fn new(core: &Arc<Core>, method: Method, path: impl Into<String>) -> Self {
        Self {
            core: Arc::clone(core),
            method,
            path: path.into(),
            query: Vec::new(),
            headers: vec![("accept".to_owned(), "application/json".to_owned())],
            body: None,
            limits: core.limits(),
            invalid: None,
        }
    }

    /// Appends a part of the path template.
    pub(crate) fn path(&mut self, part: &str) {
        self.path.push_str(part);
    }

    /// Appends an argument to the path, percent-encoded (RFC 6570, section 3.2.2).
    pub(crate) fn path_argument(&mut self, name: &str, value: impl fmt::Display) {
        let value = value.to_string();
        // URLs drop such segments, also when they are encoded, and the request would go to another path.
        if matches!(value.as_str(), "" | "." | "..") {
            self.invalid.get_or_insert(format!("the path argument `{name}` cannot be `{value}`"));
        }
        self.path.extend(utf8_percent_encode(&value, RESERVED));
    }

    /// Adds a parameter to the query.
    pub(crate) fn query(&mut self, name: impl Into<String>, value: impl ToString) {
        self.query.push((name.into(), value.to_string()));
    }

    /// Adds a parameter to the query once for each value (style `form`, exploded).
    pub(crate) fn query_each<V: ToString>(&mut self, name: &str, values: impl IntoIterator<Item = V>) {
        self.query.extend(values.into_iter().map(|value| (name.to_owned(), value.to_string())));
    }

    /// Adds a header; it replaces one that the call has by itself.
    pub(crate) fn header(&mut self, name: impl Into<String>, value: impl ToString) {
        self.headers.push((name.into(), value.to_string()));
    }

    /// Sets the body to a value written as JSON.
    pub(crate) fn json<T: Encode + ?Sized>(&mut self, body: &T) {
        self.json_body(to_json(body));
    }

    pub(crate) fn json_body(&mut self, body: serde_json::Result<Vec<u8>>) {
        self.header("content-type", "application/json");
        match body {
            Ok(body) => self.body = Some(body),
            Err(error) => {
                self.invalid.get_or_insert(format!("the body cannot be written as JSON: {error}"));
            }
        }
    }

    pub(crate) fn timeout(&mut self, timeout: Duration) {
        self.limits.timeout = timeout;
    }

    pub(crate) fn max_retries(&mut self, retries: u32) {
        self.limits.max_retries = retries;
    }

    /// Sends the call.
    ///
    /// # Errors
    ///
    /// When the arguments make no request, when there is no response, or one with a status outside 200 to 299.
    pub(crate) async fn send(self) -> Result<RawResponse, Error> {
        if let Some(invalid) = &self.invalid {
            return Err(Error::config(invalid));
        }
        let request = self.core.request(&self)?;
        self.core.send(request, self.limits).await
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// The future of a request that is awaited without `send`.
pub type Sending<T> = std::pin::Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Defines the request of an operation: what it gives, and how that is made of the response.
macro_rules! request {
    ($(#[$attribute:meta])* pub struct $request:ident => $output:ty, $value:expr) => {
        $(#[$attribute])*
        #[must_use = "a request does nothing until it is sent"]
        #[derive(Clone, Debug)]
        pub struct $request {
            call: $crate::runtime::call::Call,
        }

        impl $request {
            /// Adds a header to this request; it wins over the same header of the client.
            pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.call.header(name, value.into());
                self
            }

            /// Adds a parameter to the query of this request.
            pub fn query_parameter(mut self, name: impl Into<String>, value: impl ToString) -> Self {
                self.call.query(name, value);
                self
            }

            /// Sets how long this call may take in all, with its retries.
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.call.timeout(timeout);
                self
            }

            /// Sets how often this request is repeated when it fails.
            pub fn max_retries(mut self, retries: u32) -> Self {
                self.call.max_retries(retries);
                self
            }

            /// Sends the request; awaiting the request does the same.
            ///
            /// # Errors
            ///
            /// When there is no response, one with a status outside 200 to 299, or one that cannot be decoded.
            pub async fn send(self) -> Result<$output, $crate::runtime::error::Error> {
                Ok(self.with_response().await?.value)
            }

            /// Sends the request; the result comes with the status and the headers of the response.
            ///
            /// # Errors
            ///
            /// Those of [`send`](Self::send).
            pub async fn with_response(
                self,
            ) -> Result<$crate::runtime::response::Response<$output>, $crate::runtime::error::Error> {
                let decode: fn(
                    $crate::runtime::response::RawResponse,
                )
                    -> Result<$crate::runtime::response::Response<$output>, $crate::runtime::error::Error> = $value;
                decode(self.call.send().await?)
            }

            /// Sends the request; the response is not decoded.
            ///
            /// # Errors
            ///
            /// When there is no response, or one with a status outside 200 to 299.
            pub async fn with_raw_response(
                self,
            ) -> Result<$crate::runtime::response::RawResponse, $crate::runtime::error::Error> {
                self.call.send().await
            }
        }

        impl IntoFuture for $request {
            type Output = Result<$output, $crate::runtime::error::Error>;
            type IntoFuture = $crate::runtime::call::Sending<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}

pub(crate) use request;
