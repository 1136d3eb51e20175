//! Stage 4, responses: what a successful call gives, and what the bodies of errors are.

use super::Lowerer;
use super::content::{content_place, streamed_content};
use super::docs;
use super::media_type::{self, Kind};
use super::place::Hint;
use crate::diagnostic::Code;
use crate::document::OperationNode;
use crate::document::http::{MediaType, Response};
use crate::document::schema::Type;
use crate::ir::{ErrorBody, Items, Outcome, Outcomes, Payload, Primitive, Statuses, Streamed, Success, TypeRef};
use crate::names::{Case, Scope};
use crate::pointer::Pointer;

/// What the responses of an operation make of it.
pub(super) struct Responses {
    pub(super) success: Success,
    pub(super) stream: Option<Streamed>,
    /// The media type that is asked for; JSON when absent.
    pub(super) accept: Option<String>,
    pub(super) errors: Vec<ErrorBody>,
}

/// A response with what its key stands for.
pub(super) struct Described<'n> {
    pub(super) status: &'n str,
    statuses: Statuses,
    pub(super) at: &'n Pointer,
    pub(super) response: &'n Response,
    is_success: bool,
    /// Whether there is no body, whatever is said of one.
    is_empty: bool,
}

impl Described<'_> {
    /// Whether it is a success that can have a body.
    pub(super) fn has_content(&self) -> bool {
        self.is_success && !self.is_empty
    }
}

/// What one response gives.
struct Given<'n> {
    statuses: Statuses,
    response: &'n Response,
    /// `None` where the type is not known.
    payload: Option<Payload>,
    stream: Option<Streamed>,
    accept: Option<String>,
}

