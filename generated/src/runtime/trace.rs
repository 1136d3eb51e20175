//! What the crate tells `tracing`: a span for each call, and an event for each attempt that failed. Neither has the
//! query or a header, which may hold secrets.

use tracing::Instrument;

use super::error::Error;
use super::transport::HttpRequest;

/// The future within a span of its own.
pub(crate) fn in_span<F: Future>(request: &HttpRequest, sending: F) -> impl Future<Output = F::Output> + use<F> {
    let (method, host, path) = (request.method.as_str(), request.url.host_str(), request.url.path());
    sending.instrument(tracing::debug_span!("http_request", method, host, path))
}

/// Tells of an attempt that failed.
pub(crate) fn failed(attempt: u32, error: &Error) {
    let (kind, status) = (error.kind(), error.status_code().map(|status| status.as_u16()));
    tracing::debug!(attempt, ?kind, status, request_id = error.request_id(), "the attempt failed");
}
