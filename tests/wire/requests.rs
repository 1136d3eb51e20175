//! What a call sends, and the ways to send it.

use std::collections::HashSet;
use std::fmt::Debug;

use serde_json::json;
use tokio::task::JoinSet;
use vault::Client;
use vault::reqwest::{Method, StatusCode};

use super::{SECRETS, builder, client, list, secrets, within};
use crate::server::{Reply, Server};

#[tokio::test]
async fn the_shortest_program_works_as_it_stands() -> Result<(), vault::Error> {
    let server = Server::start([secrets()]).await;
    let url = server.url();
    let response = within(async {
        let client = vault::Client::builder().api_key("k").base_url(url).build()?;
        let secrets: vault::types::SecretList = client.workspace().secrets().list().await?;
        Ok::<_, vault::Error>(secrets)
    });
    let response = response.await?;
    assert_eq!(response.secrets.len(), 1);
    assert_eq!(response.secrets[0].secret_id, "s1");
    assert_eq!(response.secrets[0].name, "n1");
    Ok(())
}

#[tokio::test]
async fn a_call_is_one_request_with_key_accept_and_user_agent_and_no_body() {
    let server = Server::start([secrets()]).await;
    list(&client(&server)).await.expect("secrets");
    let request = server.request();
    assert_eq!(request.line(), "GET /v1/workspace/secrets HTTP/1.1");
    let mut headers: Vec<&str> = request.head().lines().skip(1).filter(|line| !line.is_empty()).collect();
    headers.sort_unstable();
    let host = format!("host: {}", server.authority());
    let user_agent = "user-agent: vault/0.1.0";
    assert_eq!(headers, ["accept: application/json", &host, user_agent, "x-api-key: k"]);
    assert!(request.body().is_empty());
}

#[tokio::test]
async fn send_and_await_are_the_same() {
    let server = Server::start([secrets()]).await;
    let secrets = client(&server).workspace().secrets();
    let sent = within(secrets.list().send()).await.expect("secrets");
    let awaited = within(secrets.list()).await.expect("secrets");
    assert_eq!(sent, awaited);
    let requests = server.requests();
    assert_eq!(requests[0].head(), requests[1].head());
}

#[tokio::test]
async fn one_request_can_have_headers_and_query_parameters_of_its_own() {
    let server = Server::start([secrets()]).await;
    let client = builder(&server).header("x-client", "c").header("x-both", "client").build().expect("a client");
    let secrets = client.workspace().secrets();
    let request = secrets.list().header("x-call", "1").header("x-both", "call").header("x-api-key", "other");
    within(request.query_parameter("a b", "c&d=é").query_parameter("page", 2)).await.expect("secrets");
    within(secrets.list()).await.expect("secrets");

    let [first, second] = <[_; 2]>::try_from(server.requests()).expect("two requests");
    assert_eq!(first.line(), "GET /v1/workspace/secrets?a%20b=c%26d%3D%C3%A9&page=2 HTTP/1.1");
    assert_eq!(first.headers("x-client"), ["c"]);
    assert_eq!(first.headers("x-call"), ["1"]);
    assert_eq!(first.headers("x-both"), ["call"]);
    assert_eq!(first.headers("x-api-key"), ["other"]);
    // Nothing of that stays with the client.
    assert_eq!(second.line(), "GET /v1/workspace/secrets HTTP/1.1");
    assert_eq!(second.header("x-call"), None);
    assert_eq!(second.headers("x-both"), ["client"]);
    assert_eq!(second.headers("x-api-key"), ["k"]);
}

