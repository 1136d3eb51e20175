//! How a client is configured, and what is said about a configuration that is none.

use vault::reqwest;
use vault::{Client, ErrorKind};

use super::{builder, failure, list, secrets};
use crate::server::Server;

#[tokio::test]
async fn a_base_url_may_have_a_path_and_may_end_with_a_slash() {
    let server = Server::start([secrets()]).await;
    for (base, line) in [
        ("", "GET /v1/workspace/secrets HTTP/1.1"),
        ("/", "GET /v1/workspace/secrets HTTP/1.1"),
        ("/proxy/eleven", "GET /proxy/eleven/v1/workspace/secrets HTTP/1.1"),
        ("/proxy/eleven/", "GET /proxy/eleven/v1/workspace/secrets HTTP/1.1"),
    ] {
        let base_url = format!("{}{base}", server.url());
        let client = Client::builder().api_key("k").base_url(&base_url).build().expect("a client");
        assert_eq!(client.base_url(), base_url);
        list(&client).await.expect("secrets");
        let requests = server.requests();
        assert_eq!(requests.last().map(|request| request.line()), Some(line), "{base_url}");
    }
}

#[test]
fn a_client_goes_to_the_server_of_the_document_unless_it_is_told_otherwise() {
    assert_eq!(Client::new("k").base_url(), "https://api.example.com");
    let client = Client::builder().api_key("k").build().expect("a client");
    assert_eq!(client.base_url(), "https://api.example.com");
}

#[test]
fn a_client_without_a_key_is_an_error() {
    let error = Client::builder().base_url("http://127.0.0.1:1").build().expect_err("no key");
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("api_key"), "{error}");
    assert!(error.to_string().contains("VAULT_API_KEY"), "{error}");
}

#[tokio::test]
async fn a_key_that_no_header_can_have_is_an_error_that_does_not_repeat_it() {
    let key = "secret\nx-other: 1";
    let built = Client::builder().api_key(key).build().expect_err("no header");
    // `new` cannot fail, so that the first request says it.
    let sent = failure(&Client::new(key)).await;
    for error in [built, sent] {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("x-api-key"), "{error}");
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("secret") && !shown.contains("x-other"), "{shown}");
    }
}

#[test]
fn a_base_url_that_is_none_is_an_error_that_repeats_it() {
    for base_url in ["", "api.example.com", "ftp://api.example.com", "http://"] {
        let error = Client::builder().api_key("k").base_url(base_url).build().expect_err("no base URL");
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(&format!("`{base_url}")), "{error}");
    }
}

#[test]
fn a_header_of_the_client_that_cannot_be_sent_is_an_error() {
    let error = Client::builder().api_key("k").header("no header", "v").build().expect_err("no header");
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("no header"), "{error}");
}

#[tokio::test]
async fn the_last_key_counts() {
    let server = Server::start([secrets()]).await;
    let client = builder(&server).api_key("second").build().expect("a client");
    list(&client).await.expect("secrets");
    assert_eq!(server.request().headers("x-api-key"), ["second"]);
}

#[tokio::test]
async fn requests_can_go_through_a_client_of_the_callers_own() {
    let server = Server::start([secrets()]).await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.default_headers(
        [(reqwest::header::VIA, reqwest::header::HeaderValue::from_static("own"))].into_iter().collect(),
    );
    let client = builder(&server).http_client(http.build().expect("an HTTP client")).build().expect("a client");
    list(&client).await.expect("secrets");
    assert_eq!(server.request().headers("via"), ["own"]);
    assert_eq!(server.request().headers("x-api-key"), ["k"]);
}
