//! Stage 1, outlines: documentation pages that print no description, but lists of what an operation takes, and its
//! examples. What they say is written as OpenAPI, so that the stages behind know one form; what they do not print, such
//! as every type, stays unknown.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::{Fence, Lines, Page, heading, request_line};
use crate::dialect::{self, credential, quirks};
use crate::media_type::{self, Kind};
use crate::pointer::Pointer;

mod example;
mod name;

use example::Example;
use name::Names;

/// The headings of an outline, of which each page has one at least.
const SECTIONS: [(&str, Section); 6] = [
    ("Request Headers", Section::Parameters("header")),
    ("Path Parameters", Section::Parameters("path")),
    ("Query Parameters", Section::Parameters("query")),
    ("Response Headers", Section::ResponseHeaders),
    ("Response Body", Section::Responses),
    ("Examples", Section::Examples),
];

/// What a section of an outline lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    /// Parameters, with the place that they go to.
    Parameters(&'static str),
    ResponseHeaders,
    Responses,
    Examples,
}

/// What an outline says.
#[derive(Debug)]
pub(crate) struct Outline {
    /// It, as a description of OpenAPI 3.1.
    pub(crate) value: Value,
    /// Where in the text its nodes are from; what is in none of them is from the request line.
    pub(crate) places: Vec<(Pointer, Range<usize>)>,
    /// Whether it goes on to the examples, with which all of them end.
    pub(crate) is_whole: bool,
    /// The names of parameters that are assumed, with where they are and how the page prints them.
    pub(crate) assumed: Vec<(Pointer, String)>,
}

/// An item of a list: a name or a status, and the words behind it.
struct Item<'t> {
    line: usize,
    name: &'t str,
    required: bool,
    words: String,
}

/// Where the request of an outline stands below a title: in a fence for HTTP, before the first of the sections.
pub(super) fn request(lines: &Lines<'_>, title: usize) -> Option<usize> {
    let open = (title + 1..lines.len()).find(|&at| !lines.get(at).trim().is_empty())?;
    let fence = Fence::open(lines.get(open)).filter(|fence| fence.language.eq_ignore_ascii_case("http"))?;
    request_line(lines.get(open + 1)).filter(|(_, url)| url.contains('/'))?;
    let close = (open + 2..lines.len()).find(|&at| fence.is_closed_by(lines.get(at)))?;
    let mut headings = lines.prose_from(close + 1).filter_map(|at| heading(lines.get(at)));
    let is_outline = headings.find(|(level, words)| *level == 1 || section(*level, words).is_some());
    is_outline.filter(|(level, _)| *level > 1).map(|_| open + 1)
}

/// The line behind an outline: the next heading of the first level below its request.
pub(super) fn end(lines: &Lines<'_>, request: usize) -> usize {
    // The request is in a fence, which opens on the line before.
    let is_next = |&at: &usize| heading(lines.get(at)).is_some_and(|(level, _)| level == 1);
    lines.prose_from(request - 1).find(is_next).unwrap_or(lines.len())
}

/// What the page of an outline says around it, and the line behind it; `None` for a text that is none.
pub(super) fn page(lines: &Lines<'_>) -> Option<(Page, usize)> {
    let mut titles = lines.outside_fences().filter(|&at| lines.get(at).starts_with("# "));
    let (title, at) = titles.find_map(|title| Some((title, request(lines, title)?)))?;
    let (method, url) = request_line(lines.get(at))?;
    let end = end(lines, at);
    let page = Page {
        title: heading(lines.get(title)).map(|(_, words)| words),
        method: Some(method),
        url: Some(url),
        header_line: Some(at + 1),
        authorization: credential::shown(lines.slice(at, end)).map(str::to_owned),
        ..Page::default()
    };
    Some((page, end))
}

fn section(level: usize, words: &str) -> Option<Section> {
    let is_known = |name: &str| level == 2 && name.eq_ignore_ascii_case(words);
    SECTIONS.iter().find(|(name, _)| is_known(name)).map(|(_, section)| *section)
}

