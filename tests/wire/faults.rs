//! Servers and networks that fail in the middle: what the error is, what is asked for again, and what memory it costs.

use std::time::Duration;

use vault::reqwest::Method;
use vault::{ErrorKind, RawResponse};

use super::{SECRETS, builder, client, failure, list, secrets, within};
use crate::server::{Reply, Server};

const GIGABYTE: u64 = 1 << 30;

#[tokio::test]
async fn a_gigabyte_is_not_read_into_memory() {
    const LIMIT: usize = 4 << 20;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {GIGABYTE}\r\n\r\n");
    let endless = "HTTP/1.1 500 Oh\r\n\r\n".to_owned();
    for head in [head, endless] {
        let server = Server::start([Reply::raw([head]).flooding(GIGABYTE)]).await;
        let client = builder(&server).max_response_bytes(LIMIT).build().expect("a client");
        let error = failure(&client).await;
        assert_eq!(error.kind(), ErrorKind::Body, "{error}");
        assert!(error.to_string().contains("4194304 bytes"), "{error}");
        assert!(error.body().is_some_and(|body| body.len() <= LIMIT));
        assert_eq!(server.requests().len(), 1, "what is too large once is so again");
        // The rest is what the buffers of sockets take.
        assert!(server.flooded() < GIGABYTE / 4, "{}", server.flooded());
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_it_was_idle_is_not_used_again() {
    let server = Server::start([secrets().closing(), secrets().closing(), Reply::json(200, "{}").closing()]).await;
    let client = client(&server);
    for _ in 0..2 {
        list(&client).await.expect("secrets");
        // The client is told of the end meanwhile.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Nor for what must not be sent twice.
    within(client.request(Method::POST, "/v1/x")).await.expect("a response");
    assert_eq!((server.requests().len(), server.connections()), (3, 3));
}

#[tokio::test]
async fn an_answer_that_stops_in_its_head_is_a_timeout() {
    let server = Server::start([Reply::raw(["HTTP/1.1 200 OK\r\ncontent-le"]).stalling()]).await;
    let client = builder(&server).attempt_timeout(Duration::from_millis(100)).max_retries(1).build();
    let error = failure(&client.expect("a client")).await;
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.response().is_none());
    assert!(server.requests().len() <= 2);
}

#[tokio::test]
async fn an_answer_that_ends_in_its_head_is_asked_for_again() {
    let server = Server::start([Reply::raw(["HTTP/1.1 200 OK\r\ncontent-le"]).closing(), secrets()]).await;
    list(&client(&server)).await.expect("secrets");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_reset_before_the_answer_is_asked_for_again_where_it_may_be() {
    let server = Server::start([Reply::nothing().resetting(), secrets()]).await;
    list(&client(&server)).await.expect("secrets");
    assert_eq!(server.requests().len(), 2);

    let server = Server::start([Reply::nothing().resetting(), secrets()]).await;
    let post = client(&server).request(Method::POST, "/v1/x");
    let error = within(post).await.expect_err("the server may have done it");
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_reset_in_the_body_is_an_error_and_is_not_asked_for_again() {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{{\"secr", SECRETS.len());
    // The pause lets the head arrive: a reset overtakes what is not read yet.
    let server = Server::start([Reply::raw([head]).pausing().resetting(), secrets()]).await;
    let error = failure(&client(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Body, "{error}");
    assert_eq!(error.response().map(RawResponse::body), Some(b"{\"secr".as_slice()));
    assert_eq!(server.requests().len(), 1);
}
