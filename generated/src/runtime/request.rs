//! The requests of operations: what every one of them can do, stated once.

/// Defines the request of an operation: what it gives, and how that is made of the response.
macro_rules! request {
    ($(#[$attribute:meta])* pub struct $request:ident => stream $output:ty, $open:expr) => {
        $crate::runtime::request::request! { @every $(#[$attribute])* $request => $output }

        impl $request {
            /// Sends the request; awaiting the request does the same. What is given is a stream.
            ///
            /// # Errors
            ///
            /// When there is no response, or one with a status outside 200 to 299.
            pub async fn send(self) -> Result<$output, $crate::runtime::error::Error> {
                let open = $open;
                open(self.call).await
            }
        }
    };
    ($(#[$attribute:meta])* pub struct $request:ident => $output:ty, $decode:expr) => {
        $crate::runtime::request::request! { @every $(#[$attribute])* $request => $output }

        impl $request {
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
                    -> Result<$crate::runtime::response::Response<$output>, $crate::runtime::error::Error> = $decode;
                decode(self.call.send().await?)
            }
        }
    };
    (@every $(#[$attribute:meta])* $request:ident => $output:ty) => {
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
                self.call.query_pair(&name.into(), &value.to_string());
                self
            }

            /// Sets how long this call may take in all, with its retries.
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
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
            pub async fn with_raw_response(
                self,
            ) -> Result<$crate::runtime::response::RawResponse, $crate::runtime::error::Error> {
                self.call.send().await
            }
        }

        #[cfg(feature = "blocking")]
        impl $request {
            /// Sends the request and waits for the result, without an asynchronous runtime of one's own.
            ///
            /// # Errors
            ///
            /// Those of [`send`](Self::send), and when it is called within an asynchronous runtime.
            pub fn send_blocking(self) -> Result<$output, $crate::runtime::error::Error> {
                $crate::runtime::blocking::wait(self.send())
            }
        }

        impl IntoFuture for $request {
            type Output = Result<$output, $crate::runtime::error::Error>;
            type IntoFuture = $crate::runtime::transport::Sending<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}

pub(crate) use request;

/// Adds to a request that its response can be read as a stream.
macro_rules! stream {
    ($request:ident => $stream:ty, $accept:literal, $open:expr) => {
        impl $request {
            /// Sends the request; the body of the response is read as it comes.
            ///
            /// # Errors
            ///
            /// When there is no response, or one with a status outside 200 to 299.
            pub async fn stream(mut self) -> Result<$stream, $crate::runtime::error::Error> {
                self.call.header("accept", $accept);
                let open = $open;
                open(self.call).await
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
