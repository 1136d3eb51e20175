//! A generated client over real HTTP: what it sends, and what it makes of what comes back. `tests/it/operations.rs`
//! builds it with the client.

mod configuration;
mod environment;
mod errors;
mod faults;
mod redirects;
mod requests;
mod retries;
mod round_trip;
mod secrecy;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../server.rs"]
mod server;
mod timeouts;

use std::time::Duration;

use vault::types::SecretList;
use vault::{Client, ClientBuilder, Error};

use crate::server::{Reply, Server};

/// A response of the operation with one secret.
const SECRETS: &str = r#"{"secrets": [{"type": "stored", "secret_id": "s1", "name": "n1",
    "used_by": {"tools": [], "agents": [], "others": []}}]}"#;

/// The response with [`SECRETS`].
fn secrets() -> Reply {
    Reply::json(200, SECRETS)
}

/// A client of the server that is still to be configured.
fn builder(server: &Server) -> ClientBuilder {
    Client::builder().api_key("k").base_url(server.url())
}

fn client(server: &Server) -> Client {
    builder(server).build().expect("a valid configuration")
}

/// The outcome of a future that is given up long after every test should be over, so that no test hangs.
async fn within<F: IntoFuture>(future: F) -> F::Output {
    const MUCH_TOO_LONG: Duration = Duration::from_secs(60);
    tokio::time::timeout(MUCH_TOO_LONG, future.into_future()).await.expect("the test ends in time")
}

async fn list(client: &Client) -> Result<SecretList, Error> {
    within(client.workspace().secrets().list()).await
}

/// The error of a call that fails.
async fn failure(client: &Client) -> Error {
    list(client).await.expect_err("the call fails")
}
