//! The client as one would write it by hand: `reqwest`, serde's derives, a key in a header, a timeout, typed errors.

use std::time::Duration;

use serde::Deserialize;
use vault::reqwest::{self, StatusCode};

/// The key of both clients.
pub(crate) const KEY: &str = "key";

#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base_url: String,
}

/// Why a call did not give its result.
#[derive(Debug)]
#[allow(dead_code, reason = "what it holds is shown where a call fails")]
pub(crate) enum Error {
    Http(reqwest::Error),
    Status(StatusCode, String),
    Decode(serde_json::Error),
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl Client {
    pub(crate) fn new(base_url: String) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(240)).build().expect("a client");
        Self { http, base_url }
    }

    pub(crate) async fn secrets(&self) -> Result<Secrets, Error> {
        let request = self.http.get(format!("{}/v1/workspace/secrets", self.base_url));
        let request = request.header("x-api-key", KEY).header("accept", "application/json");
        let response = request.send().await?;
        if !response.status().is_success() {
            return Err(Error::Status(response.status(), response.text().await?));
        }
        serde_json::from_slice(&response.bytes().await?).map_err(Error::Decode)
    }
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded and not read")]
pub(crate) struct Secrets {
    pub(crate) secrets: Vec<Secret>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded and not read")]
pub(crate) struct Secret {
    #[serde(rename = "type")]
    kind: String,
    secret_id: String,
    name: String,
    used_by: UsedBy,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded and not read")]
struct UsedBy {
    tools: Vec<Tool>,
    agents: Vec<serde_json::Value>,
    others: Vec<String>,
    #[serde(default)]
    phone_numbers: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded and not read")]
struct Tool {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    name: String,
    created_at_unix_secs: i64,
    access_level: String,
}
