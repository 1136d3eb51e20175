//! Server-sent events and lines, however they are cut into pieces.

use std::time::Duration;

use responses_streams::types::{
    Chunk, Said, WidgetsAllKindsResponseItem, WidgetsAnswerRequest, WidgetsKindsResponseItem,
};
use responses_streams::{Client, ErrorKind, Nullable};

use crate::server::{Reply, Server};

fn client(server: &Server) -> Client {
    Client::builder().base_url(server.url()).idle_timeout(Duration::from_millis(200)).build().expect("a client")
}

/// Events with every kind of line end, a mark at the start, comments, and fields that nobody knows.
const EVENTS: &str = "\u{feff}: a comment\r\ndata: {\"n\":\r\ndata: 1}\r\nid: 1\r\nevent: a\r\n\r\n\
    retry: 20\rdata:{\"n\": 2}\rother: x\r\r\nid\ndata: {\"n\": 3}\nretry: soon\n\n\n\ndata: {\"n\": 4}";

#[tokio::test]
async fn events_are_the_same_however_they_are_cut() {
    for size in 1..EVENTS.len() {
        let server = Server::start([Reply::chunked("text/event-stream", EVENTS.as_bytes().chunks(size))]).await;
        let mut events = client(&server).widgets().events().await.expect("a stream");
        let mut seen = Vec::new();
        while let Some(event) = events.next().await {
            let event = event.expect("an event");
            seen.push((event.data.n, event.event, event.id, event.retry));
        }
        let retry = Some(Duration::from_millis(20));
        let expected = [
            (1, Some("a".to_owned()), Some("1".to_owned()), None),
            (2, None, Some("1".to_owned()), retry),
            (3, None, None, retry),
        ];
        // The last one is cut off by the end of the stream.
        assert_eq!(seen, expected, "in pieces of {size}");
        assert_eq!(server.request().headers("accept"), ["text/event-stream"]);
    }
}

#[tokio::test]
async fn a_stream_can_be_opened_again_where_the_last_event_was() {
    let first = Reply::new(200, &[], "id: 7\ndata: a\n\n");
    let server = Server::start([first, Reply::new(200, &[], "data: b\n\n")]).await;
    let mut events = client(&server).widgets().news().await.expect("a stream");
    assert_eq!(events.next().await.expect("an event").expect("a text").data, "a");
    assert!(events.next().await.is_none());
    events.reconnect().await.expect("a stream");
    let event = events.next().await.expect("an event").expect("a text");
    assert_eq!((event.data.as_str(), event.id.as_deref()), ("b", Some("7")));
    let requests = server.requests();
    assert_eq!(requests[0].header("last-event-id"), None);
    assert_eq!(requests[1].headers("last-event-id"), ["7"]);
}

#[tokio::test]
async fn an_event_that_was_cut_off_is_asked_for_again() {
    let first =
        Reply::new(200, &[], "retry: 1\nid: 1\ndata: {\"n\": 1}\n\nretry: 99999999999999999999\nid: 2\ndata: {");
    let second = Reply::new(200, &[], "data: {\"n\": 2}\n\nid: 3\n\n");
    let server = Server::start([first, second]).await;
    let mut events = client(&server).widgets().events().await.expect("a stream");
    let event = events.next().await.expect("an event").expect("a chunk");
    assert_eq!((event.data.n, event.id.as_deref()), (1, Some("1")));
    assert!(events.next().await.is_none());
    assert_eq!(events.last_event_id(), Some("1"));
    events.reconnect().await.expect("a stream");
    let event = events.next().await.expect("an event").expect("a chunk");
    assert_eq!((event.data.n, event.id.as_deref(), event.retry), (2, Some("1"), Some(Duration::from_millis(1))));
    assert!(events.next().await.is_none());
    // The empty line counts, also where there is no data.
    assert_eq!(events.last_event_id(), Some("3"));
    assert_eq!(server.requests()[1].headers("last-event-id"), ["1"]);
}

