//! Says how the output folder differs from what is generated.

use super::{Change, Plan};

impl Plan {
    /// The files that differ, each with its first differing line; empty when there are none.
    #[must_use]
    pub fn differences(&self) -> String {
        let mut text = String::new();
        for (path, change) in &self.changes {
            let path = crate::shown(&self.out.join(path));
            match change {
                Change::Unchanged => {}
                Change::Delete => text.push_str(&format!("no longer generated: {path}\n")),
                Change::Write { before: None, .. } => text.push_str(&format!("missing: {path}\n")),
                Change::Write { before: Some(before), text: after } => {
                    text.push_str(&stale(&path, &String::from_utf8_lossy(before), after));
                }
            }
        }
        text
    }
}

/// The first line at which two texts differ, as the two of them.
fn stale(path: &str, before: &str, after: &str) -> String {
    let (mut old, mut new) = (before.split_inclusive('\n'), after.split_inclusive('\n'));
    let mut number = 1;
    let (old, new) = loop {
        match (old.next(), new.next()) {
            (Some(old), Some(new)) if old == new => number += 1,
            pair => break pair,
        }
    };
    let line =
        |sign: char, line: Option<&str>| line.map_or(String::new(), |line| format!("{sign} {}\n", visible(line)));
    format!("stale: {path}:{number}\n{}{}", line('-', old), line('+', new))
}

/// A line on which everything can be seen, also what tells apart two lines that look the same.
fn visible(line: &str) -> String {
    let (line, end) = match line.strip_suffix('\n') {
        Some(line) => (line, ""),
        None => (line, " (no line break at the end)"),
    };
    let mut text: String = line
        .chars()
        .map(|c| if c.is_control() && c != '\t' { c.escape_default().to_string() } else { c.to_string() })
        .collect();
    text.push_str(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_differing_line_is_shown() {
        assert_eq!(stale("a.rs", "one\ntwo\nthree\n", "one\n2\n3\n"), "stale: a.rs:2\n- two\n+ 2\n");
    }

    #[test]
    fn the_longer_text_shows_its_line() {
        assert_eq!(stale("a.rs", "one\n", "one\ntwo\n"), "stale: a.rs:2\n+ two\n");
        assert_eq!(stale("a.rs", "one\ntwo\n", "one\n"), "stale: a.rs:2\n- two\n");
        assert_eq!(stale("a.rs", "", "one\n"), "stale: a.rs:1\n+ one\n");
    }

    #[test]
    fn line_breaks_are_visible_where_they_differ() {
        assert_eq!(stale("a", "one\r\n", "one\n"), "stale: a:1\n- one\\r\n+ one\n");
        assert_eq!(stale("a", "one", "one\n"), "stale: a:1\n- one (no line break at the end)\n+ one\n");
    }
}
