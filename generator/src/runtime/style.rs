//! Parameters as text: the styles of OpenAPI, which are expansions of RFC 6570, of a value written to a tape.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::tape::{Entry, Node};

/// How a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) name: StyleName,
    /// Whether each element or member stands apart.
    pub(crate) explode: bool,
    /// Whether reserved characters stay as they are.
    pub(crate) reserved: bool,
    /// Whether slashes stay as they are.
    pub(crate) slashes: bool,
}

/// The styles (OpenAPI 3.1.1, section 4.8.12.3), and the text of a value as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StyleName {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Json,
}

impl Style {
    const fn of(name: StyleName) -> Self {
        Self { name, explode: false, reserved: false, slashes: false }
    }

    /// The same style with each element or member apart.
    pub(crate) const fn exploded(self) -> Self {
        Self { explode: true, ..self }
    }

    /// The same style with reserved characters as they are.
    pub(crate) const fn reserved(self) -> Self {
        Self { reserved: true, ..self }
    }

    /// The same style with slashes as they are, which are between segments of the path.
    pub(crate) const fn with_slashes(self) -> Self {
        Self { slashes: true, ..self }
    }
}

/// What a path or a header has unless its parameter says otherwise.
pub(crate) const SIMPLE: Style = Style::of(StyleName::Simple);
pub(crate) const LABEL: Style = Style::of(StyleName::Label);
pub(crate) const MATRIX: Style = Style::of(StyleName::Matrix);
/// What a query or a cookie has, exploded, unless its parameter says otherwise.
pub(crate) const FORM: Style = Style::of(StyleName::Form);
pub(crate) const SPACE_DELIMITED: Style = Style::of(StyleName::SpaceDelimited);
pub(crate) const PIPE_DELIMITED: Style = Style::of(StyleName::PipeDelimited);
/// Objects, and in them objects and lists, with the path to each value in brackets.
pub(crate) const DEEP_OBJECT: Style = Style::of(StyleName::DeepObject);
pub(crate) const JSON: Style = Style::of(StyleName::Json);

/// Where a text goes, which settles what has to be percent-encoded in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Path,
    Query,
    /// The query as one value, which has no name.
    WholeQuery,
    Cookie,
    /// Nothing is encoded: a header, or a cookie in the style `cookie`.
    Verbatim,
}

/// Everything but the unreserved characters (RFC 3986, section 2.3).
const ALL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What is neither unreserved nor reserved (RFC 3986, section 2.2), and what would end the path.
const IN_PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'%').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|');
const RESERVED_IN_PATH: &AsciiSet = &IN_PATH.add(b'}').add(b'/').add(b'?').add(b'#').add(b'[').add(b']');
/// The same, and what would end a parameter of a query or change its meaning.
const RESERVED_IN_QUERY: &AsciiSet = &IN_PATH.add(b'}').add(b'#').add(b'[').add(b']').add(b'&').add(b'+');

/// Percent-encodes a text; with `reserved`, as far as the target asks for it.
pub(crate) fn escape(text: &str, target: Target, reserved: bool) -> String {
    let set = match (target, reserved) {
        (Target::Verbatim, _) => return text.to_owned(),
        (Target::Path, true) => RESERVED_IN_PATH,
        (Target::Query | Target::WholeQuery | Target::Cookie, true) => RESERVED_IN_QUERY,
        (_, false) => ALL,
    };
    utf8_percent_encode(text, set).to_string()
}

