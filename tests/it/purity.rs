//! The generator is a pure function of what the documents mean: not of the run, of how a document is written, nor of
//! the order of keywords.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use specwright::configuration::{Entry, Selector};
use specwright::{Configuration, Files, Input, Options};

use crate::fixtures::{self, Fixture};

/// Keywords whose members have names that the document chooses. Their order is the order of what is generated.
const NAMED: [&str; 15] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "mapping",
    "paths",
    "patternProperties",
    "properties",
    "responses",
    "scopes",
    "variables",
    "webhooks",
];

/// Fixtures whose texts say more than the values that other parsers have of them, if these read them at all: how a
/// scalar is written, half of a character.
const WRITTEN: [&str; 3] = ["integers-beyond-u64", "json", "quirk-unquoted-texts"];

/// Keywords whose values are data and no nodes of the description.
const DATA: [&str; 6] = ["const", "default", "enum", "example", "examples", "security"];

#[test]
fn the_same_inputs_give_the_same_files() {
    fixtures::for_each(&fixtures::accept(), |fixture| {
        assert_same(fixture, &fixture.inputs, "a second run");
    });
}

#[test]
fn json_gives_the_files_that_yaml_gives() {
    fixtures::for_each(&rewritable(), |fixture| {
        assert_same(fixture, &rewritten(fixture, &|value| value), "JSON instead of YAML");
    });
}

#[test]
fn the_order_of_keywords_means_nothing() {
    fixtures::for_each(&rewritable(), |fixture| {
        for seed in 1..=3 {
            let shuffled = rewritten(fixture, &|value| Shuffle(seed).text(value));
            assert_same(fixture, &shuffled, &format!("another order of keywords (seed {seed})"));
        }
    });
}

#[test]
fn the_order_of_texts_means_nothing() {
    let several: Vec<_> = fixtures::accept().into_iter().filter(|fixture| fixture.inputs.len() > 1).collect();
    fixtures::for_each(&several, |fixture| {
        let backwards: Vec<_> = fixture.inputs.iter().rev().cloned().collect();
        assert_same(fixture, &backwards, "another order of the texts");
    });
}

#[test]
fn the_names_of_pages_mean_nothing() {
    let is_page = |input: &Input| input.name.ends_with(".md");
    let pages = fixtures::accept().into_iter().filter(|fixture| fixture.inputs.iter().all(is_page));
    let several: Vec<_> = pages.filter(|fixture| fixture.inputs.len() > 1).collect();
    fixtures::for_each(&several, |fixture| {
        let count = fixture.inputs.len();
        let renamed = fixture
            .inputs
            .iter()
            .enumerate()
            .map(|(index, input)| Input::new(format!("{}.md", count - index), input.text.clone()));
        assert_same(fixture, &renamed.collect::<Vec<_>>(), "other names of the pages");
    });
}

fn rewritable() -> Vec<Fixture> {
    fixtures::accept().into_iter().filter(|fixture| !WRITTEN.contains(&&*fixture.name)).collect()
}

fn assert_same(fixture: &Fixture, inputs: &[Input], what: &str) {
    let (expected, found) = (files(fixture, &fixture.inputs), files(fixture, inputs));
    let paths = |files: &Files| files.iter().map(|(path, _)| path.to_owned()).collect::<Vec<_>>();
    assert_eq!(paths(&expected), paths(&found), "{}: {what} gives other files", fixture.name);
    for (path, text) in expected.iter() {
        let same = found.get(path) == Some(text);
        assert!(same, "{}: {what} gives another {path}:\n{}", fixture.name, found.get(path).unwrap_or_default());
    }
}

fn files(fixture: &Fixture, inputs: &[Input]) -> Files {
    fixture.generate_from(inputs).files.unwrap_or_else(|| panic!("no crate comes of {}", fixture.name))
}