impl Lowerer<'_> {
    /// Lowers the responses; the types of outcomes are named in the scope of the service.
    pub(super) fn responses(
        &mut self,
        input: usize,
        node: &OperationNode,
        words: &str,
        hint: &Hint,
        types: &mut Scope,
    ) -> Responses {
        let (mut successes, mut errors) = (Vec::new(), Vec::new());
        for described in described(node) {
            if described.is_success {
                let hint = hint.of("response");
                successes.push(self.given(input, &described, &hint));
            } else if described.statuses.last >= 400 {
                errors.push(self.error_body(input, &described, hint));
            }
        }
        // A single status before the range that it is in.
        successes.sort_by_key(|given| (given.statuses.last - given.statuses.first, given.statuses));
        errors.sort_by_key(|error| (error.statuses.last - error.statuses.first, error.statuses));
        let stream = successes.iter().find_map(|given| given.stream.clone());
        let accept = accept(&successes);
        let success = self.success(&successes, words, types);
        let stream = stream.filter(|stream| !matches!(&success, Success::Stream(own) if own == stream));
        Responses { success, stream, accept, errors }
    }

    fn success(&mut self, successes: &[Given<'_>], words: &str, types: &mut Scope) -> Success {
        let mut payloads: Vec<&Payload> = Vec::new();
        for payload in successes.iter().filter_map(|given| given.payload.as_ref()) {
            if !payloads.contains(&payload) {
                payloads.push(payload);
            }
        }
        let streams = successes.iter().filter(|given| given.payload.is_none()).find_map(|given| given.stream.clone());
        match (payloads.as_slice(), streams) {
            ([] | [Payload::Empty], Some(stream)) => return Success::Stream(stream),
            ([], None) => return Success::Raw,
            ([only], _) => return Success::One(read_as(only)),
            ([Payload::Json(ty), Payload::Empty] | [Payload::Empty, Payload::Json(ty)], _) => {
                let payload = read_as(&Payload::Json(ty.clone()));
                return Success::Optional { payload, empty: empty_statuses(successes) };
            }
            _ => {}
        }
        let mut names = Scope::default();
        let outcomes = successes.iter().filter_map(|given| {
            Some(Outcome {
                ident: names.claim(&status_words(given.statuses), Case::Camel),
                statuses: given.statuses,
                payload: read_as(given.payload.as_ref()?),
                docs: docs::from_markdown(&given.response.description),
            })
        });
        let outcomes = outcomes.collect();
        let ident = types.claim(&format!("{words} outcome"), Case::Camel);
        Success::Outcomes(Outcomes { ident, outcomes, other: names.claim("other", Case::Camel) })
    }

    fn given<'n>(&mut self, input: usize, node: &Described<'n>, hint: &Hint) -> Given<'n> {
        let &Described { statuses, response, .. } = node;
        let mut given = Given { statuses, response, payload: None, stream: None, accept: None };
        if node.is_empty || response.content.is_empty() {
            given.payload = Some(Payload::Empty);
            given.accept = Some("*/*".to_owned());
            return given;
        }
        let streamed = streamed_content(&response.content);
        if let Some(content) = streamed {
            given.stream = Some(self.streamed(input, content, &hint.of("item")));
        }
        let Some(content) = self.plain_content(input, &response.content) else {
            given.accept = streamed.map(|content| content.name.clone());
            return given;
        };
        let kind = self.content_kind(input, content);
        if kind == Kind::Json {
            let is_usual = media_type::essence(&content.name) == "application/json"
                && media_type::parameters(&content.name).next().is_none();
            given.accept = (!is_usual).then(|| content.name.clone());
            if content.schema.is_some() {
                given.payload = Some(Payload::Json(self.http_schema(input, content.schema.as_ref(), hint).into_type()));
            }
            return given;
        }
        // The media type that exporters print for files and for streams of any kind is not theirs, nor what pages do.
        let is_printed = self.page_of(input).is_some() && content.name == "application/octet-stream";
        let is_own = !is_printed && !matches!(media_type::kind(&content.name), Kind::Json | Kind::Events | Kind::Lines);
        let asked = if is_own { content.name.clone() } else { "*/*".to_owned() };
        given.accept = Some(asked.clone());
        match kind {
            // A number and a truth value read the same as JSON.
            Kind::Text if self.is_number_or_bool(input, content) => {
                given.payload = Some(Payload::Json(self.http_schema(input, content.schema.as_ref(), hint).into_type()));
            }
            Kind::Text | Kind::Form => given.payload = Some(Payload::Text),
            Kind::Bytes if self.says_nothing(input, content) => {}
            _ => {
                given.payload = Some(Payload::Bytes);
                let items = Items::Bytes;
                given.stream.get_or_insert(Streamed { media_type: asked, items });
            }
        }
        given
    }

    /// Whether a plain text is a number or a truth value.
    fn is_number_or_bool(&self, input: usize, content: &MediaType) -> bool {
        let is_one = |ty: &Type| matches!(ty, Type::Boolean | Type::Integer | Type::Number);
        let types =
            self.content_schema(input, content).map_or(&[][..], |schema| &self.document.schemas.get(schema).types);
        media_type::is_plain(&content.name) && !types.is_empty() && types.iter().all(is_one)
    }

    fn error_body(&mut self, input: usize, node: &Described<'_>, hint: &Hint) -> ErrorBody {
        let &Described { status, statuses, response, .. } = node;
        let json = response.content.iter().filter(|content| self.content_kind(input, content) == Kind::Json);
        let json: Vec<_> = json.collect();
        let first = json.first().map(|first| {
            self.http_schema(input, first.schema.as_ref(), &hint.of(&format!("{status} error"))).into_type()
        });
        let others = self.other_error_bodies(input, node, &json, hint);
        let is_typed = first.iter().chain(others.iter().map(|(_, ty)| ty)).any(|ty| *ty != TypeRef::Value);
        let (ty, others) = if is_typed { (first, others) } else { (None, Vec::new()) };
        ErrorBody { status: status.to_owned(), statuses, ty, others, docs: docs::from_markdown(&response.description) }
    }

    /// What the body of an error is where it is of another of several media types than the first; those that have its
    /// schema are read as it is.
    fn other_error_bodies(
        &mut self,
        input: usize,
        node: &Described<'_>,
        json: &[&MediaType],
        hint: &Hint,
    ) -> Vec<(String, TypeRef)> {
        let Some((first, rest)) = json.split_first() else { return Vec::new() };
        let mut known = vec![media_type::essence(&first.name)];
        let mut others = Vec::new();
        for other in rest.iter().filter(|other| !self.have_one_schema(input, first, other)).collect::<Vec<_>>() {
            let essence = media_type::essence(&other.name);
            // A response does not say by which range, nor which of several parameters, its media type is meant.
            if essence.contains('*') || known.contains(&essence) {
                let place = content_place(input, node.at, &other.name);
                let (read, other) = (&first.name, &other.name);
                let message = format!("the body of this error is read as `{read}`, also where `{other}` comes");
                self.warn(Code::UnsupportedKeyword, place, message, "`Error::body` has what came");
                continue;
            }
            let hint = hint.of(&format!("{} {} error", node.status, self.content_word(input, other)));
            let ty = self.http_schema(input, other.schema.as_ref(), &hint).into_type();
            known.push(essence.clone());
            others.push((essence, ty));
        }
        others
    }
}

impl Statuses {
    /// What `default` stands for.
    const ANY: Self = Self { first: 0, last: 999 };
}

