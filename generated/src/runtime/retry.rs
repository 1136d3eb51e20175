//! When a request is repeated, and after how long.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};

use super::error::{Error, ErrorKind};
use super::platform::random;

const FIRST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(8);
/// A server that asks for a longer pause gets no automatic retry: the caller decides.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Whether the status says that the same request may succeed later.
pub(crate) fn is_retryable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429) || status.is_server_error()
}

/// Whether the request may be repeated after this error. Requests that are not idempotent (RFC 9110, section 9.2.2) are
/// repeated only when nothing was sent, or when a key tells the server that they are the same.
pub(crate) fn may_repeat(method: &Method, has_key: bool, error: &Error) -> bool {
    let was_sent = !matches!(error.kind(), ErrorKind::Connect | ErrorKind::Token);
    error.is_retryable() && (method.is_idempotent() || has_key || !was_sent)
}

/// What all calls of a client have for retries together, so that clients do not add to the load of a server that fails:
/// each retry takes from it, and successes fill it up again.
#[derive(Debug)]
pub(crate) struct Budget(AtomicUsize);

impl Budget {
    const FULL: usize = 500;
    const COST: usize = 5;

    pub(crate) const fn new() -> Self {
        Self(AtomicUsize::new(Self::FULL))
    }

    /// Takes what a retry costs; `false` when there is not as much left.
    pub(crate) fn take(&self) -> bool {
        let take = |left: usize| left.checked_sub(Self::COST);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    /// Gives back after a success: what its last retry took, and a little for a first attempt that succeeds.
    pub(crate) fn give_back(&self, retried: bool) {
        let amount = if retried { Self::COST } else { 1 };
        let give = |left: usize| (left < Self::FULL).then(|| (left + amount).min(Self::FULL));
        // That it is full already is no failure.
        let _full = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
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

/// A number from 0 to 1 that differs from call to call.
fn jitter() -> f64 {
    random() as f64 / u64::MAX as f64
}

/// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date, of which `now` is subtracted.
/// Milliseconds in `retry-after-ms` are more exact.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let milliseconds = headers.get("retry-after-ms").and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok());
    if let Some(delay) = milliseconds.and_then(|delay| Duration::try_from_secs_f64(delay / 1000.0).ok()) {
        return Some(delay);
    }
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}