/// The inputs with their descriptions changed and written as JSON; pages stay pages.
fn rewritten(fixture: &Fixture, change: &dyn Fn(Value) -> Value) -> Vec<Input> {
    let rewrite = |input: &Input| {
        let (before, description, after) = parts(input);
        if description.is_empty() {
            return input.clone();
        }
        let value = parsed(description).unwrap_or_else(|error| panic!("{}: {error}", input.name));
        let json = serde_json::to_string_pretty(&change(value)).expect("a value is JSON");
        Input { text: format!("{before}{json}\n{after}"), ..input.clone() }
    };
    fixture.inputs.iter().map(rewrite).collect()
}

/// Reads a description apart from the generator.
fn parsed(description: &str) -> Result<Value, String> {
    let text = description.trim_start_matches('\u{feff}');
    match text.starts_with('{') {
        true => serde_json::from_str(text).map_err(|error| error.to_string()),
        false => serde_yaml::from_str(text).map_err(|error| error.to_string()),
    }
}

/// A text as what stands before its description, the description, and what stands after it.
fn parts(input: &Input) -> (&str, &str, &str) {
    if !input.name.ends_with(".md") {
        return ("", &input.text, "");
    }
    let Some(heading) = input.text.find(" Specification\n") else { return (&input.text, "", "") };
    let Some(fence) = input.text[heading..].find("```yaml\n") else { return (&input.text, "", "") };
    let open = heading + fence + "```yaml\n".len();
    let close = open + input.text[open..].find("\n```\n").expect("a fence is closed") + 1;
    (&input.text[..open], &input.text[open..close], &input.text[close..])
}

/// Puts keywords into another order: the state of a generator of numbers that are the same in every run.
struct Shuffle(u32);

impl Shuffle {
    /// A text that others refer to can hold the members of a keyword, such as paths.
    fn text(&mut self, value: Value) -> Value {
        let are_paths = |members: &Map<String, Value>| members.keys().all(|key| key.starts_with('/'));
        if value.as_object().is_some_and(are_paths) { self.named(value) } else { self.node(value) }
    }

    fn node(&mut self, value: Value) -> Value {
        match value {
            Value::Array(elements) => elements.into_iter().map(|element| self.node(element)).collect(),
            Value::Object(object) => {
                let members = object.into_iter().map(|(key, value)| {
                    let value = self.member(&key, value);
                    (key, value)
                });
                let mut members: Vec<_> = members.collect();
                for last in (1..members.len()).rev() {
                    members.swap(last, self.below(last + 1));
                }
                Value::Object(members.into_iter().collect())
            }
            scalar => scalar,
        }
    }

    fn member(&mut self, key: &str, value: Value) -> Value {
        match value {
            value if DATA.contains(&key) || key.starts_with("x-") => value,
            Value::Object(sections) if key == "components" => self.each(sections, Self::named),
            value if NAMED.contains(&key) => self.named(value),
            value => self.node(value),
        }
    }

    /// Keeps the order of the members, and changes it within them.
    fn named(&mut self, value: Value) -> Value {
        match value {
            Value::Object(members) => self.each(members, Self::node),
            other => other,
        }
    }

    fn each(&mut self, members: Map<String, Value>, change: fn(&mut Self, Value) -> Value) -> Value {
        Value::Object(members.into_iter().map(|(key, value)| (key, change(self, value))).collect())
    }

    /// A number below `limit` (a linear congruential generator, whose upper bits are the better ones).
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) as usize % limit
    }
}

#[test]
fn a_page_that_is_added_renames_no_type() {
    let pages = [("m", "size"), ("n", "size"), ("o", "color"), ("a", "price"), ("z", "weight")];
    renames_no_type(&pages.map(|(path, property)| page(path, "Item", property)));
}

#[test]
fn a_package_that_is_added_renames_no_type() {
    let packages = ["orders", "invoices", "carts", "tickets"];
    renames_no_type(&packages.map(|name| page(name, &format!("type_{name}:Item"), &format!("{name}_id"))));
}

