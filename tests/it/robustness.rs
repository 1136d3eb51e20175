//! Whatever a text holds, the generator gives files or diagnostics: it neither panics nor hangs, and what it emits can
//! be parsed. The documents of the fixtures and a page of `specs/` are changed at random, the same way in every run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use serde_json::{Map, Value, json};
use specwright::diagnostic::Severity;
use specwright::{Input, Options};
use xtask::codegen::documents;

use crate::fixtures;

/// How many changed texts are made of each document, written as text and as a tree.
const MUTANTS: usize = 10;

/// The stack of the main thread on most systems.
const STACK: usize = 8 << 20;

/// Far longer than any of these texts takes, also on a machine that is busy.
const LONGEST: Duration = Duration::from_secs(20);

#[test]
fn texts_changed_at_random_give_files_or_diagnostics() {
    let mut rng = Rng::with_seed(1);
    let mutants = documents().into_iter().flat_map(|inputs| changed(&mut rng, &inputs, mangled_text));
    assert_each(mutants.collect(), fault);
}

#[test]
fn trees_changed_at_random_give_files_or_diagnostics() {
    let mut rng = Rng::with_seed(2);
    let mutants = documents().into_iter().flat_map(|inputs| changed(&mut rng, &inputs, mangled_tree));
    assert_each(mutants.collect(), fault);
}

/// Run by hand, where real documents lie beside the workspace: more of them than every run has the time for.
#[test]
#[ignore = "takes minutes"]
fn real_documents_changed_at_random_give_files_or_diagnostics() {
    const LARGEST: u64 = 300_000;
    let shared = xtask::workspace_root().join("../shared");
    let entries = ["corpus", "pages", "suites"].map(|folder| walk(&shared.join(folder)));
    let small = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|file| file.len() < LARGEST);
    let texts = entries.into_iter().flatten().filter(small).filter_map(|path| {
        let text = std::fs::read_to_string(&path).ok()?;
        Some(Input::new(path.display().to_string(), text))
    });
    let mut rng = Rng::with_seed(3);
    for input in texts {
        let documents = [input];
        for change in [mangled_text, mangled_tree] {
            let mutants = changed(&mut rng, &documents, change);
            assert_each(mutants, fault);
        }
    }
}

/// The files in a folder and those within; none where there is no such folder.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert_refused(text);
}

#[test]
fn deep_nesting_is_refused() {
    const DEPTH: usize = 10_000;
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"allOf\":[", "]}")] {
        let json = format!("{{\"openapi\":\"3.1.0\",\"x\":{}1{}}}", open.repeat(DEPTH), close.repeat(DEPTH));
        assert_refused(json[..json.len() / 2].to_owned());
        assert_refused(json);
    }
    assert_refused(format!("# YAML\nopenapi: 3.1.0\nx: {}{}\n", "[".repeat(DEPTH), "]".repeat(DEPTH)));
    let block: String = (0..DEPTH / 10).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_refused(block);
    assert_refused(format!("a: {}1\n", "- ".repeat(DEPTH)));
}

/// What grows with the number of ways through the schemas, and not with the number of schemas, never ends.
#[test]
fn schemas_with_many_ways_through_them_take_no_longer() {
    let part = |level: usize, side: &str| json!({"$ref": format!("#/components/schemas/{side}{level}")});
    for keyword in ["allOf", "oneOf"] {
        let mut schemas = Map::new();
        for level in 0..12 {
            for side in ["A", "B"] {
                let parts = [part(level + 1, "A"), part(level + 1, "B")];
                let properties = json!({format!("{side}{level}"): {"type": "string"}});
                schemas.insert(format!("{side}{level}"), json!({"properties": properties, keyword: parts}));
            }
        }
        for side in ["A", "B"] {
            schemas.insert(format!("{side}12"), json!({"required": [side], "properties": {side: {"const": side}}}));
        }
        assert_generated(schemas);
    }
}

