//! What a client tells `tracing`: a span for each call, an event for each attempt that failed, and no secret.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::server::{Reply, Server};

/// Writes down all that is told, whoever tells it.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

impl Notes {
    fn text(&self) -> String {
        self.0.lock().expect("no test has panicked with it").clone()
    }

    fn write(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Line)) {
        let mut line = Line(format!("{}:", metadata.name()));
        if metadata.is_event() {
            line.0 = "event:".to_owned();
        }
        record(&mut line);
        writeln!(self.0.lock().expect("no test has panicked with it"), "{}", line.0).expect("a text takes all");
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a text takes all");
    }
}

impl Subscriber for Notes {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.write(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.write(event.metadata(), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn calls_and_failed_attempts_are_told_without_secrets() {
    let again = Reply::new(503, &[("retry-after", "0"), ("x-request-id", "r-1")], "");
    let server = Server::start([again, Reply::new(204, &[], "")]).await;
    let notes = Notes::default();
    let _told = tracing::subscriber::set_default(notes.clone());
    let client = auth_schemes_several::Client::builder().base_url(server.url()).api_key("hidden-1").app_id("hidden-2");
    let list = client.header("x-other", "hidden-3").build().expect("a client").widgets().list();
    list.query_parameter("token", "hidden-4").header("authorization", "hidden-5").await.expect("a success");
    let sent = format!("{:?}", server.requests());
    let text = notes.text();
    for secret in ["hidden-1", "hidden-2", "hidden-3", "hidden-4", "hidden-5"] {
        assert!(sent.contains(secret), "{secret} was sent: {sent}");
        assert!(!text.contains(secret), "{secret} is told:\n{text}");
    }
    let span = r#"http_request: method="GET" host="127.0.0.1" path="/widgets""#;
    assert_eq!(text.lines().filter(|line| *line == span).count(), 1, "{text}");
    let event = r#"event: message=the attempt failed attempt=1 kind=Status status=503 request_id="r-1""#;
    assert_eq!(text.lines().filter(|line| *line == event).count(), 1, "{text}");
}
