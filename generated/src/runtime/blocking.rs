//! Waiting for requests without an asynchronous runtime of one's own.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use super::error::Error;

/// The runtime that carries all connections; it lives as long as the program, so that they can be used again.
static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();

/// Waits for the outcome of a request.
///
/// # Errors
///
/// Those of the request, and when it is called within an asynchronous runtime, which it would block.
pub(crate) fn wait<T>(sending: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if Handle::try_current().is_ok() {
        return Err(Error::config("`send_blocking` would block the asynchronous runtime it is called in: use `send`"));
    }
    let start =
        || Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|error| error.to_string());
    match RUNTIME.get_or_init(start) {
        Ok(runtime) => runtime.block_on(sending),
        Err(error) => Err(Error::config(format_args!("cannot start a runtime: {error}"))),
    }
}
