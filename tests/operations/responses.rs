//! Responses by status and media type, and the bodies of errors.

use responses_several::reqwest::StatusCode;
use responses_several::services::reports::{SalesCsvOutcome, SalesVndWidgetsV2Outcome};
use responses_several::services::widgets::CreateOutcome;
use responses_several::types::{Missing, Problem, WidgetsReport409VndSoldError};
use responses_several::{Client, ErrorKind};

use crate::server::{Reply, Server};

async fn answering(reply: Reply) -> (Server, Client) {
    let server = Server::start([reply]).await;
    let client = Client::builder().base_url(server.url()).max_retries(0).build().expect("a client");
    (server, client)
}

#[tokio::test]
async fn the_status_decides_what_a_success_is() {
    let outcome = async |reply| {
        let (_server, client) = answering(reply).await;
        client.widgets().create().await.expect("a success")
    };
    let CreateOutcome::Ok(widget) = outcome(Reply::json(200, r#"{"name": "w"}"#)).await else { panic!("no widget") };
    assert_eq!(widget.name, "w");
    let CreateOutcome::Accepted(job) = outcome(Reply::json(202, r#"{"job": 7}"#)).await else { panic!("no job") };
    assert_eq!(job.job, 7);
    assert!(matches!(outcome(Reply::new(204, &[], "")).await, CreateOutcome::NoContent));
    let CreateOutcome::Success(receipt) = outcome(Reply::new(250, &[], "r")).await else { panic!("no receipt") };
    assert_eq!(receipt, "r");
}

#[tokio::test]
async fn the_status_decides_what_the_body_of_an_error_is() {
    let error = async |status, body: &str| {
        let (_server, client) = answering(Reply::json(status, body)).await;
        client.widgets().create().await.expect_err("an error")
    };
    // The body of the one would be one of the other, too.
    let both = r#"{"shop": "s", "title": "t"}"#;
    let missing = error(404, both).await;
    assert_eq!(missing.body_as::<Missing>().expect("a body").shop, "s");
    assert!(missing.body_as::<Problem>().is_none());
    assert_eq!(missing.body(), Some(both.as_bytes()));
    for status in [422, 500] {
        let problem = error(status, both).await;
        assert_eq!(problem.body_as::<Problem>().expect("a body").title.as_deref(), Some("t"), "{status}");
        assert!(problem.body_as::<Missing>().is_none());
    }
    let wrong = error(404, r#"{"shop": 1}"#).await;
    assert_eq!(wrong.kind(), ErrorKind::Status);
    assert_eq!(wrong.status_code(), Some(StatusCode::NOT_FOUND));
    assert!(wrong.body_as::<Missing>().is_none());
    assert_eq!(wrong.decode_error().expect("a decode error").path(), "shop");
}

#[tokio::test]
async fn the_media_type_decides_what_the_body_of_an_error_is() {
    let error = async |media_type: &str| {
        let both = r#"{"shop": "s", "title": "t", "sold": true}"#;
        let (_server, client) = answering(Reply::new(409, &[("content-type", media_type)], both)).await;
        client.widgets().report().await.expect_err("an error")
    };
    for media_type in ["application/json", "application/vnd.missing+json", "application/other+json"] {
        let missing = error(media_type).await;
        assert_eq!(missing.body_as::<Missing>().expect("a body").shop, "s", "{media_type}");
        assert!(missing.body_as::<Problem>().is_none());
    }
    let problem = error("Application/Problem+JSON; charset=utf-8").await;
    assert_eq!(problem.body_as::<Problem>().expect("a body").title.as_deref(), Some("t"));
    assert!(problem.body_as::<Missing>().is_none());
    let sold = error("application/vnd.sold+json").await;
    assert_eq!(sold.body_as::<WidgetsReport409VndSoldError>().expect("a body").sold, Some(true));
}

#[tokio::test]
async fn a_success_without_a_body_is_none_where_that_is_one() {
    let (_server, client) = answering(Reply::new(204, &[], "")).await;
    assert!(client.widgets().find().await.expect("a success").is_none());
    let (server, client) = answering(Reply::json(200, r#"{"name": "w"}"#)).await;
    assert_eq!(client.widgets().find().await.expect("a success").expect("a widget").name, "w");
    assert_eq!(server.request().headers("accept"), ["application/json"]);
}

#[tokio::test]
async fn a_status_that_is_described_without_a_body_has_none() {
    for (reply, expected) in [
        (Reply::new(200, &[("content-type", "text/plain")], "ok"), None),
        (Reply::json(200, r#"{"job": 1}"#), None),
        (Reply::json(202, r#"{"job": 2}"#), Some(2)),
        (Reply::new(204, &[], ""), None),
    ] {
        let (_server, client) = answering(reply).await;
        let job = client.widgets().repair().await.expect("a success");
        assert_eq!(job.map(|job| job.job), expected);
    }
    for (reply, expected) in [
        (Reply::json(201, r#"{"message": "made"}"#), None),
        (Reply::json(202, r#"{"job": 2}"#), Some(2)),
        (Reply::new(203, &[], "done"), None),
    ] {
        let (_server, client) = answering(reply).await;
        let job = client.widgets().plan().await.expect("a success");
        assert_eq!(job.map(|job| job.job), expected);
    }
    let (_server, client) = answering(Reply::json(202, r#"{"message": "accepted"}"#)).await;
    assert_eq!(client.widgets().repair().await.expect_err("no job").kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn texts_are_read_in_their_encoding() {
    let latin = Reply::new(200, &[("content-type", "text/csv; charset=ISO-8859-1")], b"\xe9");
    let (server, client) = answering(latin).await;
    assert_eq!(client.widgets().report().await.expect("a text"), "é");
    assert_eq!(server.request().headers("accept"), ["text/csv"]);
    let (_server, client) = answering(Reply::new(200, &[("content-type", "text/csv")], b"\xff")).await;
    let error = client.widgets().report().await.expect_err("no UTF-8");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.body(), Some(b"\xff".as_slice()));
    let utf16 = Reply::new(
        200,
        &[("content-type", "application/json; charset=\"utf-16le\"")],
        b"{\0\"\0n\0a\0m\0e\0\"\0:\0\"\0w\0\"\0}\0",
    );
    let (_server, client) = answering(utf16).await;
    assert_eq!(client.widgets().any().await.expect("a widget").name, "w");
}

#[tokio::test]
async fn bytes_come_as_a_whole_or_piece_by_piece() {
    let (_server, client) = answering(Reply::new(200, &[("content-type", "image/png")], [0, 255])).await;
    assert_eq!(client.widgets().picture().await.expect("bytes"), [0, 255]);

    let (_server, client) = answering(Reply::chunked("image/png", [[1, 2].as_slice(), &[3]])).await;
    let mut stream = client.widgets().picture().stream().await.expect("a stream");
    assert_eq!(stream.head().status(), StatusCode::OK);
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.expect("a piece"));
    }
    assert_eq!(bytes, [1, 2, 3]);

    let server = Server::start([Reply::new(200, &[], vec![0; 1000])]).await;
    let small = Client::builder().base_url(server.url()).max_response_bytes(999).build().expect("a client");
    assert_eq!(small.widgets().picture().await.expect_err("too much").kind(), ErrorKind::Body);
    // What is not kept in memory has no limit.
    assert!(small.widgets().picture().stream().await.is_ok());
}

#[tokio::test]
async fn what_is_binary_is_bytes_whatever_its_media_type() {
    let (server, client) = answering(Reply::new(200, &[("content-type", "text/csv")], b"\xff")).await;
    assert_eq!(client.widgets().export().await.expect("bytes"), b"\xff");
    assert_eq!(server.request().headers("accept"), ["text/csv"]);
    let (server, client) = answering(Reply::new(200, &[("content-type", "application/pdf")], b"%PDF")).await;
    assert_eq!(client.widgets().download().await.expect("bytes"), b"%PDF");
    assert_eq!(server.request().headers("accept"), ["*/*"]);
}

#[tokio::test]
async fn a_string_in_json_can_come_as_a_text() {
    let plain = |media_type: &str, body: &str| Reply::new(200, &[("content-type", media_type)], body);
    for (reply, expected) in [
        (Reply::json(200, r#""Hello""#), "Hello"),
        (plain("text/html; charset=utf-8", "Hello World!"), "Hello World!"),
        // Servers that do not know what they send.
        (plain("Text/Plain", "\"quoted\""), "quoted"),
        (plain("text/plain", "\"quoted\" words"), "\"quoted\" words"),
        (plain("text/json", r#""Hello""#), "Hello"),
    ] {
        let (_server, client) = answering(reply).await;
        assert_eq!(client.widgets().greet().await.expect("a string"), expected);
    }
    let (_server, client) = answering(Reply::json(200, "Hello")).await;
    assert_eq!(client.widgets().greet().await.expect_err("no JSON").kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_string_that_need_not_be_there_can_come_as_a_text() {
    for (reply, expected) in [
        (Reply::new(200, &[("content-type", "text/plain")], "Hello"), Some("Hello")),
        (Reply::json(200, r#""Hello""#), Some("Hello")),
        (Reply::new(204, &[], ""), None),
    ] {
        let (_server, client) = answering(reply).await;
        assert_eq!(client.widgets().motto().await.expect("a success").as_deref(), expected);
    }
    for (reply, expected) in [
        (Reply::new(200, &[("content-type", "text/plain")], "Bye"), Some("Bye")),
        (Reply::json(200, r#""Bye""#), Some("Bye")),
        (Reply::json(200, "null"), None),
    ] {
        let (_server, client) = answering(reply).await;
        assert_eq!(client.widgets().part().await.expect("a success").as_deref(), expected);
    }
}

#[tokio::test]
async fn each_kind_of_answer_is_asked_for_by_a_method() {
    let (server, client) = answering(Reply::new(200, &[("content-type", "text/csv")], "a,b")).await;
    let SalesCsvOutcome::Ok(table) = client.reports().sales_csv2().await.expect("a success") else {
        panic!("no table")
    };
    assert_eq!(table, "a,b");
    assert_eq!(server.request().headers("accept"), ["text/csv, application/json;q=0.5"]);
    let (server, client) = answering(Reply::json(200, r#"{"pages": 2}"#)).await;
    let outcome = client.reports().sales_vnd_widgets_v2().await.expect("a success");
    let SalesVndWidgetsV2Outcome::Ok(sales) = outcome else { panic!("no sales") };
    assert_eq!(sales.pages, Some(2));
    assert_eq!(server.request().headers("accept"), ["application/vnd.widgets.v2+json, application/json;q=0.5"]);
}

#[tokio::test]
async fn a_request_with_a_key_is_repeated_with_the_same_key() {
    let again = Reply::new(503, &[("retry-after-ms", "1")], "");
    let server = Server::start([again.clone(), Reply::new(204, &[], ""), again, Reply::new(204, &[], "")]).await;
    let client = Client::builder().base_url(server.url()).build().expect("a client");
    client.widgets().create().await.expect("a success");
    client.widgets().create().idempotency_key("mine").await.expect("a success");
    let requests = server.requests();
    let keys: Vec<_> = requests.iter().map(|request| request.header("idempotency-key").expect("a key")).collect();
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[0], keys[2]);
    assert_eq!(keys[2..], ["mine", "mine"]);
}

#[tokio::test]
async fn a_request_that_must_have_a_key_is_repeated_with_it() {
    let server = Server::start([Reply::new(503, &[("retry-after-ms", "1")], ""), Reply::new(204, &[], "")]).await;
    let client = Client::builder().base_url(server.url()).build().expect("a client");
    client.widgets().start("mine").await.expect("a success");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.headers("idempotency-key") == ["mine"]));
}

#[tokio::test]
async fn a_plain_text_that_is_a_number_is_read_as_one() {
    let server = Server::start([Reply::new(200, &[("content-type", "text/plain")], "42\n")]).await;
    let client = Client::builder().base_url(server.url()).build().expect("a client");
    assert_eq!(client.widgets().count().await.expect("a number"), 42);
    assert_eq!(server.request().headers("accept"), ["text/plain"]);
}

#[tokio::test]
async fn headers_have_the_types_of_the_document() {
    use responses_headers::headers::{X_KEPT_UNTIL, X_KINDS, X_PAGE, X_TOTAL};
    use responses_headers::types::Kind;

    let headers = [("x-total", "12"), ("x-kinds", "round, new"), ("X-Kept-Until", "2026-01-31T12:00:00Z")];
    let server = Server::start([Reply::new(200, &headers, "[]"), Reply::new(429, &[("x-total", "many")], "")]).await;
    let client = responses_headers::Client::builder().base_url(server.url()).max_retries(0).build().expect("a client");
    let response = client.widgets().list().with_response().await.expect("a response");
    assert_eq!(response.header(X_TOTAL), Ok(Some(12)));
    assert_eq!(response.header(X_KINDS), Ok(Some(vec![Kind::Round, Kind::Other("new".to_owned())])));
    assert_eq!(response.header(X_KEPT_UNTIL).expect("a date").expect("a header").as_str(), "2026-01-31T12:00:00Z");
    assert_eq!(response.header(X_PAGE), Ok(None));
    let error = client.widgets().list().await.expect_err("too many");
    let total = error.response().expect("a response").header(X_TOTAL).expect_err("no number");
    assert_eq!(total.to_string(), "`many` is not what `x-total` can be");
}

#[test]
fn what_the_api_sends_by_itself_is_read() {
    assert_eq!(webhooks_and_callbacks::webhooks::widget_created(br#"{"id": "a"}"#).expect("a widget").id, "a");
    assert_eq!(webhooks_and_callbacks::webhooks::watch_gone(br#"["a"]"#), Ok(vec!["a".to_owned()]));
    let error = webhooks_and_callbacks::webhooks::widget_sold(br#"{"price": "high"}"#).expect_err("no number");
    assert_eq!(error.path(), "price");
}
