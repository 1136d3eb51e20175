//! When a request is repeated, how often, and after how long.

use std::time::{Duration, Instant};

use serde_json::json;
use vault::ErrorKind;
use vault::reqwest::{Method, StatusCode};

use super::{builder, client, failure, list, secrets, within};
use crate::server::{Reply, Server};

/// A response that asks for another attempt at once, so that no test waits for what it is not about.
fn again(status: u16) -> Reply {
    asking(status, "0")
}

/// A response that asks for another attempt later.
fn asking(status: u16, retry_after: &str) -> Reply {
    Reply::new(status, &[("retry-after", retry_after)], "")
}

#[tokio::test]
async fn a_failed_request_is_repeated_until_it_succeeds() {
    let server = Server::start([again(503), again(503), secrets()]).await;
    list(&client(&server)).await.expect("secrets");
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| request.head() == requests[0].head()), "{requests:#?}");
}

#[tokio::test]
async fn a_request_is_repeated_twice_and_then_the_last_error_is_the_result() {
    let server = Server::start([again(503), again(502), again(500)]).await;
    let error = failure(&client(&server)).await;
    assert_eq!(error.status_code(), Some(StatusCode::INTERNAL_SERVER_ERROR));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn the_number_of_repetitions_can_be_set_for_a_client_and_for_a_request() {
    let server = Server::start([again(500)]).await;
    let client = builder(&server).max_retries(0).build().expect("a client");
    failure(&client).await;
    assert_eq!(server.requests().len(), 1);
    let request = client.workspace().secrets().list().max_retries(4);
    within(request).await.expect_err("the status is no success");
    assert_eq!(server.requests().len(), 1 + 5);
}

#[tokio::test]
async fn the_statuses_that_pass_are_repeated_and_no_others() {
    for status in [408, 429, 500, 502, 503, 504, 529] {
        let server = Server::start([again(status), secrets()]).await;
        list(&client(&server)).await.expect("secrets");
        assert_eq!(server.requests().len(), 2, "{status}");
    }
    for status in [400, 401, 403, 404, 409, 422] {
        let server = Server::start([again(status), secrets()]).await;
        let error = failure(&client(&server)).await;
        assert!(!error.is_retryable(), "{status}");
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn seconds_in_retry_after_are_waited_for() {
    let server = Server::start([asking(429, "1"), secrets()]).await;
    let start = Instant::now();
    list(&client(&server)).await.expect("secrets");
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_date_in_retry_after_that_is_over_is_not_waited_for() {
    let server = Server::start([asking(429, "Wed, 21 Oct 2015 07:28:00 GMT"), secrets()]).await;
    list(&client(&server)).await.expect("secrets");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_long_pause_in_retry_after_is_left_to_the_caller() {
    for retry_after in ["3600", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let server = Server::start([asking(429, retry_after), secrets()]).await;
        let error = failure(&client(&server)).await;
        assert_eq!(error.status_code(), Some(StatusCode::TOO_MANY_REQUESTS));
        assert!(error.retry_after().is_some_and(|pause| pause >= Duration::from_secs(3600)), "{error:?}");
        assert!(error.is_retryable());
        assert_eq!(server.requests().len(), 1, "{retry_after}");
    }
}

#[tokio::test]
async fn a_pause_that_the_time_of_the_call_does_not_allow_is_not_begun() {
    let server = Server::start([asking(503, "50"), secrets()]).await;
    let client = builder(&server).timeout(Duration::from_secs(40)).build().expect("a client");
    let start = Instant::now();
    let error = failure(&client).await;
    assert_eq!(error.status_code(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert!(start.elapsed() < Duration::from_secs(40));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_retry_after_that_says_nothing_leaves_the_usual_pause() {
    for retry_after in ["soon", "-1", ""] {
        let server = Server::start([asking(503, retry_after), secrets()]).await;
        list(&client(&server)).await.expect("secrets");
        assert_eq!(server.requests().len(), 2, "{retry_after}");
    }
}

#[tokio::test]
async fn what_is_not_idempotent_is_not_repeated_once_it_was_sent() {
    for method in [Method::POST, Method::PATCH] {
        for reply in [again(503), again(429), Reply::nothing().closing()] {
            let server = Server::start([reply, secrets()]).await;
            let request = client(&server).request(method.clone(), "/v1/x").json(&json!({"a": 1}));
            within(request.send()).await.expect_err("the first answer is no success");
            assert_eq!(server.requests().len(), 1, "{method}");
        }
    }
}

#[tokio::test]
async fn what_is_idempotent_is_repeated_with_its_body() {
    for method in [Method::PUT, Method::DELETE] {
        let server = Server::start([again(503), secrets()]).await;
        let request = client(&server).request(method.clone(), "/v1/x").json(&json!({"a": 1}));
        within(request.send()).await.expect("a response");
        let requests = server.requests();
        assert_eq!(requests.len(), 2, "{method}");
        assert_eq!(requests[1].head(), requests[0].head());
        assert_eq!(requests[1].body(), br#"{"a":1}"#);
    }
}

#[tokio::test]
async fn a_connection_that_closes_before_the_response_is_tried_again() {
    let server = Server::start([Reply::nothing().closing(), secrets()]).await;
    list(&client(&server)).await.expect("secrets");
    assert_eq!(server.requests().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_that_always_closes_before_the_response_is_an_error() {
    let server = Server::start([Reply::nothing().closing()]).await;
    let client = builder(&server).max_retries(1).build().expect("a client");
    let error = failure(&client).await;
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.response().is_none());
    assert!(error.is_retryable());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_response_that_cannot_be_decoded_is_not_asked_for_again() {
    let server = Server::start([Reply::json(200, "{}"), secrets()]).await;
    assert_eq!(failure(&client(&server)).await.kind(), ErrorKind::Decode);
    assert_eq!(server.requests().len(), 1);
}