/// Writes a parameter; `None` where there is none: `null`, and a list or an object without elements (RFC 6570, section
/// 2.3). A value within a value, for which most styles have no form, is written as JSON.
pub(crate) fn expand(name: &str, style: Style, value: Node<'_, '_>, target: Target) -> Option<String> {
    let writer = Writer { name: escape(name, target, false), style, target };
    match style.name {
        StyleName::Simple => writer.expand(value, "", ",", None),
        StyleName::Label => writer.expand(value, ".", ".", None),
        StyleName::Matrix => writer.expand(value, ";", ";", Some("")),
        StyleName::Form if target == Target::Cookie || target == Target::Verbatim => {
            writer.expand(value, "", "; ", Some("="))
        }
        StyleName::Form | StyleName::SpaceDelimited | StyleName::PipeDelimited => {
            writer.expand(value, "", "&", Some("="))
        }
        StyleName::DeepObject => {
            let mut pairs = Vec::new();
            writer.deep(&writer.name, value, &mut pairs);
            (!pairs.is_empty()).then(|| pairs.join("&"))
        }
        StyleName::Json => {
            let text = escape(&json(value), target, style.reserved);
            let named = matches!(target, Target::Query | Target::Cookie);
            Some(if named { format!("{}={text}", writer.name) } else { text })
        }
    }
}

/// How a property of a form is written, where the document says.
pub(crate) type Field = (&'static str, Style);

/// An object as a form (`application/x-www-form-urlencoded`): a parameter for each scalar and for each element of a
/// list of scalars, and brackets for what is nested (`a[b]=1`, `a[0][b]=1`), unless the document names a style.
pub(crate) fn form(value: Node<'_, '_>, styles: &[Field]) -> String {
    let fields = value.members().filter_map(|(name, value)| {
        let style = styles.iter().find(|(styled, _)| *styled == name).map(|(_, style)| *style);
        expand(name, style.unwrap_or_else(|| usual(value)), value, Target::Query)
    });
    join(fields, "&")
}

/// A value as the whole of a query: the members of an object as a form, any other value as one text.
pub(crate) fn whole_query(value: Node<'_, '_>) -> Option<String> {
    match value.entry() {
        Entry::Object { .. } => Some(form(value, &[])),
        _ => plain(value).map(|text| escape(&text, Target::Query, false)),
    }
}

/// The style of a property of a form for which the document names none.
fn usual(value: Node<'_, '_>) -> Style {
    let nested = |value: Node<'_, '_>| matches!(value.entry(), Entry::Object { .. } | Entry::Array { .. });
    let is_deep = match value.entry() {
        Entry::Object { .. } => true,
        Entry::Array { .. } => value.elements().any(nested),
        _ => false,
    };
    if is_deep { DEEP_OBJECT } else { FORM.exploded() }
}

/// A value as one text without a name, for a part of a form.
pub(crate) fn text_in(style: Style, value: Node<'_, '_>) -> Option<String> {
    Writer { name: String::new(), style, target: Target::Verbatim }.expand(value, "", ",", None)
}

struct Writer {
    /// The name, encoded.
    name: String,
    style: Style,
    target: Target,
}

impl Writer {
    /// The expansion of RFC 6570, section 3.2.1: `first` stands in front and `separator` between; a style with names
    /// has `if_empty` behind that of an empty value.
    fn expand(&self, value: Node<'_, '_>, first: &str, separator: &str, if_empty: Option<&str>) -> Option<String> {
        let named = |text: String| match if_empty {
            Some(if_empty) if text.is_empty() => format!("{}{if_empty}", self.name),
            Some(_) => format!("{}={text}", self.name),
            None => text,
        };
        let pairs: Vec<(String, String)> = match value.entry() {
            Entry::Null => return None,
            Entry::Array { .. } => {
                let elements = value.elements().filter_map(|element| self.text(element));
                elements.map(|element| (String::new(), element)).collect()
            }
            Entry::Object { .. } => value.members().flat_map(|(name, value)| self.member(name, value)).collect(),
            _ => return Some(format!("{first}{}", named(self.text(value)?))),
        };
        if pairs.is_empty() {
            return None;
        }
        let is_object = matches!(value.entry(), Entry::Object { .. });
        let text = match (self.style.explode, is_object) {
            (true, true) => join(pairs.into_iter().map(|(name, value)| format!("{name}={value}")), separator),
            (true, false) => join(pairs.into_iter().map(|(_, value)| named(value)), separator),
            (false, true) => named(join(pairs.into_iter().flat_map(|(name, value)| [name, value]), self.delimiter())),
            (false, false) => named(join(pairs.into_iter().map(|(_, value)| value), self.delimiter())),
        };
        Some(format!("{first}{text}"))
    }

    /// A member of an object: a pair, or where pairs stand apart one for each element of a list of scalars. OpenAPI
    /// leaves such a list open; servers read it as they read a list that is a parameter of its own.
    fn member(&self, name: &str, value: Node<'_, '_>) -> Vec<(String, String)> {
        let is_scalar = |value: Node<'_, '_>| !matches!(value.entry(), Entry::Object { .. } | Entry::Array { .. });
        let are_pairs = !matches!(self.style.name, StyleName::Simple | StyleName::Label | StyleName::Matrix);
        let pair = |value| Some((self.escape(name), self.text(value)?));
        match value.entry() {
            Entry::Array { .. } if self.style.explode && are_pairs && value.elements().all(is_scalar) => {
                value.elements().filter_map(pair).collect()
            }
            _ => pair(value).into_iter().collect(),
        }
    }

    /// What stands between the elements of a list that is one text.
    fn delimiter(&self) -> &'static str {
        match (self.style.name, self.target) {
            (StyleName::SpaceDelimited, Target::Verbatim) => " ",
            (StyleName::SpaceDelimited, _) => "%20",
            (StyleName::PipeDelimited, Target::Verbatim) => "|",
            (StyleName::PipeDelimited, _) => "%7C",
            _ => ",",
        }
    }

    fn deep(&self, name: &str, value: Node<'_, '_>, pairs: &mut Vec<String>) {
        let part = |key: &str| format!("{name}{}{key}{}", self.escape("["), self.escape("]"));
        match value.entry() {
            Entry::Object { .. } => {
                for (key, value) in value.members() {
                    self.deep(&part(&self.escape(key)), value, pairs);
                }
            }
            Entry::Array { .. } => {
                for (index, element) in value.elements().enumerate() {
                    self.deep(&part(&index.to_string()), element, pairs);
                }
            }
            _ => pairs.extend(self.text(value).map(|text| format!("{name}={text}"))),
        }
    }

    fn escape(&self, text: &str) -> String {
        escape(text, self.target, false)
    }

    /// A value as one text; `null` is none.
    fn text(&self, value: Node<'_, '_>) -> Option<String> {
        let text = plain(value)?;
        let escape = |text: &str| escape(text, self.target, self.style.reserved);
        Some(if self.style.slashes { join(text.split('/').map(escape), "/") } else { escape(&text) })
    }
}

