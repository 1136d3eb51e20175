//! Support code of generated crates: real modules here, so that it is compiled, linted and tested, and emitted
//! verbatim. A part is emitted only where an API needs it.

pub(crate) mod auth;
#[cfg(feature = "blocking")]
pub(crate) mod blocking;
pub(crate) mod body;
#[cfg(target_family = "wasm")]
pub(crate) mod browser;
pub(crate) mod build;
pub(crate) mod call;
pub(crate) mod charset;
pub(crate) mod client;
pub(crate) mod config;
pub(crate) mod containers;
pub(crate) mod custom;
pub(crate) mod datetime;
pub(crate) mod debug;
pub(crate) mod decode_error;
pub(crate) mod encode;
pub(crate) mod error;
pub(crate) mod events;
pub(crate) mod extra;
pub(crate) mod header;
pub(crate) mod json;
pub(crate) mod lines;
pub(crate) mod multipart;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod native;
pub(crate) mod nullable;
pub(crate) mod oauth;
pub(crate) mod object;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod on_disk;
pub(crate) mod own;
pub(crate) mod paginate;
pub(crate) mod parse;
pub(crate) mod platform;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod retry;
pub(crate) mod rfc3339;
pub(crate) mod scalar_enum;
pub(crate) mod secret;
pub(crate) mod shape;
pub(crate) mod stream;
pub(crate) mod string_enum;
pub(crate) mod style;
pub(crate) mod tape;
pub(crate) mod testing;
pub(crate) mod texts;
#[cfg(feature = "tracing")]
pub(crate) mod trace;
pub(crate) mod traits;
pub(crate) mod transport;
pub(crate) mod tuple;
pub(crate) mod union;
pub(crate) mod upload;
pub(crate) mod walk;
pub(crate) mod with_chrono;
pub(crate) mod with_jiff;
pub(crate) mod with_time;

#[cfg(test)]
mod tests;