/// Adds the pages from the fourth on, one after the other.
fn renames_no_type(pages: &[Input]) {
    let types = |pages: &[Input]| of_crate(pages, "src/types/");
    let before = types(&pages[..3]);
    for count in 4..=pages.len() {
        let after = types(&pages[..count]);
        let changed: Vec<_> = before.iter().filter(|(path, text)| after.get(*path) != Some(text)).collect();
        assert!(changed.is_empty(), "{changed:?} of {:?}", after.keys());
    }
}

/// Two operations of one service with one id, and a third one: no method comes to call what another one called.
#[test]
fn a_page_that_is_added_lets_no_method_call_something_else() {
    let pages = ["store/b", "store/c", "store/a"].map(|path| page(path, "Item", "size"));
    let methods = |pages: &[Input]| of_crate(pages, "src/services/store.rs");
    let calls = |files: &BTreeMap<String, String>| {
        let text = files.values().next().expect("a service").clone();
        let path = |rest: &str| Some(rest.split("Method::GET, ").nth(1)?.split(')').next()?.to_owned());
        let calls = text.split("pub fn ").skip(1).map(|rest| (rest.split('(').next().map(str::to_owned), path(rest)));
        calls.collect::<BTreeMap<_, _>>()
    };
    let [first, second, third] = [1, 2, 3].map(|count| calls(&methods(&pages[..count])));
    assert!(first.keys().all(|name| !second.contains_key(name)), "{first:?} and {second:?}");
    assert!(second.iter().all(|(name, path)| third.get(name) == Some(path)), "{second:?} and {third:?}");
}

/// What the pages give below a path.
fn of_crate(pages: &[Input], below: &str) -> BTreeMap<String, String> {
    let options = Options { name: "pages".to_owned(), version: "0.1.0".to_owned(), ..Options::default() };
    let files = specwright::generate(pages, &options).files.expect("a crate");
    let files = files.iter().filter(|(path, _)| path.starts_with(below));
    files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// A page with one operation of the service that the path starts with, whose component has one property.
fn page(path: &str, component: &str, property: &str) -> Input {
    let service = path.split('/').next().unwrap_or_default();
    let text = format!(
        "# Get {path}\n\nGET https://api.example.com/{path}\n\n## OpenAPI Specification\n\n```yaml\nopenapi: \
         3.1.1\ninfo: {{title: Get {path}, version: endpoint_{service}.get}}\npaths:\n  /{path}:\n    get:\n      \
         operationId: get\n      tags: [[subpackage_{service}]]\n      responses:\n        '200': {{description: One, \
         content: {{application/json: {{schema: {{$ref: '#/components/schemas/{component}'}}}}}}}}\ncomponents:\n  \
         schemas:\n    {component}: {{type: object, properties: {{{property}: {{type: string}}}}}}\n\n```\n"
    );
    Input::new(format!("{}.md", path.replace('/', "-")), text)
}

/// What is left out names nothing else, so that leaving out more later breaks no user of the rest.
#[test]
fn what_is_left_out_renames_nothing() {
    fixtures::for_each(&fixtures::accept(), |fixture| {
        let whole = paths(&specwright::generate(&fixture.inputs, &options(None)).files.unwrap_or_default());
        let path = Selector { path: Some("/*".to_owned()), ..Selector::default() };
        let rest = specwright::generate(&fixture.inputs, &options(Some(path)));
        // Where no operation has such a path, the entry is a mistake and nothing is generated.
        let others = paths(&rest.files.unwrap_or_default());
        let added: Vec<_> = others.difference(&whole).collect();
        assert!(added.is_empty(), "{}: {added:?}", fixture.name);
    });
}

fn options(exclude: Option<Selector>) -> Options {
    let exclude = exclude.into_iter().map(|selector| Entry { value: selector, line: 1, column: 1 }).collect();
    let configuration = Configuration { exclude, ..Configuration::default() };
    Options { name: "rest".to_owned(), version: "0.1.0".to_owned(), configuration, ..Options::default() }
}

/// The names of types and services.
fn paths(files: &Files) -> BTreeSet<String> {
    files.iter().map(|(path, _)| path.to_owned()).filter(|path| path.starts_with("src/")).collect()
}
