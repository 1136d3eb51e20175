//! Stage 1, YAML 1.2 → [`Value`]: builds the tree from the events of a parser, so that depth and aliases are bounded
//! while the text is read and not afterwards.

mod scalar;

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::{Map, Value};

use super::{MAX_DEPTH, Parsed, SyntaxError};
use crate::pointer::Pointer;

/// How much aliases may add to a document: the bytes of its texts and 32 for each node, so that a text of a few lines
/// cannot fill the memory (the "billion laughs").
const MAX_ALIASED: usize = 64 << 20;

pub(super) fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker();
            SyntaxError { line: Some((at.line(), at.col() + 1)), message: error.info().to_owned() }
        })?;
        builder.take(event).map_err(|message| at(span, message))?;
    }
    let Builder { root, duplicates, written, .. } = builder;
    Ok(Parsed { value: root.unwrap_or_default(), duplicates, written, replaced: Vec::new() })
}

fn at(span: Span, message: String) -> SyntaxError {
    SyntaxError { line: Some((span.start.line(), span.start.col() + 1)), message }
}

/// The tree as far as it was read.
#[derive(Default)]
struct Builder {
    root: Option<Value>,
    /// The collections that are open.
    stack: Vec<Open>,
    /// The nodes with an anchor, and what each of them adds to the document where an alias stands.
    anchors: HashMap<usize, (Value, usize)>,
    aliased: usize,
    duplicates: Vec<Pointer>,
    written: HashMap<Pointer, String>,
}

/// A collection whose end is still to come.
struct Open {
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Value>),
    Mapping {
        members: Map<String, Value>,
        /// The values of merge keys.
        merged: Vec<Value>,
        /// The key whose value comes next.
        key: Option<Key>,
    },
}

enum Key {
    Name(String),
    Merge,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) if self.root.is_some() => Err("the text holds more than one document".to_owned()),
            Event::DocumentStart(_) => Ok(()),
            Event::SequenceStart(anchor, _) => self.open(anchor, Content::Sequence(Vec::new())),
            Event::MappingStart(anchor, _) => {
                self.open(anchor, Content::Mapping { members: Map::new(), merged: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Scalar(text, style, anchor, tag) => {
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                if let Some(key) = self.key().filter(|key| key.is_none()) {
                    *key = Some(if is_plain && text == "<<" { Key::Merge } else { Key::Name(text.into_owned()) });
                    return Ok(());
                }
                let value = match scalar::value(&text, style, tag.as_deref()) {
                    Some(value) => {
                        self.keep_text(&value, &text);
                        value
                    }
                    None => Value::String(text.into_owned()),
                };
                self.anchor(anchor, &value);
                self.add(value);
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor),
        }
    }

    fn open(&mut self, anchor: usize, content: Content) -> Result<(), String> {
        if self.stack.len() == MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        if self.key().is_some_and(|key| key.is_none()) {
            return Err("a key must be a scalar".to_owned());
        }
        self.stack.push(Open { anchor, content });
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(Open { anchor, content }) = self.stack.pop() else { return Ok(()) };
        let value = match content {
            Content::Sequence(elements) => Value::Array(elements),
            Content::Mapping { mut members, merged, .. } => {
                merge(&mut members, merged);
                Value::Object(members)
            }
        };
        self.anchor(anchor, &value);
        self.add(value);
        Ok(())
    }

    fn alias(&mut self, anchor: usize) -> Result<(), String> {
        let Some((value, weight)) = self.anchors.get(&anchor) else {
            return Err("the alias stands within the node that it refers to".to_owned());
        };
        let value = value.clone();
        self.aliased += weight;
        if self.aliased > MAX_ALIASED {
            return Err("the aliases make a small text a huge document".to_owned());
        }
        if let Some(key) = self.key().filter(|key| key.is_none()) {
            let Value::String(text) = value else { return Err("a key must be a scalar".to_owned()) };
            *key = Some(Key::Name(text));
        } else {
            self.add(value);
        }
        Ok(())
    }

    /// The key of the innermost collection, when that is a mapping: `None` in it is a key that comes next.
    fn key(&mut self) -> Option<&mut Option<Key>> {
        match self.stack.last_mut() {
            Some(Open { content: Content::Mapping { key, .. }, .. }) => Some(key),
            _ => None,
        }
    }

    fn anchor(&mut self, anchor: usize, value: &Value) {
        // The parser counts them from 1; 0 is no anchor.
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), weight(value)));
        }
    }

    fn add(&mut self, value: Value) {
        match self.stack.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(value),
            Some(Content::Sequence(elements)) => elements.push(value),
            Some(Content::Mapping { members, merged, key }) => match key.take() {
                Some(Key::Merge) => merged.push(value),
                Some(Key::Name(key)) => {
                    if let Some(before) = members.insert(key.clone(), value) {
                        drop(before);
                        let at = self.place().key(&key);
                        self.duplicates.push(at);
                    }
                }
                None => {}
            },
        }
    }

    /// Notes how a scalar that comes next is written, where its value would be written differently.
    fn keep_text(&mut self, value: &Value, text: &str) {
        if value.is_null() || value.to_string() == text {
            return;
        }
        let at = match self.stack.last().map(|open| &open.content) {
            Some(Content::Sequence(elements)) => self.place().index(elements.len()),
            Some(Content::Mapping { key: Some(Key::Name(key)), .. }) => self.place().key(key),
            _ => return,
        };
        self.written.insert(at, text.to_owned());
    }

    /// The pointer to the innermost collection.
    fn place(&self) -> Pointer {
        let outer = self.stack.len().saturating_sub(1);
        self.stack[..outer].iter().fold(Pointer::root(), |at, open| match &open.content {
            Content::Sequence(elements) => at.index(elements.len()),
            Content::Mapping { key: Some(Key::Name(key)), .. } => at.key(key),
            Content::Mapping { .. } => at.key("<<"),
        })
    }
}

