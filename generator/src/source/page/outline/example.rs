//! Stage 1, examples in outlines: the request that a page shows as a `curl` command, and the method that its other
//! snippets call.

use serde_json::Value;

use super::super::{Fence, Lines};

/// What the examples of a page show.
#[derive(Debug, Default)]
pub(super) struct Example {
    urls: Vec<String>,
    headers: Vec<(String, String)>,
    /// What is sent in the URL.
    queries: Vec<String>,
    /// What is sent as data: all of each argument.
    data: Vec<String>,
    parts: Vec<Part>,
    /// The names of the services around a method, from the client down, and its own.
    method: Option<(Vec<String>, String)>,
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) is_file: bool,
    /// Whether it is there several times, once for each element of a list.
    pub(super) is_list: bool,
}

/// The long spellings of the options of `curl` that have an argument.
const LONG: [(&str, &str); 9] = [
    ("--url", "url"),
    ("--header", "-H"),
    ("--data", "-d"),
    ("--data-raw", "-d"),
    ("--data-binary", "-d"),
    ("--data-urlencode", "-d"),
    ("--form", "-F"),
    ("--user", "-u"),
    ("--request", "-X"),
];

/// Names of methods that are those of a client for HTTP and not of the API.
const OF_HTTP: [&str; 14] = [
    "get",
    "getasync",
    "post",
    "postasync",
    "put",
    "patch",
    "delete",
    "request",
    "send",
    "sendasync",
    "execute",
    "executeasync",
    "do",
    "newcall",
];

impl Example {
    /// Reads the fences of a page.
    pub(super) fn of(lines: &Lines<'_>) -> Self {
        let mut example = Self::default();
        let mut at = 0;
        while at < lines.len() {
            let Some(fence) = Fence::open(lines.get(at)) else {
                at += 1;
                continue;
            };
            let close = (at + 1..lines.len()).find(|&at| fence.is_closed_by(lines.get(at))).unwrap_or(lines.len());
            let code = lines.slice(at + 1, close);
            if code.trim_start().starts_with("curl") {
                example.read_command(code);
            } else if example.method.is_none() {
                example.method = called(code);
            }
            at = close + 1;
        }
        example
    }

    /// Reads a `curl` command; of one that is cut short nothing is known.
    fn read_command(&mut self, code: &str) {
        let mut words = shlex::split(code).into_iter().flatten().skip(1);
        let (mut data, mut parts, mut url, mut is_query) = (Vec::new(), Vec::<Part>::new(), None, false);
        while let Some(word) = words.next() {
            let long = LONG.iter().find(|(long, _)| *long == word).map(|(_, short)| *short);
            match long.unwrap_or(&word) {
                "-H" => {
                    let header = words.next().unwrap_or_default();
                    self.headers.extend(header.split_once(':').map(|(name, value)| pair(name, value)));
                }
                "-u" => {
                    words.next();
                    self.headers.push(pair("Authorization", "Basic <credentials>"));
                }
                "-d" => data.extend(words.next()),
                "-F" => {
                    let part = words.next().unwrap_or_default();
                    let Some((name, value)) = part.split_once('=') else { continue };
                    match parts.iter_mut().find(|part| part.name == name) {
                        Some(part) => part.is_list = true,
                        None => {
                            let (name, is_file) = (name.to_owned(), value.starts_with('@'));
                            parts.push(Part { name, is_file, is_list: false });
                        }
                    }
                }
                "-G" | "--get" => is_query = true,
                "-X" => drop(words.next()),
                "url" => url = words.next(),
                other if url.is_none() && !other.starts_with('-') => url = Some(word),
                _ => {}
            }
        }
        for part in parts {
            match self.parts.iter_mut().find(|known| known.name == part.name) {
                Some(known) => known.is_list |= part.is_list,
                None => self.parts.push(part),
            }
        }
        self.urls.extend(url);
        if is_query { self.queries.extend(data) } else { self.data.extend(data) }
    }

    /// The headers with their values.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names of the parameters in the query.
    pub(super) fn query(&self) -> impl Iterator<Item = &str> {
        let queries = self.urls.iter().filter_map(|url| url.split_once('?')).map(|(_, query)| query);
        let pairs = queries.flat_map(|query| query.split('&')).chain(self.queries.iter().map(String::as_str));
        pairs.filter_map(|pair| pair.split_once('=')).map(|(name, _)| name)
    }

    /// The parts of a form.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter()
    }

    /// The body, where it is JSON.
    pub(super) fn body(&self) -> Option<Value> {
        self.data.iter().find_map(|text| serde_json::from_str(text).ok())
    }

    /// The names in a body of JSON, of any depth: texts before a colon.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.data.iter().flat_map(|text| text.split("\":")).filter_map(|before| Some(before.rsplit_once('"')?.1))
    }

    /// The method that code calls: the names of its services, from the client down, and its own.
    pub(super) fn method(&self) -> Option<(&[String], &str)> {
        self.method.as_ref().map(|(services, name)| (services.as_slice(), name.as_str()))
    }
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.trim().to_owned(), value.trim().to_owned())
}

/// The method that is called on a variable `client`.
fn called(code: &str) -> Option<(Vec<String>, String)> {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let ends_word = |before: &str| !before.ends_with(|last| is_name(last) || last == '.');
    let calls = code.match_indices("client.").filter(|(at, _)| ends_word(&code[..*at]));
    let mut chains = calls.filter_map(|(at, start)| Some(code[at + start.len()..].split_once('(')?.0));
    chains.find_map(|chain| {
        let mut names: Vec<String> = chain.split('.').map(|name| name.trim().to_owned()).collect();
        if names.iter().any(|name| name.is_empty() || !name.chars().all(is_name)) {
            return None;
        }
        let name = names.pop()?;
        let is_of_http = names.is_empty() && OF_HTTP.contains(&name.to_lowercase().as_str());
        (!is_of_http).then_some((names, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Example {
        Example::of(&Lines::new(&format!("```shell\n{code}\n```\n")))
    }

    #[test]
    fn a_command_is_a_request() {
        let post = "curl -X POST https://a.example/x?dry=true \\\n  -H \"X-Key: <k>\" \\\n  -d '{\n  \"a\": 1\n}'";
        let example = of(post);
        assert_eq!(example.headers().collect::<Vec<_>>(), [("X-Key", "<k>")]);
        assert_eq!(example.query().collect::<Vec<_>>(), ["dry"]);
        assert_eq!(example.body(), Some(serde_json::json!({ "a": 1 })));
        assert_eq!(example.keys().collect::<Vec<_>>(), ["a"]);
        let example = of("curl https://a.example -u \"<name>:<password>\" -F file=@<filename> -F tags=a -F tags=b");
        assert_eq!(example.headers().next().map(|(name, _)| name), Some("Authorization"));
        let part = |name: &str, is_file, is_list| Part { name: name.to_owned(), is_file, is_list };
        assert_eq!(example.parts, [part("file", true, false), part("tags", false, true)]);
    }

    #[test]
    fn the_method_is_what_code_calls_on_a_client() {
        let called = |code: &str| of(code).method.map(|(services, name)| (services.join("/"), name));
        let both = |services: &str, name: &str| Some((services.to_owned(), name.to_owned()));
        assert_eq!(called("const client = new A();\nawait client.a.b.listAll({});"), both("a/b", "listAll"));
        assert_eq!(called("print(client.tokenize(\n    text=1))"), both("", "tokenize"));
        assert_eq!(called("client.get(url)\nhttp_client.x.y()"), None);
        assert_eq!(called("IRestResponse response = client.Execute(request);\nclient.Do(req)"), None);
    }
}
