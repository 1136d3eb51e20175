//! Tests of the report, on texts in every format.

use super::*;
use crate::diagnostic::Code;
use crate::pointer::Pointer;

fn input(name: &str, text: &str) -> Input {
    Input::new(name.to_owned(), text.to_owned())
}

fn warning(input: usize, spot: Spot) -> Diagnostic {
    Diagnostic::new(Severity::Warning, Code::WrongType, Place { input, spot }, "this is wrong")
}

fn node(pointer: &str) -> Spot {
    Spot::Node(Pointer::from_reference(&format!("#{pointer}")).expect("a pointer"))
}

fn shown(text: &str, spot: Spot) -> String {
    render(&[warning(0, spot)], &[input("a.yaml", text)], false)
}

#[test]
fn a_block_names_the_place_and_shows_the_line() {
    let diagnostic = warning(0, node("/info/title")).help("write a string");
    let expected = "\
warning[wrong-type]: this is wrong
  --> a.yaml:10:10
   |
10 |   title: 42
   |          ^^
   |
   = help: write a string
";
    let text = format!("{}info:\n  title: 42\nopenapi: 3.1.0\n", "# x\n".repeat(8));
    assert_eq!(render(&[diagnostic], &[input("a.yaml", &text)], false), expected);
}

#[test]
fn severities_are_told_apart_and_the_order_is_that_of_the_texts() {
    let mut note = warning(1, node("/a"));
    note.severity = Severity::Note;
    let mut error = warning(0, Spot::Whole).help("try again");
    error.severity = Severity::Error;
    let expected = "\
error[wrong-type]: this is wrong
--> a.yaml
 |
 = help: try again

warning[wrong-type]: this is wrong
--> a.yaml

warning[wrong-type]: this is wrong
 --> a.yaml:1:4
  |
1 | a: 1
  |    ^

note[wrong-type]: this is wrong
 --> b.json:1:7
  |
1 | {\"a\": 1}
  |       ^
";
    let inputs = [input("a.yaml", "a: 1"), input("b.json", "{\"a\": 1}")];
    assert_eq!(render(&[note, warning(0, node("/a")), error, warning(0, Spot::Whole)], &inputs, false), expected);
    assert_eq!(render(&[], &inputs, true), "");
}

#[test]
fn colours_are_asked_for() {
    let colored = render(&[warning(0, node("/a"))], &[input("a.yaml", "a: 1")], true);
    assert!(colored.contains("\u{1b}["));
    assert!(!shown("a: 1", node("/a")).contains('\u{1b}'));
}

#[test]
fn lines_of_a_page_are_those_of_its_file() {
    let text = "# T\n\nGET https://a.example/\n\n## OpenAPI Specification\n\n```yaml\ninfo:\n  title: é\n```\n";
    let inputs = [input("a.md", text), input("b.md", &format!("\u{feff}{}", text.replace('\n', "\r\n")))];
    for at in [0, 1] {
        let diagnostics = [warning(at, node("/info/title")), warning(at, Spot::Line(3, 5)), warning(at, node("/none"))];
        assert_eq!(positions(places(&diagnostics), &inputs), [Some((9, 10)), Some((3, 5)), Some((8, 1))]);
    }
}

#[test]
fn columns_count_characters() {
    let inputs = [input("a.yaml", "a: {日本: \"😀\", b: x}\r\nc: 1\r\n"), input("b.json", "\u{feff}{\t\"a\": 1}")];
    let diagnostics =
        [warning(0, node("/a/b")), warning(0, node("/日本")), warning(1, node("/a")), warning(0, node("/c"))];
    assert_eq!(positions(places(&diagnostics), &inputs), [Some((1, 17)), Some((1, 1)), Some((1, 8)), Some((2, 4))]);
}

#[test]
fn tabs_and_line_ends_do_not_move_the_caret() {
    assert!(shown("{\r\n\t\"a\": true\r\n}", node("/a")).ends_with("2 |     \"a\": true\n  |          ^^^^\n"));
}

#[test]
fn a_line_and_a_column_are_one_character() {
    assert!(shown("a: b\nc: de", Spot::Line(2, 4)).ends_with(":2:4\n  |\n2 | c: de\n  |    ^\n"));
    assert!(shown("a: b\nc: de", Spot::Line(2, 9)).ends_with(":2:9\n  |\n2 | c: de\n  |      ^\n"));
    assert!(shown("a: b\n", Spot::Line(2, 1)).ends_with(":2:1\n  |\n2 |\n  | ^\n"));
    assert!(shown("a: b\n", Spot::Line(7, 1)).ends_with("--> a.yaml:7:1\n"));
}

#[test]
fn only_the_first_line_of_a_range_is_shown() {
    let block = shown("a: |\n  first\n  second\n", node("/a"));
    assert!(block.ends_with("2 |   first\n  |   ^^^^^\n"), "{block}");
}

#[test]
fn a_long_line_is_cut_and_the_column_is_true() {
    let members: Vec<_> = (0..100_000).map(|at| format!("\"é{at}\":[{at}]")).collect();
    let text = format!("{{{}}}", members.join(","));
    let block = shown(&text, node("/é50000/0"));
    let column = text[..text.find("[50000]").expect("the member")].chars().count() + 2;
    assert!(block.contains(&format!("--> a.yaml:1:{column}\n")), "{block}");
    assert!(block.lines().all(|line| line.chars().count() <= text::LONGEST + 4), "{block}");
    let mut lines = block.lines().skip(3);
    let (line, carets) = (lines.next().expect("the line"), lines.next().expect("the carets"));
    assert!(line.starts_with("1 | ...") && line.ends_with("..."));
    let marked: String = line.chars().zip(carets.chars()).filter(|(_, caret)| *caret == '^').map(|(c, _)| c).collect();
    assert_eq!(marked, "50000");
}

#[test]
fn what_cannot_be_located_is_about_the_text() {
    for text in ["", "# T\n\nGET https://a.example/\n"] {
        assert!(shown(text, node("/a")).ends_with("\n--> a.yaml\n"));
    }
    let stray = render(&[warning(5, node("/a"))], &[], false);
    assert_eq!(stray, "warning[wrong-type]: this is wrong\n");
}

#[test]
fn no_text_is_too_odd_to_be_shown() {
    let pieces = [
        "a",
        ": ",
        "\n",
        "\t",
        "\r",
        "日",
        "😀",
        "\u{200d}",
        "\u{301}",
        "\0",
        "\u{1b}[1m",
        "\"",
        " ",
        "\u{202e}",
        "[1, ",
    ];
    let mut state = 1u64;
    for round in 0..4_000 {
        let mut text = String::from("a: ");
        for _ in 0..round % 300 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let spots = [node("/a"), node("/a/0"), Spot::Line(1 + round % 5, round % 200), node("")];
        let diagnostics: Vec<_> = spots.into_iter().map(|spot| warning(0, spot)).collect();
        let report = render(&diagnostics, &[input("a.yaml", &text)], false);
        assert!(!report.contains(['\u{1b}', '\0']), "{report:?}");
    }
}
