//! Stage 1, text → [`Value`]: finds the description in a text and parses it. The only stage that knows YAML and JSON.

pub(crate) mod foreign;
mod json;
mod page;
mod texts;
mod written;
mod yaml;

pub(crate) use page::{Page, outline};
use serde_json::Value;
pub(crate) use texts::{Text, in_input, in_inputs, in_text, texts};
pub(crate) use written::Written;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::dialect::{Generation, Kind};
use crate::locate;
use crate::pointer::Pointer;

/// Deeper documents are refused instead of exhausting the stack.
const MAX_DEPTH: usize = 127;

/// What to do about a text that is no description.
pub(crate) const EXPECTED: &str = "a description starts with `openapi: 3.x.y` or `swagger: '2.0'`";

/// What a parser makes of a text.
#[derive(Debug)]
struct Parsed {
    value: Value,
    /// The keys that an object has more than once; the last of each is in the value.
    duplicates: Vec<Pointer>,
    written: Written,
    /// Where half of a character was replaced: lines and columns, from 1.
    replaced: Vec<(usize, usize)>,
}

/// What a parser has against a text.
#[derive(Debug)]
struct SyntaxError {
    /// Line and column, from 1, where the parser says them.
    line: Option<(usize, usize)>,
    message: String,
}

/// How a description is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// YAML 1.2.
    Yaml,
    /// JSON (RFC 8259).
    Json,
    /// The lists of a documentation page.
    Outline,
}

/// The part of a text that is a description of an API.
#[derive(Clone, Debug)]
pub(crate) struct Description<'t> {
    /// The description, a slice of the text.
    pub(crate) text: &'t str,
    /// How it is written.
    pub(crate) format: Format,
    /// The number of lines of the text before it.
    pub(crate) lines_before: usize,
    /// What the page around it says, when the text is a documentation page.
    pub(crate) page: Option<Page>,
    /// The line of the fence around it, from 1, where nothing closes that.
    pub(crate) cut_off: Option<usize>,
}

/// A parsed text.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The index of the text.
    pub(crate) input: usize,
    /// The description.
    pub(crate) value: Value,
    pub(crate) written: Written,
    /// What the page around it says, when the text is a documentation page.
    pub(crate) page: Option<Page>,
    /// Whether the page around it prints no types.
    pub(crate) is_outline: bool,
    /// The kinds of nodes in it: of the root, and of what was grafted from other texts.
    pub(crate) regions: Vec<(Pointer, Kind)>,
    /// Stage 2 finds it out.
    pub(crate) generation: Generation,
}

impl Source {
    /// The nodes of other texts that are referred to both by themselves and within what else is.
    pub(crate) fn nested_regions(&self) -> impl Iterator<Item = &(Pointer, Kind)> {
        let is_around = |at: &Pointer, other: &Pointer| *other != Pointer::root() && other != at && at.is_within(other);
        self.regions.iter().filter(move |(at, _)| self.regions.iter().any(|(other, _)| is_around(at, other)))
    }
}

/// Finds the description in a text, by what the text holds and not by what it is called.
///
/// `None` when the text is a documentation page without a description.
#[must_use]
pub(crate) fn find(text: &str) -> Option<Description<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if is_json(text) {
        return Some(Description { text, format: Format::Json, lines_before: 0, page: None, cut_off: None });
    }
    if let Some(found) = page::find(text) {
        return Some(found);
    }
    (!page::is_page(text)).then_some(Description {
        text,
        format: Format::Yaml,
        lines_before: 0,
        page: None,
        cut_off: None,
    })
}

/// Whether a text is JSON, by how it starts: what else starts with a brace is a flow mapping of YAML.
fn is_json(text: &str) -> bool {
    match text.trim_start().strip_prefix('{') {
        Some(rest) => rest.trim_start().starts_with(['"', '}']),
        None => text.trim_start().starts_with('['),
    }
}

