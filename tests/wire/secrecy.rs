//! The key goes to the server and nowhere else.

use vault::Client;
use vault::reqwest::Method;

use super::{failure, secrets, within};
use crate::server::{Reply, Server};

/// A key that is part of no other text.
const KEY: &str = "sk_4f9d2b71c0";

#[track_caller]
fn assert_hidden(shown: impl std::fmt::Debug) {
    let shown = format!("{shown:?} {shown:#?}");
    assert!(!shown.contains(KEY), "{shown}");
}

#[tokio::test]
async fn no_debug_output_of_client_and_requests_shows_the_key() {
    let server = Server::start([secrets()]).await;
    let builder = Client::builder().api_key(KEY).base_url(server.url());
    assert_hidden(&builder);
    let client = builder.build().expect("a client");
    assert_hidden(&client);
    assert_hidden(client.workspace());
    assert_hidden(client.workspace().secrets());
    assert_hidden(client.workspace().secrets().list());
    assert_hidden(client.request(Method::GET, "/"));
    assert_hidden(Client::new(KEY));

    let response = within(client.workspace().secrets().list().with_response()).await.expect("secrets");
    assert_hidden(response);
    let response = within(client.workspace().secrets().list().with_raw_response()).await.expect("secrets");
    assert_hidden(response);
    assert_eq!(server.requests()[0].headers("x-api-key"), [KEY]);
}

/// A key can also be given as a header, when it is another one than the document's.
#[tokio::test]
async fn no_debug_output_shows_a_key_in_a_header() {
    let builder = Client::builder().api_key("k").header("authorization", format!("Bearer {KEY}"));
    assert_hidden(&builder);
    let client = builder.build().expect("a client");
    assert_hidden(&client);
    assert_hidden(client.workspace().secrets().list().header("x-api-key", KEY));
    assert_hidden(client.request(Method::GET, "/").header("x-api-key", KEY));
}

#[tokio::test]
async fn no_error_shows_the_key() {
    let broken = [
        Reply::json(401, "{}"),
        Reply::json(200, "{}"),
        Reply::raw(["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"]).closing(),
        Reply::raw(["no HTTP\r\n\r\n"]).closing(),
        Reply::nothing().closing(),
    ];
    for reply in broken {
        let server = Server::start([reply]).await;
        let client = Client::builder().api_key(KEY).base_url(server.url()).max_retries(0).build().expect("a client");
        let error = failure(&client).await;
        assert_hidden(&error);
        assert_hidden(error.response());
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            assert_hidden(error);
            assert!(!error.to_string().contains(KEY), "{error}");
            cause = error.source();
        }
        assert_eq!(server.request().headers("x-api-key"), [KEY]);
    }
}