#[test]
fn tagged_unions_with_many_ways_through_them_take_no_longer() {
    const SIDES: [&str; 3] = ["A", "B", "C"];
    let mut schemas = Map::new();
    for level in 0..14 {
        let members = SIDES.map(|side| json!({"$ref": format!("#/components/schemas/{side}{}", level + 1)}));
        let union = json!({"oneOf": members, "discriminator": {"propertyName": "kind"}});
        schemas.extend(SIDES.map(|side| (format!("{side}{level}"), union.clone())));
    }
    let leaf = |side: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": side}}});
    schemas.extend(SIDES.map(|side| (format!("{side}14"), leaf(side))));
    assert_generated(schemas);
}

fn assert_generated(schemas: Map<String, Value>) {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Ways", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    });
    assert_each(vec![vec![Input::new("openapi.json".to_owned(), document.to_string())]], fault);
}

fn assert_refused(text: String) {
    let refused = |inputs: &[Input]| {
        let accepted = || specwright::generate(inputs, &options()).files.map(|_| "a crate comes of it".to_owned());
        fault(inputs).or_else(accepted)
    };
    assert_each(vec![vec![Input::new("openapi.yaml".to_owned(), text)]], refused);
}

fn options() -> Options {
    Options { name: "mutant".to_owned(), version: "0.1.0".to_owned(), ..Options::default() }
}

/// The inputs of every fixture, and those that the client of the workspace is made of.
fn documents() -> Vec<Vec<Input>> {
    let fixtures = fixtures::accept().into_iter().chain(fixtures::reject());
    let mut documents: Vec<_> = fixtures.map(|fixture| fixture.inputs).collect();
    let specs = documents::read(&[xtask::workspace_root().join("specs")]).expect("the documents");
    documents.push(specs.inputs);
    documents
}

/// The inputs several times, each time with one text changed.
fn changed(rng: &mut Rng, inputs: &[Input], change: fn(&mut Rng, &str) -> String) -> Vec<Vec<Input>> {
    let mutant = |rng: &mut Rng| {
        let mut mutant = inputs.to_vec();
        let input = &mut mutant[rng.usize(..inputs.len())];
        input.text = change(rng, &input.text);
        mutant
    };
    (0..MUTANTS).map(|_| mutant(rng)).collect()
}

/// Looks for what is wrong with each of the mutants, on a thread of its own so that one that never ends is found.
fn assert_each(mutants: Vec<Vec<Input>>, fault: fn(&[Input]) -> Option<String>) {
    let (done, results) = mpsc::channel();
    let (count, texts) = (mutants.len(), mutants.clone());
    let work = move || {
        for inputs in &mutants {
            let fault = catch_unwind(AssertUnwindSafe(|| fault(inputs)));
            if done.send(fault.unwrap_or_else(|_| Some("it panics".to_owned()))).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    let mut faults = Vec::new();
    for (index, inputs) in texts.iter().enumerate() {
        let shown = || inputs.iter().map(|input| format!("---- {}\n{}\n", input.name, input.text)).collect::<String>();
        match results.recv_timeout(LONGEST) {
            Ok(None) => {}
            Ok(Some(fault)) => faults.push(format!("mutant {index}: {fault}\n{}", shown())),
            Err(error) => panic!("mutant {index} never ends: {error}\n{}", shown()),
        }
    }
    assert!(faults.is_empty(), "{} of {count} mutants:\n{}", faults.len(), faults.join("\n"));
}

/// What is wrong with what comes of the inputs.
fn fault(inputs: &[Input]) -> Option<String> {
    let generated = specwright::generate(inputs, &options());
    let _ = specwright::report::render(&generated.diagnostics, inputs, false);
    let has_errors = generated.diagnostics.iter().any(|one| one.severity == Severity::Error);
    if generated.files.is_none() != has_errors {
        return Some("files and errors must exclude each other".to_owned());
    }
    let (counts, left_out) = (generated.counts, generated.left_out.len());
    if generated.files.is_some() && counts.operations_found != counts.operations + left_out {
        return Some(format!("operations are lost: {counts:?}, {left_out} left out"));
    }
    let files = generated.files.unwrap_or_default();
    let invalid = files.iter().find(|(_, text)| text.contains("compile_error!(\"emitted code is invalid"));
    invalid.map(|(path, text)| format!("{path} is invalid:\n{text}"))
}

/// The text with a few of its lines, scalars, keys or bytes changed.
fn mangled_text(rng: &mut Rng, text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..rng.usize(1..4) {
        text = match rng.u8(..8) {
            0..3 => mangled_lines(rng, &text),
            3..6 => mangled_member(rng, &text),
            6 => text.chars().take(rng.usize(..=text.chars().count())).collect(),
            _ => {
                let mut bytes = text.into_bytes();
                bytes.insert(rng.usize(..=bytes.len()), rng.u8(..));
                String::from_utf8_lossy(&bytes).into_owned()
            }
        };
    }
    text
}

fn mangled_lines(rng: &mut Rng, text: &str) -> String {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return String::new();
    }
    let (at, other) = (rng.usize(..lines.len()), rng.usize(..lines.len()));
    match rng.u8(..4) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(other, lines[at].clone()),
        2 => lines.swap(at, other),
        _ => lines[at].insert_str(0, "  "),
    }
    lines.join("\n") + "\n"
}