/// A value as it reads without quotes; `null` is none, and what is no scalar is written as JSON.
pub(crate) fn plain(value: Node<'_, '_>) -> Option<String> {
    Some(match value.entry() {
        Entry::Null => return None,
        Entry::Bool(value) => value.to_string(),
        Entry::Unsigned(value) => value.to_string(),
        Entry::Signed(value) => value.to_string(),
        Entry::Float(value) => value.to_string(),
        Entry::Text(_) | Entry::Held { .. } => value.text().unwrap_or_default().to_owned(),
        Entry::Array { .. } | Entry::Object { .. } => json(value),
    })
}

fn json(value: Node<'_, '_>) -> String {
    // Names are texts, so that a tape is always writable.
    serde_json::to_string(&value).unwrap_or_default()
}

fn join(texts: impl Iterator<Item = String>, separator: &str) -> String {
    texts.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::encode::to_tape;
    use super::*;

    fn written(style: Style, value: &Value, target: Target) -> Option<String> {
        let tape = to_tape(value);
        expand("v", style, tape.root(), target)
    }

    /// The values of RFC 6570, section 3.2.1.
    fn values() -> [Value; 6] {
        let keys = json!({"semi": ";", "dot": ".", "comma": ","});
        [json!("value"), json!(""), json!("Hello World!"), json!(["red", "green", "blue"]), keys, json!([])]
    }

    #[test]
    fn a_whole_query_is_a_form_or_one_text() {
        let query = |value: serde_json::Value| whole_query(to_tape(&value).root());
        assert_eq!(query(serde_json::json!({"a": 1, "b": "x y"})).as_deref(), Some("a=1&b=x%20y"));
        assert_eq!(query(serde_json::json!("$.a[?@.b>1]")).as_deref(), Some("%24.a%5B%3F%40.b%3E1%5D"));
        assert_eq!(query(serde_json::json!(null)), None);
    }

    #[test]
    fn styles_are_the_expansions_of_rfc_6570() {
        // Sections 3.2.2, 3.2.5, 3.2.7 and 3.2.8, with the variable called `v`.
        let keys = "semi,%3B,dot,.,comma,%2C";
        let table: [(StyleName, bool, Target, [Option<String>; 6]); 8] = [
            (StyleName::Simple, false, Target::Path, row(["value", "", "Hello%20World%21", "red,green,blue", keys])),
            (
                StyleName::Simple,
                true,
                Target::Path,
                row(["value", "", "Hello%20World%21", "red,green,blue", "semi=%3B,dot=.,comma=%2C"]),
            ),
            (
                StyleName::Label,
                false,
                Target::Path,
                row([".value", ".", ".Hello%20World%21", ".red,green,blue", &format!(".{keys}")]),
            ),
            (
                StyleName::Label,
                true,
                Target::Path,
                row([".value", ".", ".Hello%20World%21", ".red.green.blue", ".semi=%3B.dot=..comma=%2C"]),
            ),
            (
                StyleName::Matrix,
                false,
                Target::Path,
                row([";v=value", ";v", ";v=Hello%20World%21", ";v=red,green,blue", &format!(";v={keys}")]),
            ),
            (
                StyleName::Matrix,
                true,
                Target::Path,
                row([";v=value", ";v", ";v=Hello%20World%21", ";v=red;v=green;v=blue", ";semi=%3B;dot=.;comma=%2C"]),
            ),
            (
                StyleName::Form,
                false,
                Target::Query,
                row(["v=value", "v=", "v=Hello%20World%21", "v=red,green,blue", &format!("v={keys}")]),
            ),
            (
                StyleName::Form,
                true,
                Target::Query,
                row(["v=value", "v=", "v=Hello%20World%21", "v=red&v=green&v=blue", "semi=%3B&dot=.&comma=%2C"]),
            ),
        ];
        for (name, explode, target, expected) in table {
            let style = if explode { Style::of(name).exploded() } else { Style::of(name) };
            for (value, expected) in values().iter().zip(expected) {
                assert_eq!(written(style, value, target), expected, "{style:?} {value}");
            }
        }
    }

    /// A row of the table: what is empty expands to nothing in every style.
    fn row(texts: [&str; 5]) -> [Option<String>; 6] {
        let [scalar, empty, spaces, list, keys] = texts.map(|text| Some(text.to_owned()));
        [scalar, empty, spaces, list, keys, None]
    }

    #[test]
    fn styles_of_openapi_alone_are_written_as_its_table_has_them() {
        let color = json!({"R": 100, "G": 200});
        let list = json!(["blue", "black"]);
        let deep = json!({"a": {"b": [1, null, {"c": true}]}, "n": null, "d": "x y"});
        let query = |style, value: &Value| written(style, value, Target::Query);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(query(SPACE_DELIMITED, &list), text("v=blue%20black"));
        assert_eq!(query(SPACE_DELIMITED, &color), text("v=R%20100%20G%20200"));
        assert_eq!(query(PIPE_DELIMITED, &list), text("v=blue%7Cblack"));
        assert_eq!(query(PIPE_DELIMITED.exploded(), &list), text("v=blue&v=black"));
        assert_eq!(query(DEEP_OBJECT, &color), text("v%5BR%5D=100&v%5BG%5D=200"));
        assert_eq!(
            query(DEEP_OBJECT, &deep),
            text("v%5Ba%5D%5Bb%5D%5B0%5D=1&v%5Ba%5D%5Bb%5D%5B2%5D%5Bc%5D=true&v%5Bd%5D=x%20y")
        );
        assert_eq!(query(JSON, &color), text("v=%7B%22R%22%3A100%2C%22G%22%3A200%7D"));
        assert_eq!(written(FORM.exploded(), &list, Target::Cookie), text("v=blue; v=black"));
        assert_eq!(written(SIMPLE, &json!(["a b", 1.5]), Target::Verbatim), text("a b,1.5"));
        let part = |style| text_in(style, to_tape(&list).root());
        assert_eq!(
            [FORM, SPACE_DELIMITED, PIPE_DELIMITED].map(part),
            ["blue,black", "blue black", "blue|black"].map(text)
        );
    }

    #[test]
    fn null_is_nothing_and_what_no_style_can_say_is_json() {
        for target in [Target::Path, Target::Query, Target::Cookie, Target::Verbatim] {
            assert_eq!(written(FORM.exploded(), &json!(null), target), None);
        }
        assert_eq!(written(FORM.exploded(), &json!([null, "a"]), Target::Query), Some("v=a".to_owned()));
        assert_eq!(written(FORM.exploded(), &json!([[1]]), Target::Query), Some("v=%5B1%5D".to_owned()));
        let nested = written(FORM.exploded(), &json!({"a": [{"b": 1}], "c": {"d": 2}}), Target::Query);
        assert_eq!(nested, Some("a=%5B%7B%22b%22%3A1%7D%5D&c=%7B%22d%22%3A2%7D".to_owned()));
    }

    #[test]
    fn a_list_in_an_object_whose_members_stand_apart_is_a_pair_for_each_element() {
        let page = json!({"page": 1, "sort": ["a,asc", "b"], "none": []});
        let query = written(FORM.exploded(), &page, Target::Query);
        assert_eq!(query, Some("page=1&sort=a%2Casc&sort=b".to_owned()));
        assert_eq!(
            written(SIMPLE.exploded(), &page, Target::Path),
            Some("page=1,sort=%5B%22a%2Casc%22%2C%22b%22%5D,none=%5B%5D".to_owned())
        );
    }

    #[test]
    fn reserved_characters_stay_where_they_end_nothing() {
        let value = json!("a/b?c#d&e+f=g:h@i,é%");
        let path = "a%2Fb%3Fc%23d&e+f=g:h@i,%C3%A9%25".to_owned();
        assert_eq!(written(SIMPLE.reserved(), &value, Target::Path), Some(path));
        let segments = "a/b%3Fc%23d%26e%2Bf%3Dg%3Ah%40i%2C%C3%A9%25".to_owned();
        assert_eq!(written(SIMPLE.with_slashes(), &value, Target::Path), Some(segments));
        let query = "v=a/b?c%23d%26e%2Bf=g:h@i,%C3%A9%25".to_owned();
        assert_eq!(written(FORM.reserved(), &value, Target::Query), Some(query));
    }

    #[test]
    fn a_form_nests_by_brackets_unless_it_is_told_otherwise() {
        let value = json!({"a": [1, 2], "b": {"c": "d e"}, "f": [{"g": 1}], "h": null, "i": [3, 4]});
        let tape = to_tape(&value);
        let text = form(tape.root(), &[("i", FORM)]);
        assert_eq!(text, "a=1&a=2&b%5Bc%5D=d%20e&f%5B0%5D%5Bg%5D=1&i=3,4");
    }
}