/// Adds what merge keys (`<<: *anchor`, `<<: [*a, *b]`) bring; a key of the object itself wins, then the first to come.
fn merge(members: &mut Map<String, Value>, merged: Vec<Value>) {
    for value in merged {
        let sources = match value {
            Value::Array(sources) => sources,
            source => vec![source],
        };
        for source in sources {
            let Value::Object(source) = source else { continue };
            for (key, value) in source {
                members.entry(key).or_insert(value);
            }
        }
    }
}

/// What a value adds to a document.
fn weight(value: &Value) -> usize {
    const NODE: usize = 32;
    NODE + match value {
        Value::String(text) => text.len(),
        Value::Array(elements) => elements.iter().map(weight).sum(),
        Value::Object(members) => members.iter().map(|(key, value)| key.len() + weight(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Value {
        parse(text).expect("YAML").value
    }

    #[test]
    fn keys_are_texts_as_they_stand() {
        assert_eq!(value("200: a\ntrue: b\n~: c\n0x10: d\n"), json!({"200": "a", "true": "b", "~": "c", "0x10": "d"}));
    }

    #[test]
    fn merge_keys_bring_what_is_not_there() {
        assert_eq!(value("a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}\n")["b"], json!({"x": 1, "y": 2}));
        assert_eq!(value("a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc: {<<: [*a, *b]}\n")["c"], json!({"x": 1, "z": 3}));
    }

    #[test]
    fn how_scalars_are_written_is_known_where_their_values_do_not_tell() {
        let parsed = parse("a: [1, 1.10, {b: 0x10}, true, ~, text, 2.50]\nc: True\n").expect("YAML");
        let list = Pointer::root().key("a");
        let mut written: Vec<_> = parsed.written.into_iter().collect();
        written.sort();
        let expected = [
            (list.index(1), "1.10"),
            (list.index(2).key("b"), "0x10"),
            (list.index(6), "2.50"),
            (Pointer::root().key("c"), "True"),
        ];
        assert_eq!(written, expected.map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn a_tagged_value_is_its_content() {
        assert_eq!(value("a: !thing {x: 1}\n"), json!({"a": {"x": 1}}));
    }

    #[test]
    fn lines_may_end_as_they_do_on_windows() {
        assert_eq!(value("a:\r\n  - 1\r\n  - |\r\n    two\r\n    lines\r\n"), json!({"a": [1, "two\nlines\n"]}));
    }

    #[test]
    fn errors_have_their_line() {
        let error = parse("a: 1\nb: [\n").expect_err("no YAML");
        assert_eq!(error.line.map(|(line, _)| line), Some(3));
    }

    #[test]
    fn of_a_key_that_is_there_twice_the_last_counts() {
        let parsed = parse("a:\n  - {}\n  - b: 1\n    'b': 2\n").expect("YAML");
        assert_eq!(parsed.value, json!({"a": [{}, {"b": 2}]}));
        assert_eq!(parsed.duplicates, [Pointer::root().key("a").index(1).key("b")]);
    }

    #[test]
    fn depth_is_bounded_before_it_costs_anything() {
        for deep in ["[".repeat(1_000_000), "{a: ".repeat(1_000_000), "- ".repeat(1_000_000)] {
            let error = parse(&deep).expect_err("too deep");
            assert!(error.line.is_some_and(|(line, _)| line == 1), "{error:?}");
        }
    }

    #[test]
    fn aliases_cannot_make_a_small_text_a_huge_document() {
        let step = |level: u32| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
        let bomb = format!("a0: &a0 [laugh]\n{}", (1..12).map(step).collect::<String>());
        let error = parse(&bomb).expect_err("a bomb");
        assert!(error.message.contains("aliases"), "{}", error.message);
        assert!(parse("a: &a [*a]\n").is_err());
        assert!(parse("a: *b\n").is_err());
    }

    #[test]
    fn one_text_is_one_document() {
        assert_eq!(value("--- a\n...\n"), json!("a"));
        assert_eq!(value("# nothing\n"), json!(null));
        assert!(parse("--- a\n--- b\n").is_err());
    }
}
