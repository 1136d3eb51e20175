//! Stage 1, documentation pages: finds the pages in a Markdown text, and in each the title, the request line, the
//! reference link and the fence with the description.

use super::{Description, Format};
use crate::dialect::credential;

mod lines;
pub(crate) mod outline;

use lines::{Fence, Lines, heading};

/// What a documentation page says around its description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// The heading of the page.
    pub(crate) title: Option<String>,
    /// The method of the request line under the title, in upper case.
    pub(crate) method: Option<String>,
    /// The URL of the request line: the base URL followed by the path template.
    pub(crate) url: Option<String>,
    /// The link to the page in the vendor's documentation.
    pub(crate) reference: Option<String>,
    /// The number of the line with the request line, from 1.
    pub(crate) header_line: Option<usize>,
    /// What stands before the key in the header `Authorization`, where the code examples show one.
    pub(crate) authorization: Option<String>,
}

const METHODS: [&str; 9] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"];

/// The headings under which a description stands, of any level below that of the title and in any case.
const HEADINGS: [&str; 5] =
    ["OpenAPI Specification", "OpenAPI 3.1 Webhook Specification", "OpenAPI", "AsyncAPI Specification", "AsyncAPI"];

/// The heading for a description on pages that have it as their first.
const TOP_HEADING: &str = "OpenAPI definition";

/// The languages of a block that is a description.
const DESCRIBES: [&str; 5] = ["", "yaml", "yml", "json", "openapi"];

/// A description in a page, by its lines.
struct Block {
    heading: usize,
    /// The line that opens the fence.
    open: usize,
    /// The line that closes it; else the first that cannot be in it, or the one behind the last.
    close: usize,
    /// Whether there is a line that closes it.
    is_closed: bool,
}

/// The pages in a text, each with the number of lines before it. A page starts with a title over a request line; a
/// description that is not the first since then is a page of its own, with what stands before it.
///
/// A title that stands in a fence counts only when its page and the one before it have a description each, because
/// pages leave fences open, and code shows requests.
pub(super) fn split(text: &str) -> Vec<(usize, &str)> {
    let lines = Lines::new(text);
    let outside: Vec<usize> = lines.outside_fences().collect();
    let is_outline = |at: &usize| lines.get(*at).starts_with("# ") && outline::request(&lines, *at).is_some();
    let outlines: Vec<usize> = outside.iter().copied().filter(is_outline).collect();
    let is_title = |&at: &usize| lines.is_title(at) || outlines.binary_search(&at).is_ok();
    let titles: Vec<usize> = (0..lines.len()).filter(is_title).collect();
    let describes = |from: usize, to: usize| (from..to).any(|at| is_heading(lines.get(at)));
    let mut titled: Vec<usize> = Vec::new();
    for (index, &title) in titles.iter().enumerate() {
        let next = titles.get(index + 1).copied().unwrap_or(lines.len());
        let before = titled.last().copied().unwrap_or(0);
        if outside.binary_search(&title).is_ok() || describes(before, title) && describes(title, next) {
            titled.push(title);
        }
    }
    let has_introduction = titled.first() != Some(&0);
    if has_introduction {
        titled.insert(0, 0);
    }
    let ends = titled.iter().skip(1).copied().chain([lines.len()]);
    let mut starts = Vec::new();
    for (index, (&start, end)) in titled.iter().zip(ends).enumerate() {
        let blocks = Lines::new(lines.slice(start, end)).blocks();
        if index > 0 || !has_introduction || !blocks.is_empty() {
            starts.push(start);
        }
        starts.extend(blocks.windows(2).map(|pair| start + pair[0].close + 1));
    }
    // What stands below an outline and is none of it can describe something, too.
    let below = outlines.iter().filter_map(|&at| Some(outline::end(&lines, outline::request(&lines, at)?)));
    starts.extend(
        below
            .filter(|&end| end < lines.len() && !lines.is_title(end))
            .filter(|&end| {
                let next = starts.iter().copied().find(|&start| start > end).unwrap_or(lines.len());
                !starts.contains(&end) && !Lines::new(lines.slice(end, next)).blocks().is_empty()
            })
            .collect::<Vec<_>>(),
    );
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().zip(ends).map(|(&start, end)| (start, lines.slice(start, end))).collect()
}