#[tokio::test]
async fn a_header_of_one_request_that_cannot_be_sent_is_an_error_and_nothing_is_sent() {
    let server = Server::start([secrets()]).await;
    let client = client(&server);
    for (name, value) in [("no header", "v"), ("x-value", "a\r\nx-smuggled: 1")] {
        let request = client.workspace().secrets().list().header(name, value);
        let error = within(request).await.expect_err("no header");
        assert_eq!(error.kind(), vault::ErrorKind::Config);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_result_can_come_with_status_and_headers() {
    let headers = [("content-type", "application/json"), ("x-request-id", "r1"), ("x-rest", "7")];
    let server = Server::start([Reply::new(203, &headers, SECRETS)]).await;
    let response = within(client(&server).workspace().secrets().list().with_response()).await;
    let response = response.expect("a response");
    assert_eq!(response.status, StatusCode::NON_AUTHORITATIVE_INFORMATION);
    assert_eq!(response.headers["x-rest"], "7");
    assert_eq!(response.value.secrets[0].name, "n1");
}

#[tokio::test]
async fn a_raw_response_is_not_decoded() {
    let headers = [("content-type", "text/plain; charset=utf-8"), ("request-id", "r2")];
    let server = Server::start([Reply::new(200, &headers, b"no JSON \xff")]).await;
    let response = within(client(&server).workspace().secrets().list().with_raw_response()).await;
    let response = response.expect("a response");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.media_type(), Some("text/plain"));
    assert_eq!(response.request_id(), Some("r2"));
    assert_eq!(response.text(), "no JSON \u{fffd}");
    assert_eq!(response.body(), b"no JSON \xff");
    assert_eq!(response.into_body(), b"no JSON \xff");
}

#[tokio::test]
async fn a_custom_request_has_the_credentials_of_the_client_and_a_body_of_its_own() {
    let server = Server::start([Reply::json(201, r#"{"id": 7}"#)]).await;
    let client = client(&server);
    let body = json!({"name": "é", "value": [1, null]});
    let request = client.request(Method::POST, "/v1/workspace/secrets").json(&body).query_parameter("dry", true);
    let response = within(request.header("x-call", "1").send()).await.expect("a response");
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.body(), br#"{"id": 7}"#);

    let request = server.request();
    assert_eq!(request.line(), "POST /v1/workspace/secrets?dry=true HTTP/1.1");
    assert_eq!(request.headers("x-api-key"), ["k"]);
    assert_eq!(request.headers("content-type"), ["application/json"]);
    assert_eq!(request.headers("x-call"), ["1"]);
    assert_eq!(request.body(), r#"{"name":"é","value":[1,null]}"#.as_bytes());
}

#[tokio::test]
async fn a_custom_request_takes_a_path_with_or_without_slash_and_any_body() {
    let server = Server::start([secrets()]).await;
    let client = client(&server);
    let bytes = vec![0, 255, b'\r', b'\n'];
    let put = client.request(Method::PUT, "v1/files?x=1").body("application/octet-stream", bytes.clone());
    within(put.query_parameter("y", 2).send()).await.expect("a response");
    within(client.request(Method::DELETE, "/v1/files/1").send()).await.expect("a response");

    let [put, delete] = <[_; 2]>::try_from(server.requests()).expect("two requests");
    assert_eq!(put.line(), "PUT /v1/files?x=1&y=2 HTTP/1.1");
    assert_eq!(put.headers("content-type"), ["application/octet-stream"]);
    assert_eq!(put.body(), bytes);
    assert_eq!(delete.line(), "DELETE /v1/files/1 HTTP/1.1");
}

#[tokio::test]
async fn a_body_may_come_in_many_pieces() {
    // One byte each: characters, numbers and names are cut too.
    let server = Server::start([Reply::chunked("application/json", SECRETS.as_bytes().chunks(1))]).await;
    let response = list(&client(&server)).await.expect("secrets");
    assert_eq!(response.secrets[0].secret_id, "s1");
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::start([secrets()]).await;
    let client = client(&server);
    // Clones share the connections.
    list(&client).await.expect("secrets");
    list(&client.clone()).await.expect("secrets");
    assert_eq!(server.requests().len(), 2);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn futures_can_be_spawned() {
    let server = Server::start([secrets()]).await;
    let client = client(&server);
    let list = client.workspace().secrets().list();
    let awaited = tokio::spawn(list.clone().into_future());
    let with_response = tokio::spawn(list.clone().with_response());
    let raw = tokio::spawn(list.with_raw_response());
    let custom = tokio::spawn(client.request(Method::GET, "/").send());
    within(awaited).await.expect("the task ends").expect("secrets");
    within(with_response).await.expect("the task ends").expect("secrets");
    within(raw).await.expect("the task ends").expect("a response");
    within(custom).await.expect("the task ends").expect("a response");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_calls_at_once_through_one_client_all_succeed() {
    let server = Server::start([secrets()]).await;
    let client = client(&server);
    let mut calls = JoinSet::new();
    for call in 0..50 {
        let list = client.workspace().secrets().list().query_parameter("call", call);
        calls.spawn(list.into_future());
    }
    for result in within(calls.join_all()).await {
        assert_eq!(result.expect("secrets").secrets.len(), 1);
    }
    let lines: HashSet<String> = server.requests().iter().map(|request| request.line().to_owned()).collect();
    assert_eq!(lines.len(), 50);
}

#[test]
fn a_client_can_be_cloned_shared_and_shown() {
    fn check<T: Clone + Send + Sync + Debug + 'static>() {}
    fn check_error<T: std::error::Error + Send + Sync + 'static>() {}
    check::<Client>();
    check::<vault::ClientBuilder>();
    check::<vault::CustomRequest>();
    check::<vault::RawResponse>();
    check::<vault::types::SecretList>();
    check_error::<vault::Error>();
    check_error::<vault::DecodeError>();
}