#[tokio::test]
async fn an_event_without_data_is_no_value_of_json() {
    let server = Server::start([Reply::new(200, &[], "event: ping\ndata:\n\ndata: {\"n\": 1}\n\n")]).await;
    let mut events = client(&server).widgets().events().await.expect("a stream");
    assert_eq!(events.next().await.expect("an event").expect("a chunk").data.n, 1);
    assert!(events.next().await.is_none());
    let mut news = client(&server).widgets().news().await.expect("a stream");
    assert_eq!(news.next().await.expect("an event").expect("a text").data, "");
}

#[tokio::test]
async fn a_response_that_is_no_stream_is_an_error_with_all_of_it() {
    let said = r#"{"text": "t"}"#;
    let server = Server::start([Reply::json(200, said)]).await;
    let widgets = client(&server).widgets();
    let error = widgets.events().await.expect_err("no stream");
    assert_eq!((error.kind(), error.body()), (ErrorKind::Decode, Some(said.as_bytes())));
    assert_eq!(error.status_code().map(|status| status.as_u16()), Some(200));
    assert!(error.to_string().ends_with(r#"(200 OK, application/json): this is no stream: {"text": "t"}"#), "{error}");
    // What the operation gives besides has its type.
    let error = widgets.chat().stream().await.expect_err("no stream");
    assert_eq!(error.body_as::<Said>().and_then(|said| said.text.as_deref()), Some("t"));
    assert_eq!(server.requests().len(), 2);

    let page = Reply::new(200, &[("content-type", "text/html; charset=utf-8")], "<p>");
    let error = client(&Server::start([page]).await).widgets().lines().await.expect_err("no lines");
    assert_eq!(error.body(), Some(b"<p>".as_slice()));
    let mut lines =
        client(&Server::start([Reply::json(200, "{\"n\": 1}\n")]).await).widgets().lines().await.expect("lines");
    assert_eq!(lines.next().await.expect("a line").expect("a chunk").n, 1);
}

#[tokio::test]
async fn a_response_is_a_value_or_events_as_one_asks_for() {
    let json = Reply::json(200, r#"{"text": "t"}"#);
    let events =
        Reply::new(200, &[("content-type", "text/event-stream")], "data: {\"n\": 1}\n\ndata: [DONE]\n\ndata: x\n\n");
    let server = Server::start([json, events]).await;
    let client = client(&server);
    assert_eq!(client.widgets().chat().await.expect("a value").text.as_deref(), Some("t"));
    let mut stream = client.widgets().chat().stream().await.expect("a stream");
    assert_eq!(stream.next().await.expect("an event").expect("a chunk").data, Chunk::clone(&chunk(1)));
    assert!(stream.next().await.is_none());
    let requests = server.requests();
    assert_eq!(requests[0].headers("accept"), ["application/json"]);
    assert_eq!(requests[1].headers("accept"), ["text/event-stream"]);
}

#[tokio::test]
async fn a_body_that_tells_whether_to_stream_is_sent_so() {
    let json = Reply::json(200, r#"{"text": "t"}"#);
    let events = Reply::new(200, &[("content-type", "text/event-stream")], "data: {\"n\": 1}\n\n");
    let server = Server::start([json, events]).await;
    let widgets = client(&server).widgets();
    let body = WidgetsAnswerRequest::default().text("a").last(2);
    assert_eq!(widgets.answer(&body).await.expect("a value").text.as_deref(), Some("t"));
    for body in [body.clone(), body.clone().stream(false), body.clone().stream(true), body.stream(Nullable::Null)] {
        let mut stream = widgets.answer(&body).stream().await.expect("a stream");
        assert_eq!(stream.next().await.expect("an event").expect("a chunk").data.n, 1);
    }
    let requests = server.requests();
    let mut bodies = requests.iter().map(|request| std::str::from_utf8(request.body()).expect("a text"));
    assert_eq!(bodies.next(), Some(r#"{"text":"a","last":2}"#));
    assert_eq!(bodies.next(), Some(r#"{"text":"a","last":2,"stream":true}"#));
    assert!(bodies.all(|body| body == r#"{"text":"a","stream":true,"last":2}"#));
    let media_types = requests.iter().flat_map(|request| request.headers("content-type"));
    assert!(media_types.eq(["application/vnd.question+json"; 5]));
}

#[tokio::test]
async fn a_body_that_need_not_be_there_tells_whether_to_stream() {
    let lines = Reply::new(200, &[("content-type", "application/x-ndjson")], "{\"n\": 1}\n");
    let server = Server::start([Reply::json(200, "{}"), lines]).await;
    let widgets = client(&server).widgets();
    widgets.guess().await.expect("a value");
    let mut stream = widgets.guess().stream().await.expect("a stream");
    assert_eq!(stream.next().await.expect("a line").expect("a chunk").n, 1);
    let requests = server.requests();
    assert_eq!((requests[0].body(), requests[1].body()), (b"".as_slice(), br#"{"stream":true}"#.as_slice()));
    assert_eq!(requests[1].headers("content-type"), ["application/json"]);
}

#[tokio::test]
async fn values_are_sent_as_they_are_read() {
    let server = Server::start([Reply::new(204, &[], "")]).await;
    client(&server).widgets().add_lines(&[chunk(1), chunk(2)]).await.expect("nothing");
    assert_eq!(server.request().body(), b"{\"n\":1}\n{\"n\":2}\n");
}

fn chunk(n: i64) -> Chunk {
    responses_streams::serde_json::from_value(serde_json::json!({ "n": n })).expect("a chunk")
}

#[tokio::test]
async fn of_a_list_each_event_is_an_element_whole_or_its_data() {
    let text = "event: last\ndata: {\"n\": 1}\n\nevent: message\nid: 2\ndata: {\"text\": \"t\"}\n\n";
    let server = Server::start([Reply::new(200, &[("content-type", "text/event-stream")], text)]).await;
    let mut events = client(&server).widgets().all_events().await.expect("a stream");
    assert_eq!(events.next().await.expect("an event").expect("a chunk").data.n, 1);
    let mut kinds = client(&server).widgets().all_kinds().await.expect("a stream");
    let first = kinds.next().await.expect("an event").expect("a chunk");
    assert!(matches!(first.data, WidgetsAllKindsResponseItem::Chunk(chunk) if chunk.n == 1));
    let second = kinds.next().await.expect("an event").expect("what is said");
    assert_eq!((second.event.as_deref(), second.id.as_deref()), (Some("message"), Some("2")));
    assert!(matches!(second.data, WidgetsAllKindsResponseItem::Said(said) if said.text.as_deref() == Some("t")));
}

#[tokio::test]
async fn the_name_of_an_event_tells_what_its_data_is() {
    let text =
        "event: removed\ndata: {\"n\": 1}\n\nevent: added\ndata: {\"n\": 2}\n\nevent: later\ndata: {\"n\": 3}\n\n";
    let server = Server::start([Reply::new(200, &[("content-type", "text/event-stream")], text)]).await;
    let mut kinds = client(&server).widgets().kinds().await.expect("a stream");
    let mut next = async || kinds.next().await.expect("an event").expect("data").data;
    assert!(
        matches!(next().await, WidgetsKindsResponseItem::Said(said) if said.text.is_none() && said.extra.len() == 1)
    );
    assert!(matches!(next().await, WidgetsKindsResponseItem::Chunk(chunk) if chunk.n == 2));
    assert!(matches!(next().await, WidgetsKindsResponseItem::Chunk(chunk) if chunk.n == 3), "by its looks");
}

#[tokio::test]
async fn lines_are_values_and_a_wrong_one_does_not_end_them() {
    let text = "{\"n\": 1}\n\n\u{1e}{\"n\": 2}\r\n{\"n\": \"x\"}\n{\"n\": 3}";
    let server = Server::start([Reply::chunked("application/jsonl", text.as_bytes().chunks(3))]).await;
    let mut lines = client(&server).widgets().lines().await.expect("a stream");
    let mut seen = Vec::new();
    while let Some(line) = lines.next().await {
        seen.push(line.map(|chunk| chunk.n).map_err(|error| error.body().map(<[u8]>::to_vec)));
    }
    assert_eq!(seen, [Ok(1), Ok(2), Err(Some(b"{\"n\": \"x\"}".to_vec())), Ok(3)]);
}

#[tokio::test]
async fn a_stream_that_is_silent_for_too_long_is_an_error_in_time() {
    let piece = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ndata: a\n\n";
    let server = Server::start([Reply::raw([piece]).stalling()]).await;
    let mut events = client(&server).widgets().news().await.expect("a stream");
    assert_eq!(events.next().await.expect("an event").expect("a text").data, "a");
    let error = events.next().await.expect("an item").expect_err("silence");
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_an_error() {
    let piece = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ndata: a\n\n";
    let server = Server::start([Reply::raw([piece]).closing()]).await;
    let mut events = client(&server).widgets().news().await.expect("a stream");
    assert_eq!(events.next().await.expect("an event").expect("a text").data, "a");
    let error = events.next().await.expect("an item").expect_err("the end is missing");
    assert_eq!(error.kind(), ErrorKind::Body);
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_gigabyte_is_read_through_piece_by_piece() {
    const GIGABYTE: u64 = 1 << 30;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {GIGABYTE}\r\n\r\n");
    let server = Server::start([Reply::raw([head]).flooding(GIGABYTE)]).await;
    let client = responses_several::Client::builder().base_url(server.url()).max_response_bytes(1).build();
    let mut stream = client.expect("a client").widgets().picture().stream().await.expect("a stream");
    let (mut whole, mut largest) = (0, 0);
    while let Some(piece) = stream.next().await {
        let length = piece.expect("a piece").len() as u64;
        (whole, largest) = (whole + length, largest.max(length));
    }
    assert_eq!(whole, GIGABYTE);
    assert!(largest <= 4 << 20, "a piece of {largest} bytes");
}

#[tokio::test]
async fn a_stream_is_read_as_what_the_server_says_that_it_is() {
    let lines = "{\"n\": 1}\n\n{\"n\": 2}";
    let events = ": hello\ndata: {\"n\": 1}\n\nevent: x\ndata: {\"n\": 2}\n\ndata: [DONE]\n\n";
    let cut_off = "data: {\"n\": 1}\n\ndata: {\"n\": 2}\n\ndata: {\"n\": 3}";
    for (media_type, body) in [
        ("application/x-ndjson; charset=utf-8", lines),
        // Servers promise events and send lines.
        ("text/event-stream", lines),
        ("text/plain", lines),
        ("text/event-stream", events),
        ("text/event-stream", cut_off),
    ] {
        let server = Server::start([Reply::new(200, &[("content-type", media_type)], body)]).await;
        let mut stream = client(&server).widgets().events().await.expect("a stream");
        for n in [1, 2] {
            assert_eq!(stream.next().await.expect("an event").expect("a chunk").data.n, n, "{media_type}: {body}");
        }
        assert!(stream.next().await.is_none());
    }
    for (media_type, body) in [("text/event-stream", events), ("application/jsonl", lines), ("text/plain", lines)] {
        let server = Server::start([Reply::new(200, &[("content-type", media_type)], body)]).await;
        let mut stream = client(&server).widgets().lines().await.expect("a stream");
        for n in [1, 2] {
            assert_eq!(stream.next().await.expect("a line").expect("a chunk").n, n, "{media_type}: {body}");
        }
        assert!(stream.next().await.is_none());
    }
}
