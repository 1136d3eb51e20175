//! Rust source without its comments, texts and tests, and the paths that are used in what is left.

/// The code of a file, of the same length in lines: comments and the content of literals are blank, and what follows
/// `#[cfg(test)]` is missing.
pub(super) fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_word = code.ends_with(is_word);
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '"' {
            quoted(rest, '"')
        } else if first == '\'' {
            character(rest)
        } else if !after_word && let Some(length) = raw(rest) {
            length
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let (blank, tail) = rest.split_at(length);
        code.extend(blank.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = tail;
    }
    let end = code.find("#[cfg(test)]").unwrap_or(code.len());
    code.truncate(end);
    code
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a comment that may hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a literal that starts and ends with `quote`.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if !escaped && c == quote {
            return at + 1;
        }
        escaped = !escaped && c == '\\';
    }
    text.len()
}

/// The length of a character; of a lifetime, that of its quote.
fn character(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(text, '\''),
        _ => 1,
    }
}

/// The length of a raw text, with its prefix.
fn raw(text: &str) -> Option<usize> {
    let start = ["r", "br", "cr"].iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let hashes = start.len() - start.trim_start_matches('#').len();
    let content = start[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = content.find(&end).map_or(content.len(), |at| at + end.len());
    Some(text.len() - content.len() + length)
}

/// The lines, from 1, on which `code` uses the path `wanted`: a crate such as `serde`, or a module such as `std::fs`,
/// which may also stand in a group as in `use std::{fmt, fs};`.
pub(super) fn uses(code: &str, wanted: &str) -> Vec<usize> {
    let mut places: Vec<usize> = words(code, wanted).filter(|&at| is_path(code, at, wanted)).collect();
    if let Some((parent, module)) = wanted.rsplit_once("::") {
        let group = format!("{parent}::{{");
        places.extend(words(code, &group).filter_map(|at| in_group(code, at + group.len(), module)));
    }
    let mut lines: Vec<usize> = places.iter().map(|&at| line_of(code, at)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Where `wanted` stands and is not part of a longer word.
pub(super) fn words<'t>(text: &'t str, wanted: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(wanted).map(|(at, _)| at).filter(move |&at| {
        let end = at + wanted.len();
        let goes_on = wanted.ends_with(is_word) && text[end..].starts_with(is_word);
        let went_before = wanted.starts_with(is_word) && text[..at].ends_with(is_word);
        !goes_on && !went_before
    })
}

/// Whether the word at this place is a path and not some name of the same spelling.
fn is_path(code: &str, at: usize, wanted: &str) -> bool {
    let before = code[..at].trim_end();
    let imported = ["use", "crate"]
        .iter()
        .any(|word| before.strip_suffix(word).is_some_and(|rest| !rest.ends_with(is_word)) && before.len() < at);
    imported || wanted.contains("::") || code[at + wanted.len()..].trim_start().starts_with("::")
}

/// The place of a module in a group that starts here.
fn in_group(code: &str, start: usize, module: &str) -> Option<usize> {
    let group = &code[start..];
    let mut depth = 1;
    let mut item = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' => item = true,
            _ if c.is_whitespace() => {}
            _ if depth == 1 && item => {
                item = false;
                let rest = &group[at..];
                if rest.strip_prefix(module).is_some_and(|rest| !rest.starts_with(is_word)) {
                    return Some(start + at);
                }
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_texts_and_tests_are_no_code() {
        for text in [
            "// std::fs\n",
            "//! std::fs\n",
            "/* a /* b */ std::fs */",
            "let a = \"std::fs \\\" std::fs\";",
            "let a = r#\"std::fs \" std::fs\"#;",
            "let a = br\"std::fs\";",
            "fn a() {}\n#[cfg(test)]\nmod tests { use std::fs; }",
        ] {
            assert_eq!(uses(&code(text), "std::fs"), [] as [usize; 0], "{text}");
        }
    }

    #[test]
    fn code_after_literals_is_code() {
        for text in [
            "let a = \"\\\\\"; std::fs::read();",
            "let a = '\"'; std::fs::read();",
            "let a = '\\''; std::fs::read();",
            "fn a<'a>(b: &'a str) { std::fs::read() }",
            "let a = r\"\\\"; std::fs::read();",
            "/* ä */ std::fs::read();",
            "let a = b'\"'; std::fs::read();",
        ] {
            assert_eq!(uses(&code(text), "std::fs"), [1], "{text}");
        }
    }

    #[test]
    fn lines_stay_where_they_are() {
        let text = "/* a\nb */\nlet a = \"x\ny\";\nstd::fs::read();\n\nstd::fs::write();\n";
        assert_eq!(uses(&code(text), "std::fs"), [5, 7]);
    }

    #[test]
    fn crates_are_told_from_other_names() {
        for text in ["use quote::quote;", "quote::quote!{}", "::quote :: format_ident!()", "use quote as q;"] {
            assert_eq!(uses(text, "quote"), [1], "{text}");
        }
        for text in ["extern crate quote;", "pub use quote;", "use {quote::quote, a};"] {
            assert_eq!(uses(text, "quote"), [1], "{text}");
        }
        for text in ["fn quote() {}", "unquote::x()", "quote_all::x()", "let quote = 1;", "self.quote()", "abuse quote"]
        {
            assert_eq!(uses(text, "quote"), [] as [usize; 0], "{text}");
        }
    }

    #[test]
    fn modules_are_found_in_groups() {
        for text in ["use std::{fmt, fs};", "use std::{fs::File, a};", "use std::{\n fmt::{a, b},\n fs,\n};"] {
            assert_eq!(uses(text, "std::fs").len(), 1, "{text}");
        }
        for text in ["use std::{fmt, fsx};", "use std::{a::{fs}};", "use std::{a}; use b::{fs};", "use std::{a as fs};"]
        {
            assert_eq!(uses(text, "std::fs"), [] as [usize; 0], "{text}");
        }
    }
}
