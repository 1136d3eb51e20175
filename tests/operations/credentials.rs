//! Credentials by the alternatives of an operation, tokens that are renewed, and servers.

use auth_schemes_several::{Client, ClientBuilder, ErrorKind, HttpRequest, HttpResponse, Sending, Transport, types};
use server_several::servers;
use std::sync::{Arc, Mutex, PoisonError};

use crate::server::{Reply, Server};

async fn server() -> Server {
    Server::start([Reply::new(204, &[], "")]).await
}

/// What a call of each operation sends: the request line, and the header `authorization` and `x-key`.
async fn sent(server: &Server, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Vec<[Option<String>; 3]> {
    let client = configure(Client::builder().base_url(server.url())).build().expect("a client");
    client.widgets().list().await.expect("nothing");
    client.widgets().create().await.expect("nothing");
    client.widgets().status().await.expect("nothing");
    let header = |request: &crate::server::Request, name: &str| request.header(name).map(str::to_owned);
    let requests = server.requests();
    let rows = requests
        .iter()
        .map(|request| [Some(request.line().to_owned()), header(request, "authorization"), header(request, "x-key")]);
    rows.collect()
}

fn row(line: &str, authorization: Option<&str>, key: Option<&str>) -> [Option<String>; 3] {
    [Some(format!("{line} HTTP/1.1")), authorization.map(str::to_owned), key.map(str::to_owned)]
}

#[tokio::test]
async fn the_first_alternative_that_is_configured_as_a_whole_is_sent() {
    let all = sent(&server().await, |builder| builder.api_key("k").app_id("a b").token("t").login("u", "p")).await;
    let expected = [
        row("GET /widgets?app=a%20b", None, Some("k")),
        row("POST /widgets", Some("Basic dTpw"), None),
        row("GET /status", None, None),
    ];
    assert_eq!(all, expected);
    let half = sent(&server().await, |builder| builder.api_key("k").token("t")).await;
    let expected =
        [row("GET /widgets", Some("Bearer t"), None), row("POST /widgets", None, None), row("GET /status", None, None)];
    assert_eq!(half, expected);
    let none = sent(&server().await, |builder| builder).await;
    assert!(none.iter().all(|row| row[1..] == [None, None]), "{none:?}");
}

#[tokio::test]
async fn a_parameter_of_one_request_wins_over_the_key() {
    let server = server().await;
    let client = Client::builder().base_url(server.url()).api_key("k").app_id("a").build().expect("a client");
    client.widgets().list().query_parameter("app", "b").query_parameter("apps", "c").await.expect("nothing");
    assert_eq!(server.request().line(), "GET /widgets?app=b&apps=c HTTP/1.1");
}

/// Answers what would go to the server of the tokens, and keeps what it is asked.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<HttpRequest>>>);

impl Transport for Recorder {
    fn send(&self, request: HttpRequest) -> Sending<HttpResponse> {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = requests.iter().filter(|request| request.url.path() == "/token").count();
        let is_token = request.url.path() == "/token";
        // The first token is refused.
        let refused = request.headers.get("authorization").is_some_and(|value| value == "Bearer t1");
        requests.push(request);
        let (status, body) = match (is_token, refused) {
            (true, _) => (200, format!(r#"{{"access_token": "t{}", "expires_in": 3600}}"#, tokens + 1)),
            (false, true) => (401, String::new()),
            (false, false) => (204, String::new()),
        };
        let status = auth_schemes_several::reqwest::StatusCode::from_u16(status).expect("a status");
        Box::pin(async move { Ok(HttpResponse::new(status, Default::default(), body)) })
    }
}

#[tokio::test]
async fn tokens_are_fetched_once_and_again_when_they_are_refused() {
    let recorder = Recorder::default();
    let client = Client::builder().oauth_client("id", "s:1").transport(recorder.clone()).build().expect("a client");
    let error = client.widgets().create().await.expect_err("the first token is refused");
    assert_eq!(error.status_code().map(|status| status.as_u16()), Some(401));
    let widgets = client.widgets();
    let calls: Vec<_> = (0..5).map(|_| tokio::spawn(widgets.create().into_future())).collect();
    for call in calls {
        call.await.expect("the task ends").expect("nothing");
    }
    let requests = recorder.0.lock().unwrap_or_else(PoisonError::into_inner);
    let tokens: Vec<_> = requests.iter().filter(|request| request.url.path() == "/token").collect();
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[0].url.as_str(), "https://auth.example.com/token");
    assert_eq!(tokens[0].headers["authorization"], "Basic aWQ6cyUzQTE=");
    let form = tokens[0].body.as_ref().and_then(auth_schemes_several::Body::bytes).expect("a body");
    assert_eq!(form.as_ref(), b"grant_type=client_credentials&scope=read%20write");
    let used = requests.iter().filter(|request| request.headers["authorization"] == "Bearer t2").count();
    assert_eq!(used, 5);
}

/// Gives to each request for a token one of these answers, and to any other nothing.
#[derive(Clone)]
struct Tokens(Arc<Mutex<(Vec<HttpRequest>, Vec<(u16, &'static str)>)>>);

impl Tokens {
    fn new(answers: &[(u16, &'static str)]) -> Self {
        Self(Arc::new(Mutex::new((Vec::new(), answers.iter().rev().copied().collect()))))
    }

    fn client(&self, scopes: &[&str]) -> Client {
        let builder = Client::builder().oauth_client_with_scopes("id", "s", scopes);
        builder.transport(self.clone()).build().expect("a client")
    }

    /// The paths that were asked for.
    fn paths(&self) -> Vec<String> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0.iter().map(|request| request.url.path().to_owned()).collect()
    }
}

impl Transport for Tokens {
    fn send(&self, request: HttpRequest) -> Sending<HttpResponse> {
        let (requests, answers) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = if request.url.path() == "/token" { answers.pop() } else { None };
        requests.push(request);
        let (status, body) = answer.unwrap_or((204, ""));
        let status = auth_schemes_several::reqwest::StatusCode::from_u16(status).expect("a status");
        Box::pin(async move { Ok(HttpResponse::new(status, Default::default(), body)) })
    }
}

#[tokio::test]
async fn a_token_lasts_as_long_as_a_number_or_a_text_says() {
    for lifetime in [r#"{"access_token": "t", "expires_in": 1}"#, r#"{"access_token": "t", "expires_in": "1"}"#] {
        let tokens = Tokens::new(&[(200, lifetime), (200, lifetime)]);
        let widgets = tokens.client(&["write"]).widgets();
        widgets.create().await.expect("nothing");
        widgets.create().await.expect("nothing");
        assert_eq!(tokens.paths(), ["/token", "/widgets", "/token", "/widgets"]);
        let state = tokens.0.lock().unwrap_or_else(PoisonError::into_inner);
        let form = state.0[0].body.as_ref().and_then(auth_schemes_several::Body::bytes).expect("a body");
        assert_eq!(form.as_ref(), b"grant_type=client_credentials&scope=write");
    }
}

#[tokio::test]
async fn what_the_server_of_the_tokens_refuses_is_no_answer_of_the_operation() {
    let refusal = r#"{"error": "invalid_scope"}"#;
    let tokens = Tokens::new(&[(400, refusal)]);
    let error = tokens.client(&["all"]).widgets().create().await.expect_err("no token");
    assert_eq!((error.kind(), error.body()), (ErrorKind::Token, Some(refusal.as_bytes())));
    assert_eq!(error.to_string(), format!("the authorization server answered 400 Bad Request: {refusal}"));
    assert!(error.body_as::<types::Problem>().is_none());
    assert_eq!(tokens.paths(), ["/token"]);
    // Nothing was sent, so that also what changes something is tried again.
    let tokens = Tokens::new(&[(503, ""), (200, r#"{"access_token": "t"}"#)]);
    tokens.client(&["all"]).widgets().create().await.expect("nothing");
    assert_eq!(tokens.paths(), ["/token", "/token", "/widgets"]);
}

#[test]
fn no_credential_is_shown() {
    let builder = Client::builder().api_key("secret").login("secret", "secret").oauth_client("id", "secret");
    assert!(!format!("{builder:?}").contains("secret"), "{builder:?}");
}

#[tokio::test]
async fn servers_have_names_variables_and_operations_of_their_own() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let urls = Urls(Arc::clone(&seen));
    let call = async |builder: server_several::ClientBuilder| {
        let client = builder.transport(urls.clone()).build().expect("a client");
        client.widgets().files().await.expect("nothing");
        client.widgets().keep().await.expect("nothing");
    };
    call(server_several::Client::builder()).await;
    call(server_several::Client::builder().region("us")).await;
    call(server_several::Client::builder().base_url(servers::SANDBOX)).await;
    call(server_several::Client::builder().base_url(servers::BACKUP)).await;
    call(server_several::Client::builder().base_url(servers::TEST_EXAMPLE_COM)).await;
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(
        *seen,
        [
            "https://de.files.example.com/files",
            "https://eu.example.com/v2/files",
            "https://us.files.example.com/files",
            "https://us.example.com/v2/files",
            // What is set at run time counts for all.
            "https://sandbox.example.com/files",
            "https://sandbox.example.com/files",
            // A variable has the default of the server that it is in.
            "https://fr.backup.example.com/files",
            "https://fr.backup.example.com/files",
            "https://test.example.com/v1/files?tenant=7",
            "https://test.example.com/v1/files?tenant=7",
        ]
    );
}

#[derive(Clone)]
struct Urls(Arc<Mutex<Vec<String>>>);

impl server_several::Transport for Urls {
    fn send(&self, request: server_several::HttpRequest) -> server_several::Sending<server_several::HttpResponse> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(request.url.to_string());
        let status = server_several::reqwest::StatusCode::NO_CONTENT;
        Box::pin(async move { Ok(server_several::HttpResponse::new(status, Default::default(), "")) })
    }
}

#[tokio::test]
async fn a_server_beside_that_of_the_api_is_beside_the_one_that_is_set() {
    let server = Server::start([Reply::new(204, &[], "")]).await;
    for base in ["", "/v2", "/proxy/v2/", "/proxy"] {
        let url = format!("{}{base}", server.url());
        let client = server_several::Client::builder().base_url(url).build().expect("a client");
        client.widgets().upload().await.expect("nothing");
    }
    let lines: Vec<_> = server.requests().iter().map(|request| request.line().to_owned()).collect();
    let expected = ["/upload/v2/parts", "/upload/v2/parts", "/proxy/upload/v2/parts", "/proxy/upload/v2/parts"];
    assert_eq!(lines, expected.map(|path| format!("POST {path} HTTP/1.1")));
}
