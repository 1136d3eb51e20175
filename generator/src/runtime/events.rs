//! Streams of values: server-sent events, after the parsing rules of the [HTML Standard], and JSON one value a line.
//!
//! [HTML Standard]: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use super::body::next;
use super::call::Call;
use super::client::IsStream;
use super::decode_error::DecodeError;
use super::error::Error;
use super::json::{Json, from_json, from_named};
use super::lines::Lines;
use super::platform::sleep;
use super::response::RawResponse;
use super::stream::ByteStream;
use super::union::Union;

/// How the data of an event, or a line, becomes a value; an event has a name.
pub(crate) type Read<T> = fn(&[u8], Option<&str>) -> Result<T, DecodeError>;

/// An event of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// The data.
    pub data: T,
    /// The name of the event; without one it is `message`.
    pub event: Option<String>,
    /// The id of this event or the last one before it that had one: where to go on after the stream has ended.
    pub id: Option<String>,
    /// How long the server asks to wait before the stream is opened again.
    pub retry: Option<Duration>,
}

/// Server-sent events, as they come.
#[must_use = "a stream does nothing until it is read"]
pub struct Events<T> {
    lines: Lines,
    form: Form,
    read: Read<T>,
    event: Option<String>,
    data: Option<String>,
    /// The id that counts once the event that has it is whole.
    next_id: Option<String>,
    id: Option<String>,
    retry: Option<Duration>,
    ended: bool,
    /// What opens the stream again.
    call: Call,
}

/// How a body holds values: as what the server says that it is, else as the document does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Events,
    Lines,
}

impl Form {
    fn of(stream: &ByteStream, usual: Self) -> Self {
        match stream.head().media_type() {
            Some(media_type) if media_type.eq_ignore_ascii_case("text/event-stream") => Self::Events,
            Some(media_type) if names_lines(media_type) => Self::Lines,
            _ => usual,
        }
    }

    /// Whether a response with this media type is a stream that can be read so.
    fn is_stream(self) -> IsStream {
        match self {
            Self::Events => are_events,
            Self::Lines => are_lines,
        }
    }
}

/// What servers send as data to say that nothing more comes.
const DONE: &str = "[DONE]";

/// Whether a response with this media type is read where events are described: one of another kind is no stream (HTML
/// Standard, section 9.2.2). What says nothing definite is what servers send that do not know what they stream.
fn are_events(media_type: &str) -> bool {
    names_lines(media_type)
        || ["text/event-stream", "text/plain", "application/octet-stream"]
            .iter()
            .any(|own| media_type.eq_ignore_ascii_case(own))
}

/// Whether a response with this media type is read where lines are described; also as JSON, which each of them is.
fn are_lines(media_type: &str) -> bool {
    !media_type.eq_ignore_ascii_case("text/html")
}

/// Whether a media type is one of those for JSON by lines.
fn names_lines(media_type: &str) -> bool {
    let lower = media_type.to_ascii_lowercase();
    ["ndjson", "jsonl", "json-lines", "json-seq", "stream+json"].iter().any(|name| lower.contains(name))
}

impl<T: Json> Events<T> {
    /// Sends a call that is answered by events with data in JSON.
    ///
    /// # Errors
    ///
    /// When there is no response, one with a status outside 200 to 299, or one that is no such stream.
    pub(crate) async fn open(call: Call) -> Result<Self, Error> {
        Self::opened(call, Form::Events, |data, _| from_json(data)).await
    }

    /// Sends a call that is answered by events with data in JSON, of which their names tell what it is.
    ///
    /// # Errors
    ///
    /// When there is no response, one with a status outside 200 to 299, or one that is no such stream.
    pub(crate) async fn open_named(call: Call) -> Result<Self, Error>
    where
        T: Union,
    {
        // One without a name is a message (HTML Standard, section 9.2.6).
        Self::opened(call, Form::Events, |data, name| from_named(data, name.unwrap_or("message"))).await
    }
}

impl Events<String> {
    /// Sends a call that is answered by events with texts as their data.
    ///
    /// # Errors
    ///
    /// When there is no response, one with a status outside 200 to 299, or one that is no such stream.
    pub(crate) async fn open_texts(call: Call) -> Result<Self, Error> {
        Self::opened(call, Form::Events, |data, _| Ok(String::from_utf8_lossy(data).into_owned())).await
    }
}

impl<T> Events<T> {
    async fn opened(call: Call, usual: Form, read: Read<T>) -> Result<Self, Error> {
        let stream = call.clone().open_as(usual.is_stream()).await?;
        let (form, lines) = (Form::of(&stream, usual), Lines::new(stream));
        let (event, data, next_id, id, retry) = (None, None, None, None, None);
        Ok(Self { lines, form, read, event, data, next_id, id, retry, ended: false, call })
    }

