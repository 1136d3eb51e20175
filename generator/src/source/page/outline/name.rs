//! Stage 1, names in outlines: the list of an outline prints each name in capitals (`PageSize`, `X-Api-Key`); how it
//! is sent is found in the path and in the examples.

use super::example::Example;

/// What is known of names as they are sent.
pub(super) struct Names {
    path: Vec<String>,
    query: Vec<String>,
    headers: Vec<String>,
    style: Style,
}

/// How the words of a name are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Snake,
    Camel,
    /// As they are printed.
    Pascal,
}

impl Style {
    /// That of a name; `None` for one that any style writes so.
    fn of(name: &str) -> Option<Self> {
        let has_capitals = name.chars().skip(1).any(char::is_uppercase);
        if name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase) {
            Some(Self::Pascal)
        } else if name.contains('_') {
            Some(Self::Snake)
        } else {
            (has_capitals && name.starts_with(char::is_lowercase)).then_some(Self::Camel)
        }
    }
}

impl Names {
    pub(super) fn new(path: &str, example: &Example) -> Self {
        let templates = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let path: Vec<String> = templates.map(|(name, _)| name.to_owned()).collect();
        let query: Vec<String> = example.query().map(str::to_owned).collect();
        let headers = example.headers().map(|(name, _)| name.to_owned()).collect();
        let seen = path.iter().chain(&query).map(String::as_str).chain(example.keys());
        let styles: Vec<Style> = seen.filter_map(Style::of).collect();
        let count = |style: Style| styles.iter().filter(|one| **one == style).count();
        let all = [Style::Pascal, Style::Camel, Style::Snake];
        let style = all.into_iter().max_by_key(|style| count(*style)).unwrap_or(Style::Snake);
        Self { path, query, headers, style }
    }

    /// A name as it is sent, and whether that is known; else it is put together as most of the page are.
    pub(super) fn of(&self, place: &str, printed: &str) -> (String, bool) {
        let known = match place {
            "path" => &self.path,
            "query" => &self.query,
            // Headers are the same in capitals (RFC 9110, section 5.1), but for what has no hyphens.
            _ => return (find(&self.headers, printed).unwrap_or(printed).to_owned(), true),
        };
        if let Some(name) = find(known, printed) {
            return (name.to_owned(), true);
        }
        let words = words(printed);
        // A hyphen is printed as it is.
        if printed.contains('-') || words.len() < 2 && self.style != Style::Pascal {
            return (printed.to_lowercase(), true);
        }
        let name = match self.style {
            Style::Pascal => return (printed.to_owned(), true),
            Style::Snake => words.iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_"),
            Style::Camel => words[0].to_lowercase() + &words[1..].concat(),
        };
        (name, false)
    }
}

/// The name that has the letters of a printed one.
fn find<'n>(names: &'n [String], printed: &str) -> Option<&'n str> {
    let letters = |name: &str| -> String {
        name.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = letters(printed);
    names.iter().map(String::as_str).find(|name| letters(name) == wanted)
}

/// The words of a name in capitals.
fn words(printed: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for character in printed.chars() {
        match words.last_mut() {
            Some(word) if !character.is_uppercase() => word.push(character),
            _ => words.push(character.to_string()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::page::Lines;

    fn of(example: &str, place: &str, printed: &str) -> (String, bool) {
        let text = format!("## Examples\n\n```shell\n{example}\n```\n");
        Names::new("/v1/{agentId}", &Example::of(&Lines::new(&text))).of(place, printed)
    }

    #[test]
    fn names_are_those_of_the_path_and_of_the_example() {
        let get = "curl -G https://a.example/v1/agentId -d page_size=1 -d 'filter[name]=a'";
        assert_eq!(of(get, "path", "AgentId"), ("agentId".to_owned(), true));
        assert_eq!(of(get, "query", "PageSize"), ("page_size".to_owned(), true));
        assert_eq!(of(get, "query", "FilterName"), ("filter[name]".to_owned(), true));
        assert_eq!(of("curl 'https://a.example/v1/x?a.b=1'", "query", "AB"), ("a.b".to_owned(), true));
    }

    #[test]
    fn names_in_capitals_stay_where_the_others_are() {
        let text = "## Examples\n\n```shell\ncurl https://a.example/Accounts/x?Status=a\n```\n";
        let names = Names::new("/Accounts/{AccountSid}", &Example::of(&Lines::new(text)));
        assert_eq!(names.of("query", "PageSize"), ("PageSize".to_owned(), true));
    }

    #[test]
    fn other_names_are_put_together_as_those_around_them() {
        assert_eq!(of("curl https://a.example", "query", "SortBy"), ("sortBy".to_owned(), false));
        assert_eq!(of("curl https://a.example -d '{\"a_b\": {\"c_d\": 1}}'", "query", "SortBy").0, "sort_by");
        assert_eq!(of("curl https://a.example", "query", "Cursor"), ("cursor".to_owned(), true));
        assert_eq!(of("curl https://a.example", "query", "Page-Size"), ("page-size".to_owned(), true));
        assert_eq!(of("curl https://a.example", "header", "X-Name"), ("X-Name".to_owned(), true));
    }
}
