//! Between the stages and the user: shows diagnostics with the place in the text the user wrote.

mod text;

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Padding, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Place, Severity, Spot};
use crate::{Input, locate, source};
use text::{Excerpt, Text};

/// The diagnostics as text, one block each in the order of the texts and of their places in these, in colours for a
/// terminal when `color` is set.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], inputs: &[Input], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    // An excerpt is short already; the renderer would only cut it a second time.
    let renderer = renderer.term_width(4 * text::LONGEST);
    let mut all: Vec<_> = diagnostics.iter().zip(find_all(places(diagnostics), inputs)).collect();
    all.sort_by_key(|(diagnostic, found)| {
        (diagnostic.place.input, found.as_ref().map(|found| (found.line, found.column)))
    });
    let blocks = all.into_iter().map(|(diagnostic, found)| {
        let name = inputs.get(diagnostic.place.input).map(|input| input.name.as_str());
        block(&renderer, diagnostic, name, found.as_ref())
    });
    let mut report = blocks.collect::<Vec<_>>().join("\n\n");
    if !report.is_empty() {
        report.push('\n');
    }
    report
}

/// The line and the column of each place, both from 1, the column in characters; `None` when it is a text as a whole.
#[must_use]
pub fn positions<'p>(places: impl IntoIterator<Item = &'p Place>, inputs: &[Input]) -> Vec<Option<(usize, usize)>> {
    let found = find_all(places, inputs);
    found.into_iter().map(|found| found.map(|found| (found.line, found.column))).collect()
}

fn places(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Place> {
    diagnostics.iter().map(|diagnostic| &diagnostic.place)
}

/// Where a diagnostic points to.
#[derive(Clone, Debug)]
struct Found<'t> {
    line: usize,
    column: usize,
    /// `None` when the text has no such line.
    excerpt: Option<Excerpt<'t>>,
}

fn find_all<'p, 't>(places: impl IntoIterator<Item = &'p Place>, inputs: &'t [Input]) -> Vec<Option<Found<'t>>> {
    // By input, so that every text is read once, whatever the order of the places.
    let mut by_input = vec![Vec::new(); inputs.len()];
    let mut all = Vec::new();
    for (at, place) in places.into_iter().enumerate() {
        if let Some(of_input) = by_input.get_mut(place.input) {
            of_input.push((at, &place.spot));
        }
        all.push(None);
    }
    for (input, spots) in inputs.iter().zip(by_input).filter(|(_, spots)| !spots.is_empty()) {
        let (indices, spots): (Vec<usize>, Vec<&Spot>) = spots.into_iter().unzip();
        for (at, found) in indices.into_iter().zip(find_in(input, &spots)) {
            all[at] = found;
        }
    }
    all
}

fn find_in<'t>(input: &'t Input, spots: &[&Spot]) -> Vec<Option<Found<'t>>> {
    let text = Text::new(&input.text);
    let ranges = ranges(&text, spots);
    let mut starts: Vec<usize> = ranges.iter().flatten().map(|range| range.start).collect();
    starts.sort_unstable();
    let places = text.places(&starts);
    let find = |(spot, range): (&&Spot, Option<Range<usize>>)| {
        if let (Spot::Line(line, column), None) = (spot, &range) {
            return Some(Found { line: *line, column: *column, excerpt: None });
        }
        let range = range?;
        let (line, column) = match spot {
            // A parser may name the column behind the end of a line.
            Spot::Line(line, column) => (*line, *column),
            _ => *places.get(starts.binary_search(&range.start).ok()?)?,
        };
        Some(Found { line, column, excerpt: Some(text.excerpt(range)) })
    };
    spots.iter().zip(ranges).map(find).collect()
}

/// The range of each spot in the text.
fn ranges(text: &Text<'_>, spots: &[&Spot]) -> Vec<Option<Range<usize>>> {
    let is_node = |spot: &Spot| matches!(spot, Spot::Node(_) | Spot::Key(_));
    let wanted: Vec<Spot> = spots.iter().filter(|spot| is_node(spot)).map(|&spot| spot.clone()).collect();
    let mut nodes = if wanted.is_empty() { Vec::new() } else { nodes(text, &wanted) }.into_iter();
    let range = |spot: &&Spot| match spot {
        Spot::Whole => None,
        Spot::Line(line, column) => text.character(*line, *column),
        Spot::Node(_) | Spot::Key(_) => nodes.next().flatten(),
    };
    spots.iter().map(range).collect()
}

fn nodes(text: &Text<'_>, wanted: &[Spot]) -> Vec<Option<Range<usize>>> {
    let Some(description) = source::find(text.text) else { return Vec::new() };
    let before = text.line_start(description.lines_before + 1).unwrap_or(text.text.len());
    let located = locate::locate(description.text, description.format, wanted);
    located.into_iter().map(|range| range.map(|range| range.start + before..range.end + before)).collect()
}

fn block(renderer: &Renderer, diagnostic: &Diagnostic, name: Option<&str>, found: Option<&Found<'_>>) -> String {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let help = diagnostic.help.as_deref().map(|help| Element::Message(Level::HELP.message(help)));
    let mut head = Group::with_title(level.clone().primary_title(&*diagnostic.message).id(diagnostic.code.as_str()));
    if let Some(name) = name {
        let origin = Origin::path(name);
        head = head.element(match found {
            Some(found) => origin.line(found.line).char_column(found.column),
            None => origin,
        });
    }
    let Some((found, excerpt)) = found.and_then(|found| Some((found, found.excerpt.as_ref()?))) else {
        let padding = help.as_ref().map(|_| Element::Padding(Padding));
        return renderer.render(&[head.elements(padding).elements(help)]);
    };
    let marked = AnnotationKind::Primary.span(excerpt.marked.clone());
    let snippet = Snippet::<Annotation<'_>>::source(&*excerpt.line).line_start(found.line).annotation(marked);
    // In one piece with the head, the renderer would count the column within the excerpt and not within the line.
    let body = renderer.render(&[Group::with_level(level).element(snippet).elements(help)]);
    let head = renderer.render(&[head]);
    let indent = " ".repeat(found.line.to_string().len());
    match head.rsplit_once('\n') {
        Some((title, origin)) => format!("{title}\n{indent}{origin}\n{body}"),
        None => format!("{head}\n{body}"),
    }
}

#[cfg(test)]
mod tests;