    /// Opens the stream again after it has ended or broken, where the last event was: waits as long as the server asked
    /// for, and sends the same request with the header `Last-Event-ID`.
    ///
    /// # Errors
    ///
    /// When there is no response, one with a status outside 200 to 299, or one that is no such stream.
    pub async fn reconnect(&mut self) -> Result<(), Error> {
        sleep(self.retry.unwrap_or_default()).await;
        let mut call = self.call.clone();
        if let Some(id) = &self.id {
            call.header("last-event-id", id);
        }
        self.lines = Lines::new(call.open_as(are_events).await?);
        // What was cut off is no event: it comes again.
        (self.event, self.data, self.ended) = (None, None, false);
        self.next_id.clone_from(&self.id);
        Ok(())
    }

    /// Status and headers of the response.
    #[must_use]
    pub fn head(&self) -> &RawResponse {
        self.lines.head()
    }

    /// The id of the last event that had one; the header `Last-Event-ID` of a new request asks for what came after it.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The next event; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Event<T>, Error>> {
        next(self).await
    }

    /// Takes in a line. Of lines each is a value; of events, what was collected is one at an empty line. Servers send
    /// lines where they promise events, too, and no field of an event starts as an object does.
    fn line(&mut self, line: &str) -> Option<(String, Option<String>)> {
        if self.form == Form::Lines || self.data.is_none() && line.starts_with('{') {
            // A sequence of JSON texts (RFC 7464) has a record separator before each.
            let text = line.trim_ascii();
            let text = text.strip_prefix('\u{1e}').unwrap_or(text);
            return Some((text.to_owned(), None)).filter(|(text, _)| !text.is_empty());
        }
        if self.lines.is_over() {
            // What is not ended by an empty line is no event.
            return None;
        }
        if line.is_empty() {
            let event = self.event.take();
            self.id.clone_from(&self.next_id);
            return self.data.take().map(|data| (data, event));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.event = Some(value.to_owned()).filter(|name| !name.is_empty()),
            "data" => match &mut self.data {
                Some(data) => data.extend(["\n", value]),
                None => self.data = Some(value.to_owned()),
            },
            "id" if !value.contains('\0') => self.next_id = Some(value.to_owned()).filter(|id| !id.is_empty()),
            "retry" if value.bytes().all(|digit| digit.is_ascii_digit()) => {
                // What is no number, or a larger one than there is, changes nothing.
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            // A comment, which keeps the connection open, or a field that the standard does not know.
            _ => {}
        }
        None
    }
}

impl<T> Stream for Events<T> {
    type Item = Result<Event<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while !self.ended {
            let line = match ready!(self.lines.poll_line_or_rest(context)) {
                Some(Ok(line)) => line,
                None => break,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            };
            let Some((data, event)) = self.line(&String::from_utf8_lossy(&line)) else { continue };
            if data == DONE {
                break;
            }
            let (id, retry) = (self.id.clone(), self.retry);
            return Poll::Ready(Some(match (self.read)(data.as_bytes(), event.as_deref()) {
                Ok(data) => Ok(Event { data, event, id, retry }),
                // Events without data keep the connection open.
                Err(_) if data.is_empty() => continue,
                Err(error) => Err(self.lines.undecodable(error, data.into_bytes())),
            }));
        }
        self.ended = true;
        Poll::Ready(None)
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("head", self.head()).field("last_event_id", &self.id).finish_non_exhaustive()
    }
}

/// Values of JSON, one a line, as they come.
#[must_use = "a stream does nothing until it is read"]
pub struct JsonLines<T> {
    events: Events<T>,
}

impl<T: Json> JsonLines<T> {
    /// Sends a call that is answered by lines.
    ///
    /// # Errors
    ///
    /// When there is no response, one with a status outside 200 to 299, or one that is no such stream.
    pub(crate) async fn open(call: Call) -> Result<Self, Error> {
        Ok(Self { events: Events::opened(call, Form::Lines, |line, _| from_json(line)).await? })
    }
}

impl<T> JsonLines<T> {
    /// Status and headers of the response.
    #[must_use]
    pub fn head(&self) -> &RawResponse {
        self.events.head()
    }

    /// The next value; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        next(self).await
    }
}

impl<T> Stream for JsonLines<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let event = ready!(Pin::new(&mut self.events).poll_next(context));
        Poll::Ready(event.map(|event| event.map(|event| event.data)))
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").field("head", self.head()).finish_non_exhaustive()
    }
}
