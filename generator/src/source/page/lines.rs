//! Stage 1, the lines of a Markdown text: headings, and which lines are in fences.

use std::ops::Range;

/// The level and the words of a heading ([CommonMark 4.2](https://spec.commonmark.org/0.31.2/#atx-headings)); an
/// indented one may be within YAML.
pub(super) fn heading(line: &str) -> Option<(usize, String)> {
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    let is_heading = (1..=6).contains(&level) && words.starts_with(char::is_whitespace);
    let words = words.trim().trim_end_matches('#').split_whitespace();
    is_heading.then(|| (level, words.collect::<Vec<_>>().join(" ")))
}

/// The lines of a text, with their offsets.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1).filter(|&at| at < text.len()));
        Self { text, starts }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The text from the line `from` up to the line `to`.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'t str {
        let offset = |line: usize| self.starts.get(line).copied().unwrap_or(self.text.len());
        &self.text[offset(from)..offset(to)]
    }

    /// Where a line stands in the text.
    pub(super) fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        start..start + self.slice(line, line + 1).trim_end().len()
    }

    /// A line without its end and, where texts were joined, without the byte order mark before it.
    pub(super) fn get(&self, at: usize) -> &'t str {
        self.slice(at, at + 1).trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}')
    }

    /// The indices of the lines that are prose.
    pub(super) fn outside_fences(&self) -> impl Iterator<Item = usize> + '_ {
        self.prose_from(0)
    }

    /// The same from a line on that is in no fence, without a look at those before.
    pub(super) fn prose_from(&self, line: usize) -> impl Iterator<Item = usize> + '_ {
        let mut open: Option<Fence<'t>> = None;
        (line..self.len()).filter(move |&at| {
            let line = self.get(at);
            match &open {
                Some(fence) if fence.is_closed_by(line) => open = None,
                Some(_) => {}
                None => open = Fence::open(line),
            }
            open.is_none()
        })
    }
}

/// An open fenced code block ([CommonMark 4.5](https://spec.commonmark.org/0.31.2/#fenced-code-blocks)).
pub(super) struct Fence<'t> {
    /// The marker with its indentation.
    pub(super) start: &'t str,
    marker: &'t str,
    /// The first word of what stands behind the marker.
    pub(super) language: &'t str,
}

impl<'t> Fence<'t> {
    pub(super) fn open(line: &'t str) -> Option<Self> {
        let bare = unindent(line)?;
        let first = bare.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        let info = bare.trim_start_matches(first);
        let (start, marker) = (&line[..line.len() - info.len()], &bare[..bare.len() - info.len()]);
        let language = info.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        (marker.len() >= 3 && !(first == '`' && info.contains('`'))).then_some(Self { start, marker, language })
    }

    pub(super) fn is_closed_by(&self, line: &str) -> bool {
        let Some(line) = unindent(line) else { return false };
        let rest = line.trim_start_matches(&self.marker[..1]);
        line.len() - rest.len() >= self.marker.len() && rest.trim().is_empty()
    }
}

/// The line without its indentation; `None` when that is four columns or more, which makes it indented code.
fn unindent(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(' ');
    (line.len() - bare.len() < 4).then_some(bare)
}
