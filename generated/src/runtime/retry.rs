//! When a request is repeated, and after how long.

use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};

use super::error::{Error, ErrorKind};

const FIRST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(8);
/// A server that asks for a longer pause gets no automatic retry: the caller decides.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Whether the status says that the same request may succeed later.
pub(crate) fn is_retryable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429) || status.is_server_error()
}

/// Whether the request may be repeated after this error. Requests that are not idempotent (RFC 9110, section 9.2.2) are
/// repeated only when nothing was sent.
pub(crate) fn may_repeat(method: &Method, error: &Error) -> bool {
    error.is_retryable() && (method.is_idempotent() || error.kind() == ErrorKind::Connect)
}

/// The pause after `failed` failed attempts; `None` when the server asks for a longer one than is waited.
pub(crate) fn delay(error: &Error, failed: u32) -> Option<Duration> {
    match error.retry_after() {
        Some(asked) => (asked <= LONGEST_RETRY_AFTER).then_some(asked),
        None => Some(backoff(failed, jitter())),
    }
}

/// Exponential backoff; `jitter`, from 0 to 1, takes up to a quarter off, so that clients do not come back in step.
fn backoff(failed: u32, jitter: f64) -> Duration {
    let doublings = failed.saturating_sub(1).min(16);
    let full = FIRST_DELAY.saturating_mul(1 << doublings).min(LONGEST_DELAY);
    full.mul_f64(1.0 - jitter / 4.0)
}

/// A number from 0 to 1 that differs from call to call; each `RandomState` has keys of its own.
fn jitter() -> f64 {
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    random as f64 / u64::MAX as f64
}

/// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date, of which `now` is subtracted.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}
