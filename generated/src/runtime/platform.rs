//! What differs from platform to platform: clocks, timers, threads, and what `reqwest` can do there. No other part of
//! the support code but the files on disk asks where it runs.

#[cfg(target_family = "wasm")]
pub(crate) use super::browser::*;
#[cfg(not(target_family = "wasm"))]
pub(crate) use super::native::*;
