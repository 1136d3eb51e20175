//! Tests as users of a client write them: a transport that answers as it is told, and calls that wait.

use responses_several::testing::Mock;
use responses_several::types::{Missing, Widget};
use responses_several::{Client, ErrorKind};

fn client(mock: &Mock) -> Client {
    Client::builder().base_url("https://api.example.com/v1").transport(mock.clone()).build().expect("a client")
}

#[tokio::test]
async fn answers_are_given_once_and_in_their_order() {
    let mock = Mock::new();
    let widget: Widget = serde_json::from_str(r#"{"name": "w", "new": 1}"#).expect("a widget");
    mock.expect("GET", "/v1/widgets").json(&widget);
    mock.expect("GET", "/v1/widgets").status(204);
    mock.expect("POST", "/v1/widgets").status(404).header("x-request-id", "r").json(&serde_json::json!({"shop": "s"}));
    let widgets = client(&mock).widgets();
    assert_eq!(mock.unmet().len(), 3);
    assert_eq!(widgets.find().await.expect("a success"), Some(widget));
    assert_eq!(widgets.find().await.expect("a success"), None);
    let error = widgets.create().await.expect_err("an error");
    assert_eq!(error.request_id(), Some("r"));
    assert_eq!(error.body_as::<Missing>().expect("a body").shop, "s");
    assert!(mock.unmet().is_empty());
    let error = widgets.find().await.expect_err("nothing more is expected");
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Config, "`GET /v1/widgets` was not expected"));
    assert_eq!(mock.requests()[2].url.as_str(), "https://api.example.com/v1/widgets");
    assert!(mock.requests()[2].headers.contains_key("idempotency-key"));
}

#[test]
fn a_call_can_wait_where_there_is_no_asynchronous_runtime() {
    let mock = Mock::new();
    mock.expect("GET", "/v1/widgets").json(&serde_json::json!({"name": "w"}));
    let widget = client(&mock).widgets().find().send_blocking().expect("a success");
    assert_eq!(widget.expect("a widget").name, "w");
}

#[tokio::test]
async fn a_call_that_would_block_a_runtime_is_an_error() {
    let error = client(&Mock::new()).widgets().find().send_blocking().expect_err("a runtime");
    assert_eq!(error.kind(), ErrorKind::Config);
}
