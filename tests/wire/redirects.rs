//! Redirects: where they lead, what goes along, and where they end.

use serde_json::json;
use vault::reqwest::header::LOCATION;
use vault::reqwest::{Method, StatusCode};
use vault::{Client, ErrorKind};

use super::{builder, client, failure, list, secrets, within};
use crate::server::{Reply, Server, refusing};

#[tokio::test]
async fn a_redirect_on_the_same_server_keeps_key_and_headers() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start([Reply::redirect(status, "/elsewhere?a=1"), secrets()]).await;
        let client = builder(&server).header("x-custom", "c").build().expect("a client");
        list(&client).await.expect("secrets");
        let [first, second] = <[_; 2]>::try_from(server.requests()).expect("two requests");
        assert_eq!(first.line(), "GET /v1/workspace/secrets HTTP/1.1");
        assert_eq!(second.line(), "GET /elsewhere?a=1 HTTP/1.1");
        assert_eq!(second.headers("x-api-key"), ["k"]);
        assert_eq!(second.headers("x-custom"), ["c"]);
        assert_eq!(second.headers("accept"), ["application/json"]);
    }
}

#[tokio::test]
async fn a_redirect_to_another_origin_takes_neither_key_nor_custom_header_along() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::start([secrets()]).await;
        let server = Server::start([Reply::redirect(status, &format!("{}/there", other.url()))]).await;
        let client = builder(&server).header("x-custom", "c").header("authorization", "a").build().expect("a client");
        let request = client.workspace().secrets().list().header("cookie", "c").header("x-call", "1");
        within(request).await.expect("secrets");

        let request = other.request();
        assert_eq!(request.line(), "GET /there HTTP/1.1");
        let mut headers: Vec<&str> = request.head().lines().skip(1).filter(|line| !line.is_empty()).collect();
        headers.sort_unstable();
        let host = format!("host: {}", other.authority());
        assert_eq!(headers, ["accept: application/json", &host, "user-agent: vault/0.1.0"]);
        // The next call begins at the client's own server, with everything.
        list(&client).await.expect("secrets");
        assert_eq!(server.requests()[1].headers("x-api-key"), ["k"]);
    }
}

#[tokio::test]
async fn another_name_of_the_same_machine_is_another_origin() {
    let other = Server::start([secrets()]).await;
    let location = other.url().replace("127.0.0.1", "localhost");
    let server = Server::start([Reply::redirect(302, &location)]).await;
    list(&client(&server)).await.expect("secrets");
    assert_eq!(other.request().header("x-api-key"), None);
    assert_eq!(other.request().header("host"), location.strip_prefix("http://"));
}

#[tokio::test]
async fn a_key_does_not_come_back_when_the_redirects_do() {
    // Whoever was asked in between has chosen where this request goes, and with which path.
    let target = Server::start([secrets()]).await;
    let other = Server::start([Reply::redirect(302, &format!("{}/chosen", target.url()))]).await;
    let server = Server::start([Reply::redirect(302, &other.url())]).await;
    list(&client(&server)).await.expect("secrets");
    assert_eq!(target.request().line(), "GET /chosen HTTP/1.1");
    assert_eq!(target.request().header("x-api-key"), None);
}

#[tokio::test]
async fn a_post_becomes_a_get_without_body_where_the_status_says_so() {
    for status in [301, 302, 303] {
        let server = Server::start([Reply::redirect(status, "/result"), secrets()]).await;
        let post = client(&server).request(Method::POST, "/jobs").json(&json!({"a": 1}));
        within(post.send()).await.expect("a response");
        let [post, get] = <[_; 2]>::try_from(server.requests()).expect("two requests");
        assert_eq!(post.line(), "POST /jobs HTTP/1.1");
        assert_eq!(post.body(), br#"{"a":1}"#);
        assert_eq!(get.line(), "GET /result HTTP/1.1");
        assert_eq!((get.header("content-type"), get.header("content-length"), get.body()), (None, None, &b""[..]));
    }
}

#[tokio::test]
async fn method_and_body_stay_where_the_status_says_so() {
    for status in [307, 308] {
        let server = Server::start([Reply::redirect(status, "/there"), secrets()]).await;
        let post = client(&server).request(Method::POST, "/here").json(&json!({"a": 1}));
        within(post.send()).await.expect("a response");
        let [_, second] = <[_; 2]>::try_from(server.requests()).expect("two requests");
        assert_eq!(second.line(), "POST /there HTTP/1.1");
        assert_eq!(second.headers("content-type"), ["application/json"]);
        assert_eq!(second.body(), br#"{"a":1}"#);
    }
}

#[tokio::test]
async fn a_post_whose_redirect_leads_to_a_dead_server_was_sent_and_is_not_repeated() {
    let (_taken, address) = refusing();
    let server = Server::start([Reply::redirect(303, &format!("http://{address}/result"))]).await;
    let post = client(&server).request(Method::POST, "/jobs").json(&json!({"a": 1}));
    let error = within(post.send()).await.expect_err("nothing listens there");
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_redirect_loop_ends_with_an_error_and_is_not_tried_again() {
    let server = Server::start([Reply::redirect(302, "/v1/workspace/secrets")]).await;
    let error = failure(&client(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.status_code(), Some(StatusCode::FOUND));
    assert!(error.headers().is_some_and(|headers| headers.contains_key(LOCATION)));
    assert!(error.to_string().contains("redirects"), "{error}");
    assert!(!error.is_retryable());
    // The request and the ten redirects that are followed.
    assert_eq!(server.requests().len(), 11);
}

#[tokio::test]
async fn a_redirect_that_leads_nowhere_is_the_response() {
    let to_a_file = Reply::redirect(302, "file:///etc/passwd");
    for reply in [to_a_file, Reply::new(302, &[], ""), Reply::new(304, &[], ""), Reply::redirect(300, "/there")] {
        let server = Server::start([reply]).await;
        let error = failure(&client(&server)).await;
        assert_eq!(error.kind(), ErrorKind::Status);
        assert!(error.status_code().is_some_and(|status| status.is_redirection()));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_redirect_is_followed_from_the_path_of_the_base_url() {
    let server = Server::start([Reply::redirect(307, "other"), secrets()]).await;
    let client = Client::builder().api_key("k").base_url(format!("{}/proxy/", server.url()));
    list(&client.build().expect("a client")).await.expect("secrets");
    assert_eq!(server.requests()[1].line(), "GET /proxy/v1/workspace/other HTTP/1.1");
}
