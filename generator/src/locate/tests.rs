//! Tests of the lookup, on texts in every format.

use super::*;
use crate::source;

fn pointer_to(text: &str) -> Pointer {
    Pointer::from_reference(&format!("#{text}")).expect("a pointer")
}

fn at(text: &str, format: Format, spot: Spot) -> Option<(usize, &str)> {
    let found = locate(text, format, &[spot]).remove(0)?;
    Some((found.start, &text[found]))
}

fn node<'t>(text: &'t str, format: Format, pointer: &str) -> &'t str {
    at(text, format, Spot::Node(pointer_to(pointer))).map_or("nothing", |(_, found)| found)
}

fn key<'t>(text: &'t str, format: Format, pointer: &str) -> &'t str {
    at(text, format, Spot::Key(pointer_to(pointer))).map_or("nothing", |(_, found)| found)
}

use Format::{Json, Yaml};

#[test]
fn scalars_of_yaml_stand_for_themselves() {
    let text = "a: x y  # note\nb: \"q\\\"r\" # \"\nc: 'it''s' # '\nd:\n  - 1\n  - |\n    text\n    more\n  - last\n";
    assert_eq!(node(text, Yaml, "/a"), "x y");
    assert_eq!(node(text, Yaml, "/b"), "\"q\\\"r\"");
    assert_eq!(node(text, Yaml, "/c"), "'it''s'");
    assert_eq!(node(text, Yaml, "/d/0"), "1");
    assert_eq!(node(text, Yaml, "/d/1"), "text\n    more");
    assert_eq!(node(text, Yaml, "/d/2"), "last");
}

#[test]
fn collections_of_yaml_are_short() {
    let text = "a:\n  - name: x\n    in: query\n  - {name: y}\n  - - z\n    - z\n  - &b\n    k: 1\n";
    assert_eq!(node(text, Yaml, ""), "a:");
    assert_eq!(node(text, Yaml, "/a"), "a");
    assert_eq!(node(text, Yaml, "/a/0"), "name: x");
    assert_eq!(node(text, Yaml, "/a/1"), "{");
    assert_eq!(node(text, Yaml, "/a/2"), "- z");
    assert_eq!(node(text, Yaml, "/a/3"), "&b");
    assert_eq!(node(text, Yaml, "/a/3/k"), "1");
}

#[test]
fn keys_are_told_from_nodes() {
    for (text, format) in [("\"a\":\n  \"b/c\": 1\n", Yaml), ("{\"a\": {\"b/c\": 1}}", Json)] {
        assert_eq!(key(text, format, "/a"), "\"a\"");
        assert_eq!(node(text, format, "/a"), "\"a\"");
        assert_eq!(key(text, format, "/a/b~1c"), "\"b/c\"");
        assert_eq!(node(text, format, "/a/b~1c"), "1");
    }
    assert_eq!(key("[1, 2]", Json, "/1"), "2");
}

#[test]
fn what_is_missing_stands_where_its_parent_does() {
    for (text, format) in [("a:\n  b: [1]\n", Yaml), ("{\"a\": {\"b\": [1]}}", Json)] {
        assert!(node(text, format, "/a/b/7/x").contains('b'));
        assert!(key(text, format, "/a/x/y").contains('a'));
        assert!(node(text, format, "/x").starts_with(['a', '{']));
    }
    assert_eq!(node("a: 1", Yaml, "/a/b"), "1");
    assert_eq!(node("", Yaml, "/a"), "nothing");
    assert_eq!(node("", Json, "/a"), "nothing");
    assert_eq!(locate("a: 1", Yaml, &[Spot::Whole, Spot::Line(1, 1)]), [None, None]);
}

#[test]
fn keys_of_every_scalar_type_have_their_text() {
    let text = "200: a\n0x10: b\ntrue: c\n~: d\n\"201\": e\n1.0: f\nno: g\n? h\n: i\n";
    for (pointer, value) in [("/200", "a"), ("/0x10", "b"), ("/true", "c"), ("/~", "d"), ("/201", "e"), ("/1.0", "f")] {
        assert_eq!(node(text, Yaml, pointer), value, "{pointer}");
    }
    assert_eq!(node(text, Yaml, "/no"), "g");
    assert_eq!(node(text, Yaml, "/h"), "i");
}

#[test]
fn every_key_of_a_parsed_text_is_found() {
    let text =
        "1: a\n-5: a\n1e3: a\n007: a\n+12: a\n.5: a\nNull: a\nTRUE: a\n0o17: a\nnull x: a\n1.10: a\n!!str 3: a\n-: a\n";
    let source = source::parse(0, "", text, &mut crate::diagnostic::Diagnostics::default()).expect("a source");
    let keys: Vec<_> = source.value.as_object().expect("an object").keys().collect();
    let spots: Vec<_> = keys.iter().map(|key| Spot::Key(Pointer::root().key(key))).collect();
    for ((key, range), line) in keys.iter().zip(locate(text, Yaml, &spots)).zip(text.lines()) {
        let range = range.expect("a place");
        assert_eq!(Some(&text[range]), line.strip_suffix(": a"), "{key}");
    }
}

