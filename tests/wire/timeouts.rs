//! Servers that take too long. Short times are given where they run out, long ones where they must not.

use std::time::Duration;

use vault::reqwest::Method;
use vault::{Client, ErrorKind};

use super::{builder, failure, list, secrets, within};
use crate::server::{Reply, Server};

const SHORT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn an_attempt_without_an_answer_ends_and_another_one_begins() {
    let server = Server::start([Reply::nothing().stalling(), secrets()]).await;
    let client = builder(&server).attempt_timeout(Duration::from_secs(1)).build().expect("a client");
    list(&client).await.expect("secrets");
    // Two, unless the machine was too busy for the second one.
    assert!(server.requests().len() >= 2);
}

#[tokio::test]
async fn attempts_that_all_get_no_answer_are_an_error() {
    let server = Server::start([Reply::nothing().stalling()]).await;
    let client = builder(&server).attempt_timeout(SHORT).max_retries(1).build().expect("a client");
    let error = failure(&client).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.response().is_none());
    assert!(error.is_retryable());
    assert!(error.to_string().contains("GET /v1/workspace/secrets"), "{error}");
}

#[tokio::test]
async fn the_time_of_the_whole_call_ends_it_without_another_attempt() {
    let server = Server::start([Reply::nothing().stalling()]).await;
    let client = builder(&server).timeout(SHORT).build().expect("a client");
    assert_eq!(failure(&client).await.kind(), ErrorKind::Timeout);
    assert!(server.requests().len() <= 1);
}

#[tokio::test]
async fn the_time_of_one_request_can_be_set() {
    let server = Server::start([Reply::nothing().stalling()]).await;
    let client = builder(&server).build().expect("a client");
    let request = client.workspace().secrets().list().timeout(SHORT);
    let error = within(request).await.expect_err("there is no answer");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(server.requests().len() <= 1);
}

#[tokio::test]
async fn a_body_that_stops_coming_is_a_timeout() {
    let part = Reply::raw(["HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"secrets\": ["]).stalling();
    let server = Server::start([part]).await;
    let client = builder(&server).attempt_timeout(SHORT).max_retries(0).build().expect("a client");
    assert_eq!(failure(&client).await.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_in_time_sends_nothing_so_that_a_post_is_repeated() {
    // The server accepts connections, and waits for a request while the client waits for the server's part of TLS.
    let server = Server::start([secrets()]).await;
    let client = Client::builder().api_key("k").base_url(server.url().replace("http:", "https:"));
    let client = client.connect_timeout(Duration::from_millis(500)).max_retries(1).build().expect("a client");
    let error = within(client.request(Method::POST, "/").send()).await.expect_err("there is no connection");
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(server.connections(), 2);
}