/// Finds the description of a page: the first fenced block under one of the headings, or else its outline.
pub(super) fn find(text: &str) -> Option<Description<'_>> {
    let lines = Lines::new(text);
    let block = lines.blocks().into_iter().next();
    let outline = outline::page(&lines).filter(|(_, end)| block.as_ref().is_none_or(|block| block.heading >= *end));
    if let Some((page, end)) = outline {
        let text = lines.slice(0, end);
        return Some(Description { text, format: Format::Outline, lines_before: 0, page: Some(page), cut_off: None });
    }
    let Block { heading, open, close, is_closed } = block?;
    let block = lines.slice(open + 1, close);
    let format = if super::is_json(block) { Format::Json } else { Format::Yaml };
    let mut page = header(lines.slice(0, heading)).unwrap_or_default();
    page.reference = (0..heading)
        .rev()
        .find_map(|at| lines.get(at).strip_prefix("Reference:"))
        .map(|link| link.trim().to_owned())
        .filter(|link| !link.is_empty());
    page.authorization = credential::shown(lines.slice(close, lines.len())).map(str::to_owned);
    let cut_off = (!is_closed).then_some(open + 1);
    Some(Description { text: block, format, lines_before: open + 1, page: Some(page), cut_off })
}

/// The number of the first line with a heading for a description, from 1.
pub(super) fn heading_line(text: &str) -> Option<usize> {
    let lines = Lines::new(text);
    lines.outside_fences().find(|&at| is_heading(lines.get(at))).map(|at| at + 1)
}

/// Whether a text without a description is a page: no YAML has a title over a request line, but within a text.
pub(super) fn is_page(text: &str) -> bool {
    let lines = Lines::new(text);
    lines.outside_fences().any(|at| {
        lines.is_title(at) && lines.request_below(at).is_some_and(|(at, ..)| !lines.get(at).starts_with([' ', '\t']))
    })
}

fn is_heading(line: &str) -> bool {
    heading(line).is_some_and(|(level, words)| {
        // Some write an anchor behind a heading, or make a link of it.
        let words = words.split(" {#").next().unwrap_or_default();
        let words = words.strip_prefix('[').and_then(|link| link.split("](").next()).unwrap_or(words);
        let is_known = |known: &&str| known.eq_ignore_ascii_case(words);
        TOP_HEADING.eq_ignore_ascii_case(words) || level > 1 && HEADINGS.iter().any(is_known)
    })
}

/// Reads the title and the request line under it. Crawlers put text before the title, so the title is the heading with
/// a request line as what comes next; without one, a request line with a whole URL counts wherever it stands.
fn header(text: &str) -> Option<Page> {
    let lines = Lines::new(text);
    let mut untitled = None;
    for at in lines.outside_fences() {
        let page = |title, (at, method, url): (usize, String, String)| Page {
            title,
            method: Some(method),
            url: Some(url).filter(|url| !url.is_empty()),
            header_line: Some(at + 1),
            ..Page::default()
        };
        let title = heading(lines.get(at)).map(|(_, words)| words);
        if let (Some(title), Some(request)) = (title, lines.request_below(at)) {
            return Some(page(Some(title), request));
        }
        if let Some((method, url)) = request_line(lines.get(at)).filter(|(_, url)| url.contains("://")) {
            untitled.get_or_insert_with(|| page(None, (at, method, url)));
        }
    }
    untitled
}

/// `GET https://host/path` and, on the page of a webhook, a method alone. Words of prose that follow a method are no
/// URL; the name of a part of the path can be several words, and have its braces escaped.
fn request_line(line: &str) -> Option<(String, String)> {
    let mut words = line.split_whitespace().map(|word| word.trim_matches(['*', '`']));
    let word = words.next()?;
    let (method, mut url) = (word.to_ascii_uppercase(), words.next().unwrap_or_default().to_owned());
    while url.matches('{').count() > url.matches('}').count() {
        url.extend([" ", words.next()?]);
    }
    let url = url.replace("\\{", "{").replace("\\}", "}");
    let is_request = url.contains('/') || url.is_empty() && word == method;
    (METHODS.contains(&method.as_str()) && is_request && words.next().is_none()).then_some((method, url))
}

impl<'t> Lines<'t> {
    fn is_title(&self, at: usize) -> bool {
        self.get(at).starts_with("# ") && self.request_below(at).is_some()
    }

    /// The request line under a title, with its index: what stands between is what crawlers put there, such as
    /// quotations and `Source: …`.
    fn request_below(&self, title: usize) -> Option<(usize, String, String)> {
        let is_between = |line: &str| {
            let name = line.split_once(": ").map(|(name, _)| name);
            line.trim().is_empty()
                || line.starts_with(['>', '<'])
                || name.is_some_and(|name| name.chars().all(char::is_alphanumeric))
        };
        let at = (title + 1..self.len()).find(|&at| !is_between(self.get(at)))?;
        request_line(self.get(at)).map(|(method, url)| (at, method, url))
    }