/// Whether a text can hold a reference into another one, in a mapping one with an extension; a look that costs less
/// than to parse it.
#[must_use]
pub(crate) fn may_refer_elsewhere(text: &str) -> bool {
    let behind = text.split("$ref").skip(1);
    let mut starts = behind.map(|rest| rest.trim_start_matches(['"', '\'', ':', ' ', '\t', '\r', '\n', '>', '|', '-']));
    let maps_to_files = || text.contains("mapping") && [".yaml", ".yml", ".json"].iter().any(|end| text.contains(end));
    starts.any(|target| !target.starts_with('#')) || maps_to_files()
}

/// Parses the text with the index `input` and the name of the file that it is from; what is wrong with it goes to
/// `diagnostics`.
pub(crate) fn parse(input: usize, name: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Source> {
    let at = |spot| Place { input, spot };
    let Some(description) = find(text) else {
        diagnostics.push(no_description(input, text));
        return None;
    };
    // What pages have before their prose is YAML, and may name the operation that they are about.
    let has_front_matter = description.page.is_none() && without_front_matter(text) != text;
    if has_front_matter && is_markdown(name) {
        diagnostics.push(no_description(input, text));
        return None;
    }
    if let Some(what) = foreign::of_text(description.text).filter(|_| description.format == Format::Yaml) {
        let message = format!("this is {what}, and no description of an API that can be read");
        let diagnostic = Diagnostic::new(Severity::Error, Code::NoDescription, at(Spot::Whole), message);
        diagnostics.push(diagnostic.help(EXPECTED));
        return None;
    }
    if let Some(line) = description.cut_off {
        let message = "nothing closes this block; what the page had behind its last line is not there";
        let help = "get the page once more, or end the block as it starts";
        let warning = Diagnostic::new(Severity::Warning, Code::CutOff, at(Spot::Line(line, 1)), message);
        diagnostics.push(warning.help(help));
    }
    let parsed = match description.format {
        Format::Yaml => yaml::parse(description.text),
        Format::Json => json::parse(description.text),
        Format::Outline => read_outline(input, description.text, diagnostics),
    };
    match parsed {
        Ok(Parsed { value, duplicates, written, replaced }) => {
            report_duplicates(input, &description, duplicates, diagnostics);
            for (line, column) in replaced {
                let place = at(Spot::Line(line + description.lines_before, column));
                let message = "this is half of a character; U+FFFD is read in its place";
                let help = "a character beyond U+FFFF is escaped as two halves, such as `\\ud83d\\ude00`";
                diagnostics.push(Diagnostic::new(Severity::Warning, Code::JsonSyntax, place, message).help(help));
            }
            let (regions, generation) = (vec![(Pointer::root(), Kind::Root)], Generation::default());
            let is_outline = description.format == Format::Outline;
            Some(Source { input, value, written, page: description.page, is_outline, regions, generation })
        }
        Err(_) if description.page.is_none() && is_prose(name, description.text) => {
            diagnostics.push(no_description(input, text));
            None
        }
        Err(error) => {
            let spot = match error.line {
                Some((line, column)) => Spot::Line(line + description.lines_before, column),
                None => Spot::Whole,
            };
            let (code, help) = match description.format {
                Format::Yaml => (Code::YamlSyntax, "the mistake is here or above; this text is read as YAML"),
                Format::Json => {
                    let help = "the mistake is here or above; a text that starts with `{\"` or `[` is read as JSON";
                    (Code::JsonSyntax, help)
                }
                Format::Outline => (Code::NoDescription, "an outline is a title, a request and what it takes"),
            };
            diagnostics.push(Diagnostic::new(Severity::Error, code, at(spot), error.message).help(help));
            None
        }
    }
}

/// Reads the outline in a text, and says what it leaves open.
fn read_outline(input: usize, text: &str, diagnostics: &mut Diagnostics) -> Result<Parsed, SyntaxError> {
    let missing = || SyntaxError { line: None, message: "this page has no request".to_owned() };
    let outline = outline::read(text).ok_or_else(missing)?;
    let mut say = |severity, code, at, message: String, help: &str| {
        let place = Place { input, spot: Spot::Node(at) };
        diagnostics.push(Diagnostic::new(severity, code, place, message).help(help));
    };
    let message =
        "this page prints no types: the parameters of its operation are texts, and bodies any value".to_owned();
    say(Severity::Note, Code::Outline, Pointer::root(), message, "a newer print of the page holds a description");
    if !outline.is_whole {
        let message = "this page ends before its examples; what it had behind its last line is not there".to_owned();
        say(Severity::Warning, Code::CutOff, Pointer::root(), message, "get the page once more");
    }
    for (at, printed) in outline.assumed {
        let name = at.get(&outline.value).and_then(|parameter| parameter["name"].as_str()).unwrap_or_default();
        let message = format!("this page prints a name as `{printed}` and never as it is sent; `{name}` is assumed");
        say(Severity::Warning, Code::Outline, at, message, "an overlay can say the name");
    }
    let value = outline.value;
    Ok(Parsed { value, duplicates: Vec::new(), written: Written::default(), replaced: Vec::new() })
}

fn report_duplicates(
    input: usize,
    description: &Description<'_>,
    duplicates: Vec<Pointer>,
    diagnostics: &mut Diagnostics,
) {
    let firsts = locate::first_keys(description.text, description.format, &duplicates);
    for (at, first) in duplicates.into_iter().zip(firsts) {
        let key = at.last().unwrap_or_default();
        let lines = |offset: usize| description.text[..offset].matches('\n').count() + description.lines_before + 1;
        let first = first.map(|first| format!(", first on line {}", lines(first.start))).unwrap_or_default();
        let message = format!("the key `{key}` stands here more than once{first}; the last one counts");
        let place = Place { input, spot: Spot::Key(at) };
        let help = "remove one of them, or give it another name";
        diagnostics.push(Diagnostic::new(Severity::Warning, Code::DuplicateKey, place, message).help(help));
    }
}

fn no_description(input: usize, text: &str) -> Diagnostic {
    let message = "this documentation page holds no description of the API";
    let spot = page::heading_line(text).map_or(Spot::Whole, |line| Spot::Line(line, 1));
    let help = "the description stands in a fenced code block of YAML or JSON under the heading \
                `## OpenAPI Specification`";
    Diagnostic::new(Severity::Error, Code::NoDescription, Place { input, spot }, message).help(help)
}

/// Whether a text that cannot be parsed is prose and no description with a mistake: it does not say what it describes,
/// and is Markdown by the name of its file, or has headings of the second level or fenced code.
fn is_prose(name: &str, text: &str) -> bool {
    let lines = || without_front_matter(text).lines();
    let is_fence = |line: &str| line.trim_start().starts_with("```");
    let mut fences = 0;
    let mut outside = lines().filter(|line| {
        fences += usize::from(is_fence(line));
        fences % 2 == 0
    });
    !outside.any(says_what_it_is)
        && (is_markdown(name) || lines().any(|line| line.starts_with("## ") || line.starts_with("```")))
}

/// Whether the file of a text is Markdown by its name.
fn is_markdown(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    ["md", "mdx", "markdown"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether a line of YAML says what a text describes, and in which version.
fn says_what_it_is(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else { return false };
    let is_version = value.trim_matches(['"', '\'', ' ']).starts_with(|first: char| first.is_ascii_digit());
    is_version && ["openapi", "swagger", "asyncapi", "overlay"].contains(&key.trim_end().trim_matches(['"', '\'']))
}

/// Whether a text, or a page in it, describes an API, by a look that costs less than to parse it.
#[must_use]
pub(crate) fn describes(text: &str) -> bool {
    let is_description =
        |text| find(text).is_some_and(|found| found.page.is_some() || found.text.lines().any(says_what_it_is));
    is_description(text) || page::split(text).into_iter().any(|(_, page)| is_description(page))
}

/// What is below the YAML that a documentation page starts with, between two lines of dashes.
fn without_front_matter(text: &str) -> &str {
    let behind = text.strip_prefix("---").and_then(|rest| rest.split_once("\n---"));
    behind.map_or(text, |(_, below)| below)
}
