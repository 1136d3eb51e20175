//! The client that is configured by environment variables. A variable belongs to a whole process, so a process of its
//! own reads it: the example that comes with the client.

use std::process::{Output, Stdio};

use tokio::process::Command;

use super::{secrets, within};
use crate::server::{Reply, Server};

const KEY: &str = "VAULT_API_KEY";
const BASE_URL: &str = "VAULT_BASE_URL";

/// Runs the example with these variables, and without the variables of the tests' own environment.
async fn example(variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_list_secrets"));
    command.env_remove(KEY).env_remove(BASE_URL).envs(variables.iter().copied());
    command.stdin(Stdio::null()).kill_on_drop(true);
    within(command.output()).await.expect("the example starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn the_example_prints_the_secrets_of_the_server_in_the_environment() {
    let server = Server::start([secrets()]).await;
    let output = example(&[(KEY, "key-of-the-environment"), (BASE_URL, &server.url())]).await;
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    assert!(stdout.contains(r#"secret_id: "s1""#) && stdout.contains(r#"name: "n1""#), "{stdout}");
    let request = server.request();
    assert_eq!(request.line(), "GET /v1/workspace/secrets HTTP/1.1");
    assert_eq!(request.headers("x-api-key"), ["key-of-the-environment"]);
}

#[tokio::test]
async fn a_missing_or_empty_key_is_an_error_that_names_the_variable() {
    let server = Server::start([secrets()]).await;
    let url = server.url();
    for variables in [vec![(BASE_URL, url.as_str())], vec![(KEY, ""), (BASE_URL, &url)], vec![(KEY, " \t")]] {
        let output = example(&variables).await;
        let stderr = text(&output.stderr);
        assert!(!output.status.success(), "{variables:?}");
        assert!(stderr.contains("Config") && stderr.contains(KEY), "{variables:?}: {stderr}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_base_url_in_the_environment_that_is_none_is_an_error() {
    let output = example(&[(KEY, "k"), (BASE_URL, "example.com")]).await;
    let stderr = text(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("Config") && stderr.contains("example.com"), "{stderr}");
}

#[tokio::test]
async fn the_example_says_what_the_server_refused_and_not_the_key() {
    let server = Server::start([Reply::json(401, r#"{"detail": "no such key"}"#)]).await;
    let output = example(&[(KEY, "key-of-the-environment"), (BASE_URL, &server.url())]).await;
    let stderr = text(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("401") && stderr.contains("no such key"), "{stderr}");
    assert!(!stderr.contains("key-of-the-environment"), "{stderr}");
}