/// Reads an outline; `None` for a text that is none.
pub(crate) fn read(text: &str) -> Option<Outline> {
    let (page, end) = page(&Lines::new(text))?;
    let lines = Lines::new(Lines::new(text).slice(0, end));
    let request = page.header_line? - 1;
    let url = page.url.as_deref()?;
    let path = dialect::host(url).map_or(url, |host| &url[host.len()..]);
    let path = if path.is_empty() { "/" } else { path };
    let method = page.method.as_deref()?.to_ascii_lowercase();
    let at = Pointer::root().key("paths").key(path).key(&method);
    let examples = Example::of(&lines);
    let mut reader = Reader {
        lines: &lines,
        at: at.clone(),
        names: Names::new(path, &examples),
        places: vec![(Pointer::root(), lines.range(request)), (at, lines.range(request))],
        assumed: Vec::new(),
    };
    let operation = reader.operation(&page, request, &examples);
    let value = json!({
        "openapi": "3.1.0",
        "info": { "title": page.title.unwrap_or_default() },
        "paths": { path: { method: operation } },
    });
    let is_examples = |at| heading(lines.get(at)).and_then(|(level, words)| section(level, &words));
    let is_whole = lines.outside_fences().any(|at| is_examples(at) == Some(Section::Examples));
    Some(Outline { value, places: reader.places, is_whole, assumed: reader.assumed })
}

struct Reader<'l, 't> {
    lines: &'l Lines<'t>,
    /// Where the operation is.
    at: Pointer,
    names: Names,
    places: Vec<(Pointer, Range<usize>)>,
    assumed: Vec<(Pointer, String)>,
}

impl Reader<'_, '_> {
    fn operation(&mut self, page: &Page, request: usize, example: &Example) -> Value {
        let lines = self.lines;
        let headings = lines.outside_fences().filter(|&at| at > request && heading(lines.get(at)).is_some());
        let headings: Vec<usize> = headings.collect();
        let mut operation = Map::new();
        if let Some(title) = &page.title {
            operation.insert("summary".to_owned(), title.as_str().into());
        }
        let sections = headings.iter().enumerate().filter_map(|(index, &at)| {
            let (level, words) = heading(lines.get(at))?;
            Some((section(level, &words)?, at, headings.get(index + 1).copied().unwrap_or(lines.len())))
        });
        let sections: Vec<_> = sections.collect();
        let first = sections.first().map_or(lines.len(), |(_, at, _)| *at);
        let close = (request + 1..first).find(|&at| Fence::open(lines.get(at)).is_some()).unwrap_or(request);
        let description = lines.slice(close + 1, first).trim();
        if !description.is_empty() {
            operation.insert("description".to_owned(), description.into());
        }
        let mut parameters = Vec::new();
        let mut headers = Vec::new();
        let mut statuses = Vec::new();
        for (section, from, to) in sections {
            match section {
                Section::Parameters(place) => {
                    parameters.extend(items(lines, from, to, parameter).into_iter().map(|item| (place, item)));
                }
                Section::ResponseHeaders => headers.extend(items(lines, from, to, parameter)),
                Section::Responses => statuses.extend(items(lines, from, to, status)),
                Section::Examples => {}
            }
        }
        if let Some((services, _)) = example.method() {
            operation.insert(quirks::SERVICE.to_owned(), services.into());
        }
        if let Some(name) = example.method().map(|(_, name)| name).or(page.title.as_deref()) {
            operation.insert("operationId".to_owned(), name.into());
        }
        let parameters = self.parameters(parameters, request, example);
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), parameters.into());
        }
        if let Some(body) = self.body(request, example) {
            operation.insert("requestBody".to_owned(), body);
        }
        operation.insert("responses".to_owned(), self.responses(statuses, headers));
        Value::Object(operation)
    }

    fn place(&mut self, at: Pointer, line: usize) {
        let range = self.lines.range(line);
        self.places.push((at, range));
    }

    fn parameters(&mut self, items: Vec<(&str, Item<'_>)>, request: usize, example: &Example) -> Vec<Value> {
        let mut parameters: Vec<Value> = Vec::new();
        for (place, item) in items {
            let at = self.at.key("parameters").index(parameters.len());
            let range = self.lines.range(item.line);
            let (name, is_known) = self.names.of(place, item.name);
            if !is_known {
                self.assumed.push((at.clone(), item.name.to_owned()));
            }
            let schema = json!({ "type": "string" });
            let mut parameter = json!({ "name": name, "in": place, "required": item.required, "schema": schema });
            describe(&mut parameter, &item.words);
            parameters.push(parameter);
            self.places.push((at, range));
        }
        let is_header = |parameter: &Value, name: &str| {
            parameter["in"] == "header"
                && parameter["name"].as_str().is_some_and(|other| other.eq_ignore_ascii_case(name))
        };
        for (name, value) in example.headers() {
            let is_plain = ["content-type", "accept"].iter().any(|plain| plain.eq_ignore_ascii_case(name));
            if !is_plain && !parameters.iter().any(|parameter| is_header(parameter, name)) {
                // What no list has and every request needs is the key.
                let prefix = value.split_once('<').map(|(prefix, _)| prefix.trim());
                self.place(self.at.key("parameters").index(parameters.len()), request);
                let schema = json!({ "type": "string" });
                parameters.push(json!({
                    "name": name, "in": "header", "required": true, "schema": schema, quirks::CREDENTIAL: prefix,
                }));
            }
        }
        parameters
    }

    fn body(&mut self, request: usize, example: &Example) -> Option<Value> {
        let line = request + 1;
        let (name, media_type) = self.lines.get(line).split_once(':')?;
        if !name.eq_ignore_ascii_case("content-type") {
            return None;
        }
        let media_type = media_type.trim();
        self.place(self.at.key("requestBody"), line);
        let content = match media_type::kind(media_type) {
            Kind::Multipart => {
                let parts = example.parts().map(|part| {
                    let one = if part.is_file {
                        json!({ "type": "string", "format": "binary" })
                    } else {
                        json!({ "type": "string" })
                    };
                    let schema = if part.is_list { json!({ "type": "array", "items": one }) } else { one };
                    (part.name.clone(), schema)
                });
                json!({ "schema": { "type": "object", "properties": parts.collect::<Map<_, _>>() } })
            }
            Kind::Form => json!({ "schema": { "type": "object" } }),
            _ => json!({}),
        };
        let mut body = json!({ "required": true, "content": { media_type: content } });
        if let Some(example) = example.body() {
            body["description"] = format!("For example:\n\n```json\n{example:#}\n```").into();
        }
        Some(body)
    }

    fn responses(&mut self, items: Vec<Item<'_>>, headers: Vec<Item<'_>>) -> Value {
        let mut responses = Map::new();
        for item in items {
            let content = if item.name == "204" { json!({}) } else { json!({ "*/*": {} }) };
            responses.insert(item.name.to_owned(), json!({ "description": item.words.trim(), "content": content }));
            self.places.push((self.at.key("responses").key(item.name), self.lines.range(item.line)));
        }
        // A success without a description is not listed.
        if !responses.keys().any(|status| status.starts_with('2')) {
            responses.insert("200".to_owned(), json!({ "description": "", "content": { "*/*": {} } }));
        }
        let listed: Map<_, _> = headers
            .into_iter()
            .map(|item| {
                let mut header = json!({ "required": item.required, "schema": { "type": "string" } });
                describe(&mut header, &item.words);
                (item.name.to_owned(), header)
            })
            .collect();
        if !listed.is_empty() {
            for (_, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
                response["headers"] = listed.clone().into();
            }
        }
        Value::Object(responses)
    }
}