#[test]
fn a_node_without_text_stands_at_its_key() {
    let text = "a:\nb:\n  -\n  - x\nc: !t\n";
    assert_eq!(node(text, Yaml, "/a"), "a");
    assert_eq!(at(text, Yaml, Spot::Node(pointer_to("/b/0"))), Some((9, "")), "behind the dash");
    assert_eq!(node(text, Yaml, "/b/1"), "x");
    assert_eq!(node(text, Yaml, "/c"), "!t");
}

#[test]
fn an_aliased_node_stands_at_its_alias() {
    let text = "base: &base {x: 1}\none: *base\ntwo:\n  <<: *base\n  y: 2\n*base : 3\nlast: 4\n";
    assert_eq!(node(text, Yaml, "/one"), "*base");
    assert_eq!(node(text, Yaml, "/one/x"), "*base");
    assert_eq!(node(text, Yaml, "/two/x"), "two");
    assert_eq!(node(text, Yaml, "/two/y"), "2");
    assert_eq!(node(text, Yaml, "/last"), "4");
}

#[test]
fn of_duplicate_keys_the_last_one_counts() {
    for (text, format) in
        [("a: {x: 1, y: [2]}\na: {x: 3}\n", Yaml), ("{\"a\":{\"x\":1,\"y\":[2]},\"a\":{\"x\":3}}", Json)]
    {
        assert_eq!(node(text, format, "/a/x"), "3");
        let second = text.rfind('a').expect("the key");
        let missing = locate(text, format, &[Spot::Node(pointer_to("/a/y/0"))]).remove(0).expect("a place");
        assert!(missing.contains(&second), "{missing:?}");
    }
    assert_eq!(node("{\"a\": [1], \"a\": 2}", Json, "/a/0"), "2");
}

#[test]
fn places_count_bytes() {
    let text = "é: 日本\n😀:\n  - ключ: é # é\n";
    assert_eq!(node(text, Yaml, "/é"), "日本");
    assert_eq!(key(text, Yaml, "/😀"), "😀");
    let spots = ["/😀/0/ключ", "/é", "/😀/0"].map(|pointer| Spot::Node(pointer_to(pointer)));
    let found: Vec<_> = locate(text, Yaml, &spots).into_iter().map(|range| &text[range.expect("a place")]).collect();
    assert_eq!(found, ["é", "日本", "ключ: é # é"]);
}

#[test]
fn line_ends_may_be_two_characters() {
    let text = "a:\r\n  - b: 1\r\n    c: \"é\"\r\nd: e\r\n";
    assert_eq!(node(text, Yaml, "/a/0"), "b: 1");
    assert_eq!(node(text, Yaml, "/a/0/c"), "\"é\"");
    assert_eq!(node(text, Yaml, "/d"), "e");
    assert_eq!(node("{\r\n\t\"a\"\t:\r\n\t\t1\r\n}", Json, "/a"), "1");
}

#[test]
fn json_is_read_with_its_escapes_and_tabs() {
    let text = "{\n\t\"a\\/b\": {\"\\uD83D\\uDE00\": -1.5e3, \"q\\\"\": [\"]}\", {\"x\": true}]},\n\t\"z\": null\n}";
    assert_eq!(node(text, Json, "/a~1b/😀"), "-1.5e3");
    assert_eq!(key(text, Json, "/a~1b/😀"), "\"\\uD83D\\uDE00\"");
    assert_eq!(node(text, Json, "/a~1b/q\"/0"), "\"]}\"");
    assert_eq!(node(text, Json, "/a~1b/q\"/1"), "{");
    assert_eq!(node(text, Json, "/a~1b/q\"/1/x"), "true");
    assert_eq!(node(text, Json, "/z"), "null");
    assert_eq!(node(text, Json, ""), "{");
}

#[test]
fn a_broken_text_keeps_what_was_found() {
    assert_eq!(node("a: 1\nb: [\n", Yaml, "/a"), "1");
    assert_eq!(node("{\"a\": 1, \"b\": \"", Json, "/a"), "1");
    assert_eq!(node("{\"a\": 1, \"b\": \"", Json, "/b"), "\"b\"");
}

#[test]
fn deep_nesting_needs_no_stack() {
    let deep = "[".repeat(200_000);
    assert_eq!(node(&format!("{{\"x\": {deep}"), Json, "/x/0/0"), "[");
    assert_eq!(node(&format!("x: {deep}"), Yaml, "/y"), &format!("x: {deep}"));
}

/// Cuts and swaps pieces of texts: whatever comes of it must not panic.
#[test]
fn no_text_is_too_broken() {
    let pieces = [
        "a", ":", " ", "\n", "  ", "- ", "{", "}", "[", "]", ",", "\"", "'", "&a ", "*a", "!t ", "|", ">", "#", "\\",
        "\t", "\r", "é", "😀", "---", "...", "? ", "<<", "\u{feff}", "\0", "%", "\u{85}", "0", "|2-", "\\u", "@", "`",
        "!<", "~",
    ];
    let wanted = ["", "/a", "/a/0", "/a/a", "/0", "/0/0", "/a/0/a"];
    let wanted: Vec<_> = wanted.iter().flat_map(|at| [Spot::Node(pointer_to(at)), Spot::Key(pointer_to(at))]).collect();
    let mut state = 1u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..24 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        for format in [Yaml, Json] {
            for range in locate(&text, format, &wanted).into_iter().flatten() {
                assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
            }
        }
    }
}