    /// The descriptions that stand in no fence. A page whose prose leaves a fence open hides its heading in that; then
    /// the last one in the text counts.
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut fence: Option<Fence<'t>> = None;
        let mut at = 0;
        while at < self.len() {
            let line = self.get(at);
            match &fence {
                Some(open) if open.is_closed_by(line) => fence = None,
                Some(_) => {}
                None => match self.block(at) {
                    Some(block) => {
                        at = block.close;
                        blocks.push(block);
                    }
                    None => fence = Fence::open(line),
                },
            }
            at += 1;
        }
        if blocks.is_empty() {
            blocks.extend((0..self.len()).rev().find_map(|at| self.block(at)));
        }
        if blocks.is_empty() {
            blocks = self.whole_documents();
        }
        blocks
    }

    /// The blocks of JSON that are whole descriptions, whatever stands above them.
    fn whole_documents(&self) -> Vec<Block> {
        let (mut blocks, mut at) = (Vec::new(), 0);
        while at < self.len() {
            let Some(fence) = Fence::open(self.get(at)) else {
                at += 1;
                continue;
            };
            let block = self.fenced(at, at, &fence);
            let text = self.slice(at + 1, block.close).trim_start();
            let says_what_it_is = |rest: &str| {
                let rest = rest.trim_start();
                ["\"openapi\"", "\"swagger\""].iter().any(|key| rest.starts_with(key))
            };
            let close = block.close;
            if text.strip_prefix('{').is_some_and(says_what_it_is) && text.contains("\"paths\"") {
                blocks.push(block);
            }
            at = close + 1;
        }
        blocks
    }

    /// The block under a heading for a description.
    fn block(&self, heading: usize) -> Option<Block> {
        if !is_heading(self.get(heading)) {
            return None;
        }
        let open = (heading + 1..self.len())
            .find(|&at| Fence::open(self.get(at)).is_some() || self.get(at).starts_with('#'))?;
        let fence = Fence::open(self.get(open))?;
        if !DESCRIBES.iter().any(|language| language.eq_ignore_ascii_case(fence.language)) {
            return None;
        }
        Some(self.fenced(heading, open, &fence))
    }

    /// The block in a fence. It holds YAML, whose own text may hold fences: only one that is indented as the first ends
    /// it, and that is as long. Where one opens that is indented so, the first was not closed, and ended before.
    fn fenced(&self, heading: usize, open: usize, fence: &Fence<'_>) -> Block {
        let close = (open + 1..self.len()).find(|&at| self.get(at).trim_end() == fence.start);
        let end = close.unwrap_or(self.len());
        let opens = |&at: &usize| {
            Fence::open(self.get(at)).is_some_and(|other| other.start == fence.start && !other.language.is_empty())
        };
        let Some(next) = (open + 1..end).find(opens) else {
            return Block { heading, open, close: end, is_closed: close.is_some() };
        };
        let section = (open + 1..next).find(|&at| self.get(at).starts_with("## "));
        Block { heading, open, close: section.unwrap_or(next), is_closed: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "## OpenAPI Specification\n\n```yaml\nopenapi: 3.1.1\n\n```\n\n## SDK\n";

    #[test]
    fn the_title_is_the_heading_above_the_request_line() {
        let text = format!("# Source: a crawl\n\nseen today\n\n# Ends\n\nPOST https://a.example/v1/ends\n\n{SPEC}");
        let page = find(&text).and_then(|found| found.page).expect("a page");
        assert_eq!(page.title.as_deref(), Some("Ends"));
        assert_eq!(page.method.as_deref(), Some("POST"));
        assert_eq!(page.url.as_deref(), Some("https://a.example/v1/ends"));
        assert_eq!(page.header_line, Some(7));
    }

    #[test]
    fn a_text_of_many_pages_is_split_at_their_titles() {
        let page = |name: &str, fence: &str| format!("# {name}\n\nGET https://a.example/{name}\n\n{fence}{SPEC}");
        let text = format!("# All\n\nof it\n{}{}{}", page("a", ""), page("b", "```py\n"), page("c", ""));
        let pages = split(&text);
        assert_eq!(pages.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 15, 28]);
        assert!(pages.iter().all(|(_, page)| find(page).is_some_and(|found| found.text.starts_with("openapi"))));
        let shown = format!("# a\n\nGET https://a.example/a\n\n```http\n# Try\n\nGET /a\n```\n\n{SPEC}");
        assert_eq!(split(&shown).len(), 1);
    }

    #[test]
    fn every_description_of_a_text_is_in_a_page() {
        let descriptions = |text: &str| -> Vec<(Option<String>, Option<String>)> {
            let pages = split(text).into_iter().filter_map(|(_, page)| find(page)?.page);
            pages.map(|page| (page.title, page.url)).collect()
        };
        let (a, b) =
            (format!("# A\n\nGET https://a.example/a\n\n{SPEC}"), format!("GET https://a.example/b\n\n{SPEC}"));
        let page = |name: &str| (Some(name.to_uppercase()), Some(format!("https://a.example/{name}")));
        let both = vec![page("a"), page("b")];
        assert_eq!(descriptions(&format!("\u{feff}{a}\u{feff}# B\n\n{b}")), both);
        assert_eq!(descriptions(&format!("{a}## B\n\n{b}")), both);
        assert_eq!(descriptions(&format!("{a}# B\n\n> Words\n\nSource: there\n\n{b}")), both);
        assert_eq!(descriptions(&format!("{a}Words.\n\n{b}")), [page("a"), (None, page("b").1)]);
        assert_eq!(descriptions(&format!("{a}{SPEC}")), [page("a"), (None, None)]);
        assert_eq!(descriptions(&format!("{b}{}", a.replace("# A", "# B"))).len(), 2);
    }

    #[test]
    fn the_request_line_is_a_method_and_a_url() {
        for line in ["GET https://a.example/b", "get  `https://a.example/b`", "  **GET**\thttps://a.example/b "] {
            assert_eq!(request_line(line), Some(("GET".to_owned(), "https://a.example/b".to_owned())), "{line}");
        }
        assert_eq!(request_line("POST"), Some(("POST".to_owned(), String::new())));
        for line in ["GET https://a.example/{b c}/d", "GET https://a.example/\\{b c\\}/d"] {
            assert_eq!(request_line(line).map(|(_, url)| url).as_deref(), Some("https://a.example/{b c}/d"));
        }
        for line in ["GET requests are kept", "GET /a or /b", "Get", "get", "GETS /a", ""] {
            assert_eq!(request_line(line), None, "{line}");
        }
        let prose = format!("# A\n\nPUT https://a.example/a\n\n# Usage\n\nGET requests are kept\n\n{SPEC}");
        assert_eq!(split(&prose).len(), 1);
        assert_eq!(find(&prose).and_then(|found| found.page?.header_line), Some(3));
    }

    #[test]
    fn headings_and_fences_are_known_in_all_their_spellings() {
        let headings = ["### OpenAPI Specification", "## OpenAPI\u{a0}specification ##", "## OpenAPI"];
        let fences =
            ["```YAML\n", "```yaml{1}\n", "```yaml title=a\n", "````yaml /openapi.json get /a\n", "  ```yml\n"];
        for (heading, fence) in headings.into_iter().flat_map(|heading| fences.map(|fence| (heading, fence))) {
            let end = fence.split(char::is_alphabetic).next().unwrap_or_default();
            let text = format!("# A\n\n{heading}\n\n{fence}openapi: 3.1.1\n{end}\n\n## More\n");
            assert_eq!(find(&text).map(|found| found.text), Some("openapi: 3.1.1\n"), "{text}");
        }
    }

    #[test]
    fn a_block_of_another_language_is_no_description() {
        assert_eq!(find(&SPEC.replace("```yaml", "```python")).map(|found| found.text), None);
        let elsewhere = "## OpenAPI Specification\n\nSee there.\n\n## More\n\n```yaml\na: 1\n```\n";
        assert_eq!(find(elsewhere).map(|found| found.text), None);
    }

    #[test]
    fn a_heading_inside_a_fence_is_no_heading() {
        let decoy = "````md\n## OpenAPI Specification\n```yaml\nnot: this\n```\n````\n\n";
        let text = format!("# T\n\nGET https://a.example/\n\n{decoy}~~~\n```\n~~~\n{SPEC}");
        let found = find(&text).expect("a description");
        assert_eq!(found.text, "openapi: 3.1.1\n\n");
        assert_eq!(text.lines().nth(found.lines_before), Some("openapi: 3.1.1"));
    }

    #[test]
    fn a_fence_left_open_in_the_prose_does_not_hide_the_description() {
        let text = format!("# T\n\nGET https://a.example/\n\n```bash\nexport\n\n{SPEC}");
        assert_eq!(find(&text).map(|found| found.text), Some("openapi: 3.1.1\n\n"));
    }

    #[test]
    fn an_indented_fence_inside_the_description_does_not_end_it() {
        let text =
            "# T\n\nGET https://a.example/\n\n## OpenAPI Specification\n\n```yaml\nd: |\n  ```\n  x\n  ```\n\n```\n";
        assert_eq!(find(text).map(|found| found.text), Some("d: |\n  ```\n  x\n  ```\n\n"));
    }
}
