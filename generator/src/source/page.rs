//! Stage 1, documentation pages: finds the title, the request line, the reference link and the fence with the
//! description in a Markdown page.

use super::{Description, Format};
use crate::dialect::credential;

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

/// The headings under which a description stands.
const HEADINGS: [&str; 3] =
    ["## OpenAPI Specification", "## AsyncAPI Specification", "## OpenAPI 3.1 Webhook Specification"];

/// The languages of a block that is a description.
const DESCRIBES: [&str; 4] = ["", "yaml", "yml", "json"];

/// The pages in a text, each with the number of lines before it: a page starts with a title over a request line.
///
/// One that stands in a fence is a page only when it and the one before it have a description each, because pages leave
/// fences open, and code shows requests.
pub(super) fn split(text: &str) -> Vec<(usize, &str)> {
    let lines = Lines::new(text);
    let outside: Vec<usize> = lines.outside_fences().collect();
    let titles: Vec<usize> = (0..lines.len()).filter(|&at| is_title(&lines, at)).collect();
    let describes = |from: usize, to: usize| (from..to).any(|at| is_heading(lines.get(at)));
    let mut starts: Vec<usize> = Vec::new();
    for (index, &title) in titles.iter().enumerate() {
        let next = titles.get(index + 1).copied().unwrap_or(lines.len());
        let before = starts.last().copied().unwrap_or(0);
        let is_page = outside.binary_search(&title).is_ok() || describes(before, title) && describes(title, next);
        if is_page {
            starts.push(title);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().zip(ends).map(|(&start, end)| (start, lines.slice(start, end))).collect()
}

fn is_title(lines: &Lines<'_>, at: usize) -> bool {
    let mut below = (at + 1..lines.len()).map(|at| lines.get(at).trim_end()).skip_while(|line| line.is_empty());
    lines.get(at).starts_with("# ") && below.next().is_some_and(|line| request_line(line).is_some())
}

/// Finds the description of a page: the first fenced block after one of the headings that stands in no fence itself.
///
/// A page whose prose leaves a fence open hides the heading in it; then the last such heading in the text counts.
pub(super) fn find(text: &str) -> Option<Description<'_>> {
    let lines = Lines::new(text);
    let heading = lines
        .outside_fences()
        .find(|&at| is_heading(lines.get(at)))
        .or_else(|| (0..lines.len()).rev().find(|&at| is_heading(lines.get(at))))?;
    let mut below = heading + 1..lines.len();
    let open = below.find(|&at| Fence::open(lines.get(at)).is_some() || lines.get(at).starts_with('#'))?;
    let fence = Fence::open(lines.get(open)).filter(|fence| DESCRIBES.contains(&fence.language))?;
    // The block holds YAML, whose own text may hold fences: only an unindented one of the same length ends it.
    let close = (open + 1..lines.len()).find(|&at| lines.get(at).trim_end() == fence.marker).unwrap_or(lines.len());
    let block = lines.slice(open + 1, close);
    let format = if super::is_json(block) { Format::Json } else { Format::Yaml };
    let mut page = header(lines.slice(0, heading)).unwrap_or_default();
    page.reference = (0..heading)
        .rev()
        .find_map(|at| lines.get(at).strip_prefix("Reference:"))
        .map(|link| link.trim().to_owned())
        .filter(|link| !link.is_empty());
    page.authorization = credential::shown(lines.slice(close, lines.len())).map(str::to_owned);
    Some(Description { text: block, format, lines_before: open + 1, page: Some(page) })
}

fn is_heading(line: &str) -> bool {
    HEADINGS.contains(&line.trim_end())
}

/// Reads the title and the request line under it. Crawlers put text before the title, so the title is the heading with
/// a request line as the next line that is not blank.
pub(super) fn header(text: &str) -> Option<Page> {
    let lines = Lines::new(text);
    let mut title = None;
    for at in lines.outside_fences() {
        let line = lines.get(at).trim_end();
        if let Some(heading) = line.strip_prefix("# ") {
            title = Some(heading.trim().to_owned());
        } else if let (Some(title), Some((method, url))) = (&title, request_line(line)) {
            return Some(Page {
                title: Some(title.clone()),
                method: Some(method.to_owned()),
                url: Some(url.to_owned()).filter(|url| !url.is_empty()),
                header_line: Some(at + 1),
                ..Page::default()
            });
        } else if !line.is_empty() {
            title = None;
        }
    }
    None
}

/// `GET https://host/path` and, on the page of a webhook, a method alone.
fn request_line(line: &str) -> Option<(&str, &str)> {
    let (method, url) = line.split_once(' ').unwrap_or((line, ""));
    METHODS.contains(&method).then(|| (method, url.trim()))
}

/// The lines of a text, with their offsets.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1).filter(|&at| at < text.len()));
        Self { text, starts }
    }

    fn len(&self) -> usize {
        self.starts.len()
    }

    /// The text from the line `from` up to the line `to`.
    fn slice(&self, from: usize, to: usize) -> &'t str {
        let offset = |line: usize| self.starts.get(line).copied().unwrap_or(self.text.len());
        &self.text[offset(from)..offset(to)]
    }

    fn get(&self, at: usize) -> &'t str {
        self.slice(at, at + 1).trim_end_matches(['\n', '\r'])
    }

    /// The indices of the lines that are prose.
    fn outside_fences(&self) -> impl Iterator<Item = usize> + '_ {
        let mut open: Option<Fence<'t>> = None;
        (0..self.len()).filter(move |&at| {
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
struct Fence<'t> {
    marker: &'t str,
    /// The first word of what stands behind the marker.
    language: &'t str,
}

impl<'t> Fence<'t> {
    fn open(line: &'t str) -> Option<Self> {
        let line = unindent(line)?;
        let first = line.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        let length = line.len() - line.trim_start_matches(first).len();
        let info = &line[length..];
        let language = info.split_whitespace().next().unwrap_or_default();
        (length >= 3 && !(first == '`' && info.contains('`'))).then(|| Self { marker: &line[..length], language })
    }

    fn is_closed_by(&self, line: &str) -> bool {
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
