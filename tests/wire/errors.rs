//! What a call says when the answer is not the result, and what it keeps of the answer.

use vault::reqwest::StatusCode;
use vault::{Client, Error, ErrorKind};

use super::{SECRETS, builder, client, failure, list, secrets};
use crate::server::{Reply, Server, refusing};

/// The error of a call that gets this answer.
async fn error_of(reply: Reply) -> Error {
    let server = Server::start([reply]).await;
    failure(&builder(&server).max_retries(0).build().expect("a client")).await
}

#[tokio::test]
async fn an_error_status_keeps_status_headers_body_and_request_id() {
    let unauthorized = r#"{"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}"#;
    let unprocessable = r#"{"detail": [{"loc": ["header", "x-api-key"], "msg": "Field required", "type": "missing"}]}"#;
    let html = "<html><body>Internal Server Error</body></html>";
    for (status, media_type, body, retryable) in [
        (401, "application/json", unauthorized, false),
        (422, "application/json", unprocessable, false),
        (500, "text/html", html, true),
    ] {
        let headers = [("content-type", media_type), ("x-request-id", "r-17"), ("x-other", "o")];
        let error = error_of(Reply::new(status, &headers, body)).await;
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status_code().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.headers().expect("headers")["x-other"], "o");
        assert_eq!(error.body(), Some(body.as_bytes()));
        assert_eq!(error.request_id(), Some("r-17"));
        assert_eq!(error.response().and_then(|response| response.media_type()), Some(media_type));
        assert_eq!(error.is_retryable(), retryable);
        assert!(error.decode_error().is_none());
        assert!(error.to_string().contains(&status.to_string()) && error.to_string().contains(body), "{error}");
    }
}

#[tokio::test]
async fn the_message_of_an_error_status_repeats_the_beginning_of_a_long_body() {
    let body = "é".repeat(100_000);
    let error = error_of(Reply::new(400, &[], &body)).await;
    assert!(error.to_string().len() < 1000, "{error}");
    assert_eq!(error.body(), Some(body.as_bytes()));
}

#[tokio::test]
async fn a_missing_property_is_named_with_its_path_and_the_response_is_kept() {
    let body = r#"{"secrets": [{"type": "stored", "secret_id": "s",
        "used_by": {"tools": [], "agents": [], "others": []}}]}"#;
    let error = error_of(Reply::new(200, &[("content-type", "application/json"), ("request-id", "r-18")], body)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    let decode = error.decode_error().expect("a decode error");
    assert_eq!(decode.path(), "secrets[0].name");
    assert!(decode.message().contains("missing"), "{decode}");
    assert!(error.to_string().contains("secrets[0].name"), "{error}");
    assert_eq!(error.status_code(), Some(StatusCode::OK));
    assert_eq!(error.headers().expect("headers")["content-type"], "application/json");
    assert_eq!(error.request_id(), Some("r-18"));
    assert_eq!(error.body(), Some(body.as_bytes()));
    let source = std::error::Error::source(&error).expect("a source");
    assert_eq!(source.to_string(), decode.to_string());
}

#[tokio::test]
async fn a_property_of_another_kind_is_named_with_its_path() {
    let tool = r#"{"type": "available", "id": "t", "name": "n", "created_at_unix_secs": "x", "access_level": "admin"}"#;
    let body = SECRETS.replace(r#""tools": []"#, &format!(r#""tools": [{{"type": "unknown"}}, {tool}]"#));
    let error = error_of(Reply::json(200, body)).await;
    let decode = error.decode_error().expect("a decode error");
    assert_eq!(decode.path(), "secrets[0].used_by.tools[1].created_at_unix_secs");
    assert!(decode.message().contains("a string"), "{decode}");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_a_decode_error_that_keeps_it() {
    let truncated = &SECRETS.as_bytes()[..SECRETS.len() / 2];
    let deep = "[".repeat(100_000);
    let bodies: [(u16, &str, &[u8]); 6] = [
        (200, "application/json", truncated),
        (200, "text/html; charset=utf-8", b"<!doctype html><title>Sign in</title>"),
        (200, "application/json", b"{\"secrets\": [], \"a\": \"\xff\xfe\"}"),
        (200, "application/json", b""),
        (200, "application/json", deep.as_bytes()),
        (204, "application/json", b""),
    ];
    for (status, media_type, body) in bodies {
        let error = error_of(Reply::new(status, &[("content-type", media_type)], body)).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.decode_error().is_some());
        assert_eq!(error.status_code().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.body(), Some(body));
        let media_type = media_type.split(';').next().unwrap_or_default();
        assert!(error.to_string().contains(media_type), "{error}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn json_without_a_media_type_or_with_a_wrong_one_is_read() {
    for headers in [&[][..], &[("content-type", "text/plain")]] {
        let server = Server::start([Reply::new(200, headers, SECRETS)]).await;
        list(&client(&server)).await.expect("secrets");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error_with_what_came_of_it() {
    let cut = format!("HTTP/1.1 200 OK\r\nx-request-id: r-19\r\ncontent-length: {}\r\n\r\n{{\"secr", SECRETS.len());
    let chunked = "HTTP/1.1 200 OK\r\nx-request-id: r-19\r\ntransfer-encoding: chunked\r\n\r\n6\r\n{\"secr\r\n";
    for reply in [cut.as_str(), chunked] {
        let error = error_of(Reply::raw([reply]).closing()).await;
        assert_eq!(error.kind(), ErrorKind::Body, "{error}");
        assert_eq!(error.status_code(), Some(StatusCode::OK));
        assert_eq!(error.request_id(), Some("r-19"));
        assert_eq!(error.body(), Some(&b"{\"secr"[..]));
        assert!(error.to_string().contains("6 bytes"), "{error}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn a_body_larger_than_allowed_is_an_error() {
    let chunked = Reply::chunked("application/json", SECRETS.as_bytes().chunks(10));
    for reply in [secrets(), Reply::json(400, SECRETS), chunked] {
        let server = Server::start([reply]).await;
        let bounded = |bytes| builder(&server).max_response_bytes(bytes).max_retries(0).build().expect("a client");
        let error = failure(&bounded(SECRETS.len() - 1)).await;
        assert_eq!(error.kind(), ErrorKind::Body, "{error}");
        assert!(error.status_code().is_some());
        assert!(error.body().is_some_and(|body| body.len() < SECRETS.len()));
    }
}

#[tokio::test]
async fn a_body_just_as_large_as_allowed_is_read() {
    for reply in [secrets(), Reply::chunked("application/json", SECRETS.as_bytes().chunks(10))] {
        let server = Server::start([reply]).await;
        let client = builder(&server).max_response_bytes(SECRETS.len()).build().expect("a client");
        list(&client).await.expect("secrets");
    }
}

#[tokio::test]
async fn a_refused_connection_is_an_error_without_a_response() {
    let (_taken, address) = refusing();
    let client = Client::builder().api_key("k").base_url(format!("http://{address}")).max_retries(0);
    let error = failure(&client.build().expect("a client")).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.response().is_none() && error.status_code().is_none() && error.body().is_none());
    assert!(error.is_retryable());
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_an_error() {
    let error = error_of(Reply::raw(["220 mail.example.com ESMTP\r\n\r\n"]).closing()).await;
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert!(error.response().is_none());
}
