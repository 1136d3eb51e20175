//! Stage 2, generations: which print of a page is the newer one, by what it prints, and which whole description, by its
//! version. Where texts describe the same operation, the newest one counts.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::paths;
use crate::source::Source;
use crate::uri::without_names;

/// How much a description knows of the API, from the least to the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Generation {
    /// A page that prints no types.
    #[default]
    Outline,
    /// A page that prints types alone.
    Bare,
    /// A page that prints what properties mean and their defaults, too.
    Described,
    /// A page whose description has the title of the API, servers and the bodies of errors.
    Titled,
    /// A description of a whole API.
    Whole,
}

pub(super) fn of(source: &Source) -> Generation {
    if source.page.is_none() {
        return Generation::Whole;
    }
    if source.is_outline {
        return Generation::Outline;
    }
    let version = source.value.pointer("/info/version").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("endpoint_") {
        Generation::Titled
    } else if describes(&source.value) {
        Generation::Described
    } else {
        Generation::Bare
    }
}

/// Whether there is a property with a description, or a default.
fn describes(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(describes),
        Value::Object(members) => {
            let properties = members.get("properties").and_then(Value::as_object);
            let mut properties = properties.into_iter().flatten().map(|(_, property)| property);
            members.contains_key("default")
                || properties.any(|property| property.get("description").is_some())
                || members.values().any(describes)
        }
        _ => false,
    }
}

/// Puts the whole descriptions that are versions of one, which describe a request that the other does too, in the order
/// from the newest to the oldest. Where the first of them stood they stand now: a new version of one API is no reason
/// to put it before another.
pub(crate) fn newest_first(sources: &mut [Source]) {
    let whole = sources.iter().take_while(|source| source.generation == Generation::Whole).count();
    let sources = &mut sources[..whole];
    let described: Vec<_> = sources.iter().map(Requests::of).collect();
    let mut families: Vec<usize> = (0..whole).collect();
    for later in 0..whole {
        for earlier in 0..later {
            let (one, two) = (families[earlier], families[later]);
            let (first, other) = (one.min(two), one.max(two));
            if first != other && described[earlier].shares_a_request(&described[later]) {
                families.iter_mut().filter(|family| **family == other).for_each(|family| *family = first);
            }
        }
    }
    let families: HashMap<usize, usize> = sources.iter().map(|source| source.input).zip(families).collect();
    sources.sort_by_cached_key(|source| (families[&source.input], Reverse(version(source))));
}

/// What a description has requests of: its paths, and the server that they are on, where it names one.
struct Requests {
    server: Option<String>,
    paths: HashSet<String>,
}

impl Requests {
    fn of(source: &Source) -> Self {
        let server = source.value.pointer("/servers/0/url").and_then(Value::as_str);
        let server = server.map(|url| url.trim_end_matches('/').to_owned());
        Self { server, paths: paths(&source.value).map(|(path, ..)| without_names(&path)).collect() }
    }

    fn shares_a_request(&self, other: &Self) -> bool {
        let is_elsewhere = self.server.as_ref().zip(other.server.as_ref()).is_some_and(|(own, other)| own != other);
        !is_elsewhere && !self.paths.is_disjoint(&other.paths)
    }
}

/// A version, to be compared: its numbers, whether no word stands behind them, as in `2.0.0-rc.1`, and those behind it.
/// Dates are numbers, too.
type Version = (Vec<u64>, bool, Vec<u64>);

fn version(source: &Source) -> Version {
    read_version(source.value.pointer("/info/version").and_then(Value::as_str).unwrap_or_default())
}

fn read_version(text: &str) -> Version {
    let text = text.split('+').next().unwrap_or(text);
    let text = text.trim_start_matches(|character: char| !character.is_ascii_digit());
    let (release, word) = text.split_at(text.find(char::is_alphabetic).unwrap_or(text.len()));
    let mut numbers = numbers(release);
    // `1.0` is `1`.
    numbers.truncate(numbers.iter().rposition(|number| *number != 0).map_or(0, |last| last + 1));
    (numbers, word.is_empty(), self::numbers(word))
}

fn numbers(text: &str) -> Vec<u64> {
    let digits = text.split(|character: char| !character.is_ascii_digit()).filter(|digits| !digits.is_empty());
    digits.map(|digits| digits.parse().unwrap_or(u64::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::read_version;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (older, newer) in [
            ("1.0.0", "2.0.0"),
            ("1.9", "1.10"),
            ("v1", "v2"),
            ("", "0.1"),
            ("2023-12-01", "2024-01-15"),
            ("2.0.0-rc.1", "2.0.0"),
            ("2.0.0-rc.2", "2.0.0-rc.10"),
            ("1.0.1", "2.0.0-rc.1"),
        ] {
            assert!(read_version(older) < read_version(newer), "{older} {newer}");
        }
        for (one, other) in [("1.0", "1"), ("v1.0.0", "1.0.0"), ("1.0.0+a1", "1.0.0+b2"), ("", "next")] {
            assert_eq!(read_version(one), read_version(other), "{one} {other}");
        }
    }
}
