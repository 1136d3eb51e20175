//! Requests that the document does not describe: like any other, and what a document would say of them.

use std::sync::Arc;

use reqwest::Method;

use super::body::Body;
use super::call::Call;
use super::client::Core;
use super::request::Request;
use super::response::RawResponse;

/// A request that the document does not describe, with the client's credentials, retries and timeouts.
pub type CustomRequest = Request<RawResponse, Custom>;

/// The operation that a [`CustomRequest`] is of.
pub enum Custom {}

impl CustomRequest {
    /// A request to a path behind the base URL.
    pub(crate) fn to(core: &Arc<Core>, method: Method, path: &str) -> Self {
        let separator = if path.starts_with('/') { "" } else { "/" };
        Self::new(Call::new(core, method, format!("{separator}{path}")), RawResponse::undecoded)
    }

    /// Sets the body to a value written as JSON.
    pub fn json(mut self, body: &impl serde::Serialize) -> Self {
        self.call.json_body(serde_json::to_vec(body));
        self
    }

    /// Sets the body and its media type.
    pub fn body(mut self, media_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        self.call.header("content-type", media_type.into());
        self.call.body = Some(Body::from(body.into()));
        self
    }
}
