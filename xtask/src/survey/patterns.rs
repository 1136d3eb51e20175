//! Texts that match a pattern: the shortest way through a regular expression, or nearly so.

use regex_syntax::hir::{Class, Hir, HirKind};

/// What stands for the characters of a class that has one of these.
const USUAL: [char; 5] = ['a', 'A', '1', '-', '/'];

/// A text that matches a pattern and has at least so many characters, which a validator has to confirm: what a place in
/// the text has to look like is not looked at. `None` for patterns that are written in another dialect.
#[must_use]
pub(super) fn matching(pattern: &str, least: usize) -> Option<String> {
    let pattern = regex_syntax::parse(pattern).ok()?;
    let written = |missing: usize| {
        let mut text = Vec::new();
        append(&pattern, &mut text, &mut { missing });
        String::from_utf8(text).ok()
    };
    let text = written(0)?;
    match least.checked_sub(text.chars().count()) {
        None | Some(0) => Some(text),
        Some(missing) => written(missing),
    }
}

/// Appends what matches a part. So many characters are missing to the shortest text; the first parts that can be
/// repeated make up for them.
fn append(part: &Hir, text: &mut Vec<u8>, missing: &mut usize) {
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.extend_from_slice(&literal.0),
        HirKind::Class(class) => text.extend(member(class).to_string().bytes()),
        HirKind::Repetition(repetition) => {
            // Once where that is allowed: a text without all its optional parts is often empty.
            let times = repetition.min.max(repetition.max.unwrap_or(1).min(1));
            (0..times).for_each(|_| append(&repetition.sub, text, missing));
            for _ in times..repetition.max.unwrap_or(u32::MAX) {
                let before = text.len();
                if *missing == 0 {
                    break;
                }
                append(&repetition.sub, text, &mut 0);
                // What adds nothing does so for ever.
                let added = String::from_utf8_lossy(&text[before..]).chars().count();
                *missing = if added == 0 { 0 } else { missing.saturating_sub(added) };
            }
        }
        HirKind::Capture(capture) => append(&capture.sub, text, missing),
        HirKind::Concat(parts) => parts.iter().for_each(|part| append(part, text, missing)),
        HirKind::Alternation(parts) => parts.first().into_iter().for_each(|part| append(part, text, missing)),
    }
}

fn member(class: &Class) -> char {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let is_member = |one: &char| ranges.iter().any(|(start, end)| (start..=end).contains(&one));
    USUAL.into_iter().find(is_member).or_else(|| ranges.first().map(|(start, _)| *start)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_patterns() {
        for (pattern, text) in [
            (r"^[0-9]+\.[0-9]+(-[a-z]+)?$", "1.1-a"),
            (r"^(?:sk|pk)_\w{4}$", "sk_aaaa"),
            ("^[^/]{2,}x?$", "aax"),
            ("^[A-F0-9]{3}$", "AAA"),
        ] {
            assert_eq!(matching(pattern, 0).as_deref(), Some(text), "{pattern}");
        }
        for (pattern, least, text) in [
            ("^[0-9a-f]+$", 4, "aaaa"),
            ("^v[0-9]{1,2}\\.[0-9]*$", 6, "v11.11"),
            ("^(?:ab)*$", 5, "ababab"),
            ("^(?:)*$", 5, ""),
            ("^a{2}$", 5, "aa"),
        ] {
            assert_eq!(matching(pattern, least).as_deref(), Some(text), "{pattern}");
        }
        assert_eq!(matching("(?=a)", 0), None);
    }
}