/// The responses of an operation.
pub(super) fn described(node: &OperationNode) -> Vec<Described<'_>> {
    let all = node.responses.iter();
    let all: Vec<_> =
        all.filter_map(|(status, at, response)| Some((status, statuses(status)?, at, response))).collect();
    let is_success = |statuses: &Statuses| (200..300).contains(&statuses.first);
    let has_success = all.iter().any(|(_, statuses, ..)| is_success(statuses));
    let redirects = all.iter().any(|(_, statuses, ..)| (300..400).contains(&statuses.first));
    let described = all.into_iter().map(|(status, statuses, at, response)| {
        let is_success = match has_success {
            true => is_success(&statuses),
            // Without a success, `default` describes it.
            false => statuses == Statuses::ANY && !redirects,
        };
        let is_empty = node.method == "HEAD" || never_has_body(statuses);
        Described { status, statuses, at, response, is_success, is_empty }
    });
    described.collect()
}

/// The statuses that a key of `responses` stands for.
fn statuses(key: &str) -> Option<Statuses> {
    if key.eq_ignore_ascii_case("default") {
        return Some(Statuses::ANY);
    }
    if let Ok(status) = key.parse() {
        return Some(Statuses { first: status, last: status });
    }
    let hundreds: u16 = key.get(..1)?.parse().ok()?;
    Some(Statuses { first: hundreds * 100, last: hundreds * 100 + 99 })
}

/// What is asked for: the media types of all successes that have a body, as the server chooses the status, first those
/// of JSON. `None` is that of JSON alone.
fn accept(successes: &[Given<'_>]) -> Option<String> {
    const JSON: &str = "application/json";
    let is_json = |given: &&Given<'_>| matches!(given.payload, Some(Payload::Json(_) | Payload::JsonString(_)));
    let json = successes.iter().filter(is_json).map(|given| given.accept.as_deref().unwrap_or(JSON));
    let has_body = |given: &&Given<'_>| !is_json(given) && !matches!(given.payload, Some(Payload::Empty));
    let others = successes.iter().filter(has_body).filter_map(|given| given.accept.as_deref());
    let mut all: Vec<&str> = Vec::new();
    for media_type in json.chain(others) {
        if !all.contains(&media_type) {
            all.push(media_type);
        }
    }
    match all.as_slice() {
        [] => Some("*/*".to_owned()),
        [JSON] => None,
        all => Some(all.join(", ")),
    }
}

/// The statuses that are described without a body, 204 and 205 aside, which never have one. Those that are in a range
/// and are described on their own are none of the range's.
fn empty_statuses(successes: &[Given<'_>]) -> Vec<Statuses> {
    let (empty, others): (Vec<_>, Vec<_>) =
        successes.iter().partition(|given| given.payload == Some(Payload::Empty) && !never_has_body(given.statuses));
    let mut all = Vec::new();
    for range in empty.into_iter().map(|given| given.statuses) {
        let Statuses { mut first, last } = range;
        let is_within = |one: &Statuses| range.first <= one.first && one.last <= range.last;
        for one in others.iter().map(|given| given.statuses).filter(is_within) {
            if first < one.first {
                all.push(Statuses { first, last: one.first - 1 });
            }
            first = one.last + 1;
        }
        if first <= last {
            all.push(Statuses { first, last });
        }
    }
    all
}

/// Whether the one status is that of responses without a body (RFC 9110, sections 15.3.5 and 15.3.6).
fn never_has_body(statuses: Statuses) -> bool {
    matches!(statuses.first, 204 | 205) && statuses.first == statuses.last
}

/// A string in JSON is the one value that frameworks send as a text when they were told to send JSON.
fn read_as(payload: &Payload) -> Payload {
    const STRING: TypeRef = TypeRef::Primitive(Primitive::String);
    match payload {
        Payload::Json(ty) if matches!(ty, TypeRef::Nullable(inner) if **inner == STRING) || *ty == STRING => {
            Payload::JsonString(ty.clone())
        }
        payload => payload.clone(),
    }
}

/// What a status is called (RFC 9110, section 15.3).
fn status_words(statuses: Statuses) -> String {
    match (statuses.first, statuses.last) {
        (200, 200) => "ok",
        (201, 201) => "created",
        (202, 202) => "accepted",
        (203, 203) => "non authoritative information",
        (204, 204) => "no content",
        (205, 205) => "reset content",
        (206, 206) => "partial content",
        (207, 207) => "multi status",
        (first, last) if first == last => return format!("status {first}"),
        _ => "success",
    }
    .to_owned()
}
