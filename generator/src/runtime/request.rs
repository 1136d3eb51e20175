//! Requests: what every operation's can do, compiled once. What is an operation's own is added to its request under a
//! name that no value has.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::call::Call;
use super::error::Error;
use super::response::{RawResponse, Response};
use super::transport::Sending;

/// Makes the result of a response.
pub(crate) type Decode<T> = fn(RawResponse) -> Result<Response<T>, Error>;

/// Sends a call whose response is a stream.
type Open<T> = fn(Call) -> Sending<T>;

/// A request of an operation that gives a `T`, ready to be sent.
///
/// `O` is the operation, where it has options of its own: they are methods, documented with it.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<T, O = ()> {
    pub(crate) call: Call,
    pub(crate) decode: Decode<T>,
    operation: PhantomData<fn() -> O>,
}

/// A request of an operation that gives a stream `T`, ready to be sent; see [`Request`].
#[must_use = "a request does nothing until it is sent"]
pub struct StreamRequest<T, O = ()> {
    pub(crate) call: Call,
    open: Open<T>,
    operation: PhantomData<fn() -> O>,
}

impl<T, O> Request<T, O> {
    pub(crate) fn new(call: Call, decode: Decode<T>) -> Self {
        Self { call, decode, operation: PhantomData }
    }

    /// Sends the request; awaiting the request does the same.
    ///
    /// # Errors
    ///
    /// When there is no response, one with a status outside 200 to 299, or one that cannot be decoded.
    // An asynchronous function would hold the request twice: as its argument, and while it is sent.
    #[allow(clippy::manual_async_fn)]
    pub fn send(self) -> impl Future<Output = Result<T, Error>> + use<T, O> {
        async move { Ok((self.decode)(self.call.send().await?)?.value) }
    }

    /// Sends the request; the result comes with the status and the headers of the response.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    pub async fn with_response(self) -> Result<Response<T>, Error> {
        (self.decode)(self.call.send().await?)
    }
}

impl<T, O> Clone for Request<T, O> {
    fn clone(&self) -> Self {
        Self { call: self.call.clone(), decode: self.decode, operation: PhantomData }
    }
}

impl<T, O> StreamRequest<T, O> {
    pub(crate) fn new(call: Call, open: Open<T>) -> Self {
        Self { call, open, operation: PhantomData }
    }

    /// Sends the request; awaiting the request does the same. What is given is a stream.
    ///
    /// # Errors
    ///
    /// When there is no response, one with a status outside 200 to 299, or one that is no such stream.
    pub async fn send(self) -> Result<T, Error> {
        (self.open)(self.call).await
    }
}

impl<T, O> Clone for StreamRequest<T, O> {
    fn clone(&self) -> Self {
        Self { call: self.call.clone(), open: self.open, operation: PhantomData }
    }
}

/// Implements what both kinds of requests can do.
macro_rules! requests {
    ($($request:ident),*) => {$(
        impl<T, O> $request<T, O> {
            /// Adds a header to this request; it wins over the same header of the client.
            pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.call.header(name, value.into());
                self
            }

            /// Adds a parameter to the query of this request.
            pub fn query_parameter(mut self, name: impl Into<String>, value: impl ToString) -> Self {
                self.call.query_pair(name.into(), &value.to_string());
                self
            }

            /// Sets how long this call may take in all, with its retries.
            pub fn timeout(mut self, timeout: Duration) -> Self {
                self.call.limits.timeout = timeout;
                self
            }

            /// Sets how often this request is repeated when it fails.
            pub fn max_retries(mut self, retries: u32) -> Self {
                self.call.limits.max_retries = retries;
                self
            }

            /// Sends the request; the response is not decoded.
            ///
            /// # Errors
            ///
            /// When there is no response, or one with a status outside 200 to 299.
            pub async fn with_raw_response(self) -> Result<RawResponse, Error> {
                self.call.send().await
            }

            /// Sends the request and waits for the result, without an asynchronous runtime of one's own.
            ///
            /// # Errors
            ///
            /// Those of [`send`](Self::send), and when it is called within an asynchronous runtime.
            #[cfg(feature = "blocking")]
            pub fn send_blocking(self) -> Result<T, Error> {
                super::blocking::wait(self.send())
            }
        }

        impl<T, O> fmt::Debug for $request<T, O> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($request)).field(&self.call).finish()
            }
        }

        impl<T: 'static, O: 'static> IntoFuture for $request<T, O> {
            type Output = Result<T, Error>;
            type IntoFuture = Sending<T>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    )*};
}

requests!(Request, StreamRequest);

/// Adds to a request that its response can be read as a stream.
macro_rules! stream {
    ($request:ty => $stream:ty, $accept:literal, $open:expr $(, $flag:literal)?) => {
        impl $request {
            /// Sends the request; the body of the response is read as it comes.
            $(#[doc = concat!("\n The property `", $flag, "` of the body is sent as true.")])?
            ///
            /// # Errors
            ///
            /// When there is no response, one with a status outside 200 to 299, or one that is no such stream.
            pub async fn stream(mut self) -> Result<$stream, $crate::runtime::error::Error> {
                self.call.header("accept", $accept);
                $(self.call.flag($flag);)?
                let (open, decode) = ($open, self.decode);
                open(self.call).await.map_err(|error: $crate::runtime::error::Error| error.answered(decode))
            }
        }
    };
}

pub(crate) use stream;

/// Defines the result of an operation that can succeed in several ways, told apart by the status.
macro_rules! outcomes {
    (
        $(#[$attribute:meta])*
        pub enum $outcomes:ident, $other:ident {
            $($(#[$doc:meta])* $outcome:ident $(($type:ty))? = $first:literal..=$last:literal $read:expr,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum $outcomes {
            $($(#[$doc])* $outcome $(($type))?,)*
            /// A success with a status that the API's document does not name, as it came.
            $other($crate::runtime::response::RawResponse),
        }

        impl $outcomes {
            fn decode(
                response: $crate::runtime::response::RawResponse,
            ) -> Result<$crate::runtime::response::Response<Self>, $crate::runtime::error::Error> {
                match response.status.as_u16() {
                    $($first..=$last => $crate::runtime::request::outcomes!(
                        @read response, $outcome $(($type))?, $read
                    ),)*
                    _ => response.undecoded().map(|response| response.map(Self::$other)),
                }
            }
        }
    };
    (@read $response:ident, $outcome:ident, $read:expr) => {
        $read($response).map(|response: $crate::runtime::response::Response<()>| response.map(|()| Self::$outcome))
    };
    (@read $response:ident, $outcome:ident ($type:ty), $read:expr) => {
        $read($response).map(|response: $crate::runtime::response::Response<$type>| response.map(Self::$outcome))
    };
}

pub(crate) use outcomes;