/// Changes the key or the value of a line that has both.
fn mangled_member(rng: &mut Rng, text: &str) -> String {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let members: Vec<_> = (0..lines.len()).filter(|&at| lines[at].contains(": ")).collect();
    let Some(line) = rng.choice(members).map(|at| &mut lines[at]) else { return text.to_owned() };
    let (key, value) = line.split_once(": ").unwrap_or_default();
    *line = if rng.u8(..4) == 0 {
        let indent = &key[..key.len() - key.trim_start_matches([' ', '-']).len()];
        format!("{indent}{}: {value}", json!(odd_key(rng)))
    } else {
        format!("{key}: {}", odd_value(rng))
    };
    lines.join("\n") + "\n"
}

/// The description with a few of its nodes changed, written as JSON.
fn mangled_tree(rng: &mut Rng, text: &str) -> String {
    let (before, block, after) = match text.find("```yaml\n") {
        Some(fence) => {
            let (before, rest) = text.split_at(fence + "```yaml\n".len());
            let (block, after) = rest.split_at(rest.find("\n```\n").map_or(rest.len(), |end| end + 1));
            (before, block, after)
        }
        None => ("", text, ""),
    };
    let Ok(mut root) = serde_yaml::from_str::<Value>(block) else { return mangled_text(rng, text) };
    for _ in 0..rng.usize(1..4) {
        mangle_node(rng, &mut root);
    }
    format!("{before}{root:#}\n{after}")
}

fn mangle_node(rng: &mut Rng, root: &mut Value) {
    let mut pointers = Vec::new();
    list(root, "", &mut pointers);
    let any = |rng: &mut Rng| pointers[rng.usize(..pointers.len())].clone();
    let (at, other) = (any(rng), any(rng));
    let donor = root.pointer(&other).cloned().unwrap_or_default();
    let parent = at.rsplit_once('/').map(|(parent, _)| parent.to_owned()).unwrap_or_default();
    let new = match rng.u8(..12) {
        0..4 => donor,
        4..6 => odd_value(rng),
        6 => json!({ "$ref": format!("#{}", rng.choice([&at, &parent, &other]).expect("one of three")) }),
        7 => {
            let key = rng.choice(["allOf", "anyOf", "oneOf"]).expect("one of three");
            json!({ key: [root.pointer(&at), { "$ref": format!("#{other}") }] })
        }
        kind => return mangle_member(rng, root, &parent, kind),
    };
    if let Some(node) = root.pointer_mut(&at) {
        *node = new;
    }
}