/// The name in the head of an item, and whether it has to be there; `None` for a line that is none.
type Head = fn(&str) -> Option<(&str, bool)>;

/// A name with a word behind it, which no other list has.
fn parameter(head: &str) -> Option<(&str, bool)> {
    let required = head.strip_suffix(" (required)").map(|name| (name, true));
    let (name, required) = required.or_else(|| Some((head.strip_suffix(" (optional)")?, false)))?;
    Some((name.trim(), required)).filter(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace))
}

fn status(head: &str) -> Option<(&str, bool)> {
    (head.len() == 3 && head.bytes().all(|byte| byte.is_ascii_digit())).then_some((head, false))
}

/// The items of a list between two lines; what stands below an item belongs to it.
fn items<'t>(lines: &Lines<'t>, from: usize, to: usize, head: Head) -> Vec<Item<'t>> {
    let mut items: Vec<Item<'t>> = Vec::new();
    for line in from + 1..to {
        let text = lines.get(line);
        let item = text.strip_prefix("- ").and_then(|item| {
            let (name, words) = item.split_once(": ").unwrap_or((item.trim_end().trim_end_matches(':'), ""));
            let (name, required) = head(name)?;
            Some(Item { line, name, required, words: words.to_owned() })
        });
        match (item, items.last_mut()) {
            (Some(item), _) => items.push(item),
            (None, Some(last)) => last.words.extend(["\n", text]),
            (None, None) => {}
        }
    }
    items
}

fn describe(node: &mut Value, words: &str) {
    if !words.trim().is_empty() {
        node["description"] = words.trim().into();
    }
}
