//! Stage 3, path templates: the names in them, and which of these stand for several segments of the path.

/// The names in a path template.
pub(crate) fn names(template: &str) -> Vec<&str> {
    template.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

/// The name without what routers write around it: `{path*}`, `{+path}`, `{path...}`, `{id:[0-9]+}`, `{name=shelves/*}`,
/// `{slug?}`.
pub(crate) fn bare(name: &str) -> &str {
    let name = split(name).0.trim_start_matches([' ', '+', '*']);
    name.strip_suffix(REST).unwrap_or(name).trim_end_matches([' ', '+', '*', '?'])
}

/// Whether a router takes several segments for a name: `{path*}`, `{*path}`, `{+path}`, `{path+}`, `{path...}`,
/// `{path:path}`, `{path:.*}`, `{name=shelves/*}`.
pub(crate) fn is_of_segments(name: &str) -> bool {
    let (own, rule) = split(name);
    let has_sign = |sign: char| own.starts_with(sign) || own.ends_with(sign);
    let by_rule = match rule.map(|(sign, rule)| (sign, rule.trim())) {
        Some(('=', rule)) => rule.contains('/') || rule.contains("**"),
        Some((_, rule)) => matches!(rule, "path" | ".*" | ".+") || has_slash(rule),
        None => false,
    };
    by_rule || has_sign('+') || has_sign('*') || own.ends_with(REST)
}

/// What Go's router has behind a name that takes the rest of a path.
const REST: &str = "...";

/// A name as it is written, and behind a sign the rule for its values.
fn split(name: &str) -> (&str, Option<(char, &str)>) {
    match name.split_once([':', '=']) {
        Some((own, rule)) => (own.trim(), name[own.len()..].chars().next().map(|sign| (sign, rule))),
        None => (name.trim(), None),
    }
}

/// Whether a router's rule has a slash that is none of the characters that a class allows or excludes.
fn has_slash(rule: &str) -> bool {
    let outside = |(index, part): (usize, &'_ str)| match part.rsplit_once(']') {
        Some((_, behind)) if index > 0 => behind.contains('/'),
        _ => part.contains('/'),
    };
    rule.split('[').enumerate().any(outside)
}

/// Whether a pattern is the template of a resource's name as gateways to gRPC print it: `projects/[^/]+/logs/.+`. Any
/// other pattern with a slash says what values look like and nothing of segments: most servers take `%2F` there.
pub(crate) fn is_resource_name(pattern: &str) -> bool {
    // The slash in the class ends no segment.
    let pattern = pattern.replace("[^/]+", "{}");
    let Some((front, last)) = pattern.rsplit_once('/') else { return false };
    let is_plain = |segment: &str| !segment.is_empty() && segment.chars().all(is_of_a_name);
    let is_segment = |segment: &str| segment == "{}" || is_plain(segment);
    front.split('/').all(is_segment) && (is_segment(last) || matches!(last, ".+" | ".*"))
}

fn is_of_a_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routers_say_in_their_own_ways_what_stands_for_several_segments() {
        let names = ["path*", "*path", "**path", "+path", "path+", "path:path", "path:.*", "path : .+", "path=a/*"];
        for name in names.into_iter().chain(["path=**", "path:a/[a-z]+", "path...", "path:[^/]+/[0-9]+"]) {
            assert!(is_of_segments(name), "{name}");
            assert_eq!(bare(name), "path", "{name}");
        }
        for name in ["path", "path:[0-9]+", "path:[0-9]*", "path:int", "path=*", "path:[^/]+", "path?", "path:[^]/]+"] {
            assert!(!is_of_segments(name), "{name}");
            assert_eq!(bare(name), "path", "{name}");
        }
    }

    #[test]
    fn a_pattern_is_a_resource_name_only_as_gateways_print_it() {
        let names = ["shelves/[^/]+", "[^/]+/books/[^/]+", "projects/-/log-s_2/.+", "a/.*", "a/b"];
        for pattern in names {
            assert!(is_resource_name(pattern), "{pattern}");
        }
        let arn = "^arn:aws:kafka:[^/]+:cluster/[A-Za-z0-9]+/[^/]+$";
        let others = ["", "a", "[^/]+", ".+/a", "a/", "/a", "a//b", "^a/[^/]+$", "a/x[^/]+", "a/[a-z]+", "(a/)?b", arn];
        for pattern in others.into_iter().chain(["/^[a-z]+$/", r"^\d{2}/\d{2}/\d{4}$", "^https?://.+$", "a/b|c/d"]) {
            assert!(!is_resource_name(pattern), "{pattern}");
        }
    }
}
