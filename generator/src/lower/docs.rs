//! Stage 4, documentation: Markdown of a document → Markdown that rustdoc takes without a warning.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::ir::Docs;

/// Makes documentation of a description.
///
/// rustdoc compiles code blocks that name no language, warns of bare URLs and unknown tags, and takes `[text]` for a
/// link to an item. All of these are made to read as they were meant.
pub(crate) fn from_markdown(markdown: &str) -> Docs {
    // Each of these ends a line (CommonMark 0.31, section 2.1), and Rust allows no lone `\r` in a comment.
    let markdown = &markdown.trim().replace("\r\n", "\n").replace('\r', "\n");
    if markdown.is_empty() {
        return Docs::default();
    }
    let mut edits = edits(markdown);
    edits.sort_by_key(|(range, _)| range.start);
    let mut text = String::with_capacity(markdown.len());
    let mut end = 0;
    for (range, replacement) in edits {
        // Edits of nested elements can overlap; the outer one, which starts first, stands.
        if range.start < end {
            continue;
        }
        text.push_str(&markdown[end..range.start]);
        text.push_str(&replacement);
        end = range.end;
    }
    text.push_str(&markdown[end..]);
    Docs(text.lines().map(|line| line.trim_end().replace('\t', "    ")).collect())
}

type Edit = (Range<usize>, String);

fn edits(markdown: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut in_code = false;
    let mut in_link = false;
    let extensions = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(markdown, extensions).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                in_code = true;
                edits.extend(code_block(markdown, &kind, range));
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                in_link = true;
                edits.extend(link(markdown, link_type, &dest_url, range));
            }
            Event::End(TagEnd::Link) => in_link = false,
            Event::Html(_) => edits.extend(html(markdown, range)),
            Event::InlineHtml(_) => edits.extend(prose(markdown, range, in_link)),
            Event::Text(_) if !in_code => edits.extend(prose(markdown, range, in_link)),
            _ => {}
        }
    }
    edits
}

/// What stands in a block of HTML is text, whose indentation makes no code of it.
fn html(markdown: &str, range: Range<usize>) -> Vec<Edit> {
    let mut edits = prose(markdown, range.clone(), false);
    let mut start = range.start;
    for line in markdown[range].split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        edits.push((start..start + indentation, String::new()));
        start += line.len();
    }
    edits
}

/// Gives a code block without a language one, so that rustdoc does not take it for Rust.
fn code_block(markdown: &str, kind: &CodeBlockKind<'_>, range: Range<usize>) -> Option<Edit> {
    let block = &markdown[range.clone()];
    match kind {
        CodeBlockKind::Fenced(info) => {
            let fence = block.len() - block.trim_start_matches(['`', '~']).len();
            let line = block.lines().next().unwrap_or_default().len();
            let language = info.split([' ', ',', '{']).next().unwrap_or_default();
            let is_word = !language.is_empty() && language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            // `rust` would be compiled as a test.
            let language = if is_word && language != "rust" { language } else { "text" };
            Some((range.start + fence..range.start + line, language.to_owned()))
        }
        CodeBlockKind::Indented => {
            let lines: Vec<_> = block.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
            // The range starts behind the indentation of the first line.
            let start = markdown[..range.start].rfind('\n').map_or(0, |at| at + 1);
            Some((start..range.end, format!("```text\n{}\n```\n", lines.join("\n").trim_end())))
        }
    }
}

/// Takes the brackets off a link that leads to no web page: rustdoc would look for an item.
fn link(markdown: &str, link_type: LinkType, url: &str, range: Range<usize>) -> Option<Edit> {
    let is_web = ["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme));
    if is_web || matches!(link_type, LinkType::Autolink | LinkType::Email) {
        return None;
    }
    let source = &markdown[range.clone()];
    let text = source.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(source);
    Some((range, text.to_owned()))
}

/// Makes links of bare URLs, and text of brackets and angles that are neither link nor tag.
fn prose(markdown: &str, range: Range<usize>, in_link: bool) -> Vec<Edit> {
    let text = &markdown[range.clone()];
    let mut edits = Vec::new();
    let mut skip = 0;
    for (at, character) in text.char_indices() {
        if at < skip {
            continue;
        }
        let here = range.start + at;
        let rest = &text[at..];
        if !in_link && (rest.starts_with("http://") || rest.starts_with("https://")) {
            let url = bare_url(rest);
            skip = at + url.len();
            edits.push((here..here + url.len(), format!("<{url}>")));
        } else if matches!(character, '[' | ']' | '<') && !markdown[..here].ends_with('\\') {
            edits.push((here..here + 1, format!("\\{character}")));
        }
    }
    edits
}

/// The URL that a text starts with, without the punctuation of the sentence around it.
fn bare_url(text: &str) -> &str {
    let end =
        text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | '\\')).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '*', '_'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(text: &str) -> String {
        from_markdown(text).0.join("\n")
    }

    #[test]
    fn code_blocks_are_no_tests() {
        assert_eq!(markdown("a\n\n```\nlet x;\n```"), "a\n\n```text\nlet x;\n```");
        assert_eq!(markdown("```rust\nx\n```"), "```text\nx\n```");
        assert_eq!(markdown("```json title=x\n{}\n```"), "```json\n{}\n```");
        assert_eq!(markdown("a\n\n    let x;\n    let y;\n\nb"), "a\n\n```text\nlet x;\nlet y;\n```\n\nb");
    }

    #[test]
    fn links_lead_to_web_pages_or_are_text() {
        assert_eq!(markdown("see https://a.example/b?c=[1]. End"), "see <https://a.example/b?c=>\\[1\\]. End");
        assert_eq!(
            markdown("[a](https://a.example) <https://b.example>"),
            "[a](https://a.example) <https://b.example>"
        );
        assert_eq!(markdown("[a](/docs/a) [b] x[0]"), "a \\[b\\] x\\[0\\]");
    }

    #[test]
    fn tags_are_text() {
        assert_eq!(
            markdown("<Info>\nMind <b>this</b>, a < b\n</Info>"),
            "\\<Info>\nMind \\<b>this\\</b>, a \\< b\n\\</Info>"
        );
        assert_eq!(
            markdown("<pre>\nlist[int]\n\n    https://a.example\n</pre>"),
            "\\<pre>\nlist\\[int\\]\n\n<https://a.example>\n\\</pre>"
        );
    }
}
