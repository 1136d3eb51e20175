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