/// Changes which members or elements a node has.
fn mangle_member(rng: &mut Rng, root: &mut Value, at: &str, kind: u8) {
    match root.pointer_mut(at) {
        Some(Value::Object(members)) if !members.is_empty() => {
            let key = members.keys().nth(rng.usize(..members.len())).cloned().unwrap_or_default();
            match kind {
                8 => drop(members.shift_remove(&key)),
                9 => drop(members.insert(odd_key(rng), members[&key].clone())),
                10 => *members = renamed(members, &key, &odd_key(rng)),
                _ => drop(members.insert(keyword(rng), odd_value(rng))),
            }
        }
        Some(Value::Array(elements)) if !elements.is_empty() => {
            let index = rng.usize(..elements.len());
            match kind {
                8 => drop(elements.remove(index)),
                9 => elements.push(elements[index].clone()),
                10 => elements.reverse(),
                _ => elements.push(odd_value(rng)),
            }
        }
        _ => {}
    }
}

fn renamed(members: &Map<String, Value>, from: &str, to: &str) -> Map<String, Value> {
    members.iter().map(|(key, value)| (if key == from { to } else { key }.to_owned(), value.clone())).collect()
}

/// The pointers of all nodes.
fn list(node: &Value, at: &str, pointers: &mut Vec<String>) {
    pointers.push(at.to_owned());
    let members: Vec<_> = match node {
        Value::Object(members) => members.iter().map(|(key, node)| (key.clone(), node)).collect(),
        Value::Array(elements) => elements.iter().enumerate().map(|(at, node)| (at.to_string(), node)).collect(),
        _ => return,
    };
    for (key, node) in members {
        list(node, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), pointers);
    }
}

/// A value that stands where no one expects it.
fn odd_value(rng: &mut Rng) -> Value {
    match rng.u8(..16) {
        0 => json!(true),
        1 => json!(5),
        2 => json!(null),
        3 => json!([]),
        4 => json!({}),
        5 => json!(-1.5e300),
        6 => json!("long ".repeat(2_000)),
        7 => json!({ "$ref": "#" }),
        8 => json!({ "$ref": "#/components/schemas" }),
        9 => json!([{}, [null], "x"]),
        10 => (0..100).fold(json!({ "type": "string" }), |inner, _| json!({ "items": inner })),
        11 => (0..40).fold(json!({}), |inner, _| json!({ "anyOf": [inner, { "properties": { "a": {} } }] })),
        _ => json!(odd_key(rng)),
    }
}

fn odd_key(rng: &mut Rng) -> String {
    const TEXTS: [&str; 22] = [
        "",
        " ",
        "é\u{202e}",
        "\u{0}",
        "\r",
        "\n\n",
        "\"",
        "\\",
        "*/ /*",
        "}",
        "{}",
        "{",
        "{id}",
        "//",
        "/",
        "~1",
        "#",
        "self",
        "_",
        "0",
        "r#type",
        "`",
    ];
    if rng.bool() { keyword(rng) } else { rng.choice(TEXTS).expect("a text").to_owned() }
}

fn keyword(rng: &mut Rng) -> String {
    const KEYWORDS: [&str; 38] = [
        "$ref",
        "$defs",
        "$anchor",
        "$dynamicRef",
        "additionalProperties",
        "allOf",
        "anyOf",
        "components",
        "const",
        "content",
        "default",
        "description",
        "discriminator",
        "enum",
        "format",
        "get",
        "in",
        "info",
        "items",
        "minimum",
        "name",
        "nullable",
        "object",
        "oneOf",
        "openapi",
        "parameters",
        "paths",
        "prefixItems",
        "properties",
        "requestBody",
        "required",
        "responses",
        "schema",
        "security",
        "servers",
        "string",
        "tags",
        "type",
    ];
    rng.choice(KEYWORDS).expect("a keyword").to_owned()
}
