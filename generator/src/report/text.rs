//! Reporting, one text: lines, columns and the short piece of a line that is shown.

use std::borrow::Cow;
use std::ops::Range;

/// How many characters of a line are shown before and after the place where a range starts.
const BEFORE: usize = 50;
const AFTER: usize = 70;

/// The most characters that an excerpt has.
pub(super) const LONGEST: usize = BEFORE + AFTER + 2 * ELLIPSIS.len();

const ELLIPSIS: &str = "...";

/// A text as its lines are counted: a byte order mark is no character of the first one.
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
}

/// A piece of one line with the range in it that is pointed to.
#[derive(Clone, Debug)]
pub(super) struct Excerpt<'t> {
    pub(super) line: Cow<'t, str>,
    pub(super) marked: Range<usize>,
}

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text: text.strip_prefix('\u{feff}').unwrap_or(text) }
    }

    /// The offset at which a line starts; lines count from 1.
    pub(super) fn line_start(&self, line: usize) -> Option<usize> {
        match line.checked_sub(2) {
            None => (line == 1).then_some(0),
            Some(nth) => self.text.match_indices('\n').nth(nth).map(|(end, _)| end + 1),
        }
    }

    /// The range of a character given by line and column, or the end of the line when that has fewer.
    pub(super) fn character(&self, line: usize, column: usize) -> Option<Range<usize>> {
        let start = self.line_start(line)?;
        let line = self.text.get(start..)?.split('\n').next()?;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let found = line.char_indices().nth(column.saturating_sub(1));
        let (at, length) = found.map_or((line.len(), 0), |(at, character)| (at, character.len_utf8()));
        Some(start + at..start + at + length)
    }

    /// Line and column, from 1, of offsets in ascending order, in one pass over the text.
    pub(super) fn places(&self, offsets: &[usize]) -> Vec<(usize, usize)> {
        let (mut at, mut line, mut column) = (0, 1, 1);
        let place = |&offset: &usize| {
            let between = self.text.get(at..offset).unwrap_or_default();
            let last_line = match between.rfind('\n') {
                Some(end) => {
                    line += between.bytes().filter(|&byte| byte == b'\n').count();
                    column = 1;
                    &between[end + 1..]
                }
                None => between,
            };
            column += last_line.chars().count();
            at = offset;
            (line, column)
        };
        offsets.iter().map(place).collect()
    }

    /// The line around the start of `range`, cut on both sides when it is long. What of the range is not in it is not
    /// pointed to.
    pub(super) fn excerpt(&self, range: Range<usize>) -> Excerpt<'t> {
        let (before, after) = self.text.split_at_checked(range.start).unwrap_or((self.text, ""));
        // Neither way is searched further than what is shown: the line may be the whole text.
        let mut start = before.len();
        let mut shown = before.char_indices().rev().take_while(|(_, character)| !is_line_end(*character));
        shown.by_ref().take(BEFORE).for_each(|(at, _)| start = at);
        let cut_before = shown.next().is_some();
        let mut end = before.len();
        let mut shown = after.chars().take_while(|character| !is_line_end(*character));
        shown.by_ref().take(AFTER).for_each(|character| end += character.len_utf8());
        let cut_after = shown.next().is_some();
        let line = &self.text[start..end];
        let marked = before.len() - start..range.end.clamp(before.len(), end) - start;
        if !cut_before && !cut_after {
            return Excerpt { line: Cow::Borrowed(line), marked };
        }
        let (left, right) = (if cut_before { ELLIPSIS } else { "" }, if cut_after { ELLIPSIS } else { "" });
        let marked = marked.start + left.len()..marked.end + left.len();
        Excerpt { line: Cow::Owned(format!("{left}{line}{right}")), marked }
    }
}

fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r')
}
