//! Stage 3, path templates: the names in them, and which of these stand for several segments of the path.

/// The names in a path template.
pub(crate) fn names(template: &str) -> Vec<&str> {
    template.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

/// The name without what routers write around it: `{path*}`, `{+path}`, `{id:[0-9]+}`, `{name=shelves/*}`.
pub(crate) fn bare(name: &str) -> &str {
    split(name).0.trim_matches([' ', '+', '*'])
}

/// Whether a router takes several segments for a name: `{path*}`, `{*path}`, `{+path}`, `{path+}`, `{path:path}`,
/// `{path:.*}`, `{name=shelves/*}`.
pub(crate) fn is_of_segments(name: &str) -> bool {
    let (own, rule) = split(name);
    let has_sign = |sign: char| own.starts_with(sign) || own.ends_with(sign);
    let by_rule = match rule.map(|(sign, rule)| (sign, rule.trim())) {
        Some(('=', rule)) => rule.contains('/') || rule.contains("**"),
        Some((_, rule)) => matches!(rule, "path" | ".*" | ".+") || demands_slash(rule),
        None => false,
    };
    by_rule || has_sign('+') || has_sign('*')
}

/// A name as it is written, and behind a sign the rule for its values.
fn split(name: &str) -> (&str, Option<(char, &str)>) {
    match name.split_once([':', '=']) {
        Some((own, rule)) => (own.trim(), name[own.len()..].chars().next().map(|sign| (sign, rule))),
        None => (name.trim(), None),
    }
}

/// Whether every text that matches a pattern has a slash, as far as one can tell at sight.
pub(crate) fn demands_slash(pattern: &str) -> bool {
    alternatives(&mut pattern.chars().peekable())
}

type Characters<'p> = std::iter::Peekable<std::str::Chars<'p>>;

/// Whether all alternatives have a slash, up to the end of the group or of the pattern.
fn alternatives(rest: &mut Characters<'_>) -> bool {
    let (mut all, mut has_slash) = (true, false);
    while let Some(character) = rest.next() {
        let is_slash = match character {
            ')' => break,
            '|' => {
                all &= std::mem::take(&mut has_slash);
                continue;
            }
            '\\' => rest.next() == Some('/'),
            '[' => {
                skip_class(rest);
                false
            }
            '(' => group(rest),
            other => other == '/',
        };
        has_slash |= is_slash && !may_be_absent(rest);
    }
    all && has_slash
}

/// A group; one that looks ahead or behind says what is around it, or what is not.
fn group(rest: &mut Characters<'_>) -> bool {
    let head: String = rest.clone().take(3).collect();
    let looks = ["?!", "?=", "?<!", "?<="].iter().any(|sign| head.starts_with(sign));
    alternatives(rest) && !looks
}

fn skip_class(rest: &mut Characters<'_>) {
    // A bracket in front is one of the characters.
    rest.next_if_eq(&'^');
    rest.next_if_eq(&']');
    while let Some(character) = rest.next() {
        match character {
            '\\' => drop(rest.next()),
            ']' => break,
            _ => {}
        }
    }
}

/// Whether what stands before can be there not at all.
fn may_be_absent(rest: &Characters<'_>) -> bool {
    let mut rest = rest.clone();
    match rest.next() {
        Some('?' | '*') => true,
        Some('{') => matches!(rest.next(), Some('0' | ',')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routers_say_in_their_own_ways_what_stands_for_several_segments() {
        let names = ["path*", "*path", "**path", "+path", "path+", "path:path", "path:.*", "path : .+", "path=a/*"];
        for name in names.into_iter().chain(["path=**", "path:a/[a-z]+"]) {
            assert!(is_of_segments(name), "{name}");
            assert_eq!(bare(name), "path", "{name}");
        }
        for name in ["path", "path:[0-9]+", "path:[0-9]*", "path:int", "path=*", "path:[^/]+"] {
            assert!(!is_of_segments(name), "{name}");
            assert_eq!(bare(name), "path", "{name}");
        }
    }

    #[test]
    fn a_pattern_demands_a_slash_where_each_of_its_texts_has_one() {
        for pattern in ["shelves/[^/]+", r"^a\/b$", "(?:a/b)+", "a/b|c/d", "(?<id>a/b)", "[a]]?/x", "a/{1,2}"] {
            assert!(demands_slash(pattern), "{pattern}");
        }
        let others =
            ["", "[^/]+", "[^]/]+", r"[^\]/]+", "a/?", "(a/)?b", "(a/)*", "a/b|c", "(?!a/)b", "(?<!/)b", "a/{0,1}"];
        for pattern in others {
            assert!(!demands_slash(pattern), "{pattern}");
        }
    }
}
