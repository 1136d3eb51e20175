//! Stage 4, names: the only place that turns words of a document into Rust identifiers.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// A valid Rust identifier, unique in its scope. Only a [`Scope`] makes one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ident(String);

impl Ident {
    fn new(name: String, case: Case) -> Self {
        let raw = KEYWORDS.contains(&name.as_str()) && case != Case::Module;
        Self(if raw { format!("r#{name}") } else { name })
    }

    /// The identifier as it stands in code, `r#` included.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier without `r#`.
    pub(crate) fn bare(&self) -> &str {
        self.0.strip_prefix("r#").unwrap_or(&self.0)
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How Rust writes the names of a kind of item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Types and variants.
    Camel,
    /// Functions and fields.
    Snake,
    /// Modules, whose names are names of files too.
    Module,
    /// Constants.
    Shouty,
}

/// The names that are taken at one place: in a module, in a type, in the parameters of a function.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// The names that items have, or would have if they had not been given others.
    taken: HashSet<String>,
    /// Those of them that no item has, as each was given another.
    left: HashSet<String>,
    /// The names that were given, each with what it was asked for.
    given: HashMap<String, String>,
    /// The words that a name is kept for.
    expected: HashMap<String, String>,
}

/// What generated modules use without a path, so that no type may hide it.
pub(crate) const TYPE_NAMES_IN_USE: &[&str] = &[
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "Map",
    "None",
    "Nullable",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Value",
    "Vec",
];

/// Words of the language (Rust reference, keywords), which need `r#`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words of the language that `r#` does not help.
const STRICT_KEYWORDS: &[&str] = &["crate", "self", "super", "Self", "_"];

/// Names that no file can have on Windows, whatever its extension.
fn is_device(name: &str) -> bool {
    let port = ["com", "lpt"].iter().find_map(|port| name.strip_prefix(port));
    matches!(name, "aux" | "con" | "nul" | "prn") || port.is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
}

impl Scope {
    /// A scope in which some names are taken.
    pub(crate) fn with<'n>(taken: impl IntoIterator<Item = &'n str>) -> Self {
        Self { taken: taken.into_iter().map(str::to_owned).collect(), ..Self::default() }
    }

    /// Keeps each name for those of the words to be claimed that are the closest to it, so that `created` has its name
    /// whether or not `-created` stands before it.
    pub(crate) fn expect<'w>(&mut self, words: impl Iterator<Item = &'w str>, case: Case) {
        let mut closest: HashMap<String, (Closeness, &str)> = HashMap::new();
        for words in words {
            let name = identifier(words, case);
            let closeness = Closeness::of(words, &name);
            let first = closest.entry(name).or_insert((closeness, words));
            if closeness < first.0 {
                *first = (closeness, words);
            }
        }
        self.expected.extend(closest.into_iter().map(|(name, (_, words))| (name, words.to_owned())));
    }

    /// Claims the name that `words` give in the style of `case`; the next free one when it is taken.
    ///
    /// A name that is reserved from the start gets an underscore, one that was claimed before a number.
    pub(crate) fn claim(&mut self, words: &str, case: Case) -> Ident {
        let name = next_free(words, case, |name| self.is_taken_for(words, name) || self.given.contains_key(name));
        self.taken.insert(name.clone());
        // File systems that ignore case must not see two files in one.
        if case == Case::Module {
            self.taken.insert(name.to_lowercase());
        }
        Ident::new(name, case)
    }

    /// Claims a name for what would have the one that `words` give: where `renamed` has another for that, this one, and
    /// says what it is asked for.
    ///
    /// What is given changes no other name, and what has a name of its own does not give way: beside the identifier
    /// stands what has asked for a name that it cannot have, whichever of the two came first.
    pub(crate) fn claim_renamed<'r>(
        &mut self,
        words: &str,
        case: Case,
        renamed: impl FnOnce(&str) -> Option<(&'r str, &'r str)>,
    ) -> (Ident, Option<String>) {
        let own = next_free(words, case, |name| self.is_taken_for(words, name));
        let Some((asked_for, to)) = renamed(&own) else {
            let refused = self.given.get(&own).cloned();
            return (self.claim(words, case), refused);
        };
        let stands = |name: &str| self.is_taken(name) && !self.left.contains(name);
        let name = next_free(to, case, |name| stands(name) || self.given.contains_key(name));
        if name != to {
            return (self.claim(words, case), Some(asked_for.to_owned()));
        }
        self.taken.insert(own.clone());
        self.left.insert(own);
        self.given.insert(name.clone(), asked_for.to_owned());
        (Ident::new(name, case), None)
    }

    /// Whether the name that `words` give is still free for these.
    pub(crate) fn is_free(&self, words: &str, case: Case) -> bool {
        !self.is_taken_for(words, &identifier(words, case))
    }

    fn is_taken_for(&self, words: &str, name: &str) -> bool {
        self.is_taken(name) || self.expected.get(name).is_some_and(|expected| expected != words)
    }

    fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

/// How close words are to the name that they give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    /// They are the name.
    Same,
    /// They are the same letters in other capitals.
    Letters,
    /// They are words with something between them.
    Words,
    /// There are symbols around them that the name cannot have.
    Symbols,
}

impl Closeness {
    fn of(words: &str, name: &str) -> Self {
        if words == name {
            Self::Same
        } else if words.chars().all(is_word) {
            Self::Letters
        } else if words.starts_with(is_word) && words.ends_with(is_word) {
            Self::Words
        } else {
            Self::Symbols
        }
    }
}

/// The first of the names that `words` give which is not taken.
fn next_free(words: &str, case: Case, is_taken: impl Fn(&str) -> bool) -> String {
    let name = identifier(words, case);
    let mut candidate = name.clone();
    if case == Case::Camel && TYPE_NAMES_IN_USE.contains(&name.as_str()) && is_taken(&name) {
        candidate.push('_');
    }
    let mut number = 2;
    // rustc takes an underscore behind a letter for another style than that of types.
    let base = if case == Case::Camel { name.trim_end_matches('_') } else { &name };
    while is_taken(&candidate) {
        let separator = if base.ends_with(|last: char| last.is_ascii_digit()) { "_" } else { "" };
        candidate = format!("{base}{separator}{number}");
        number += 1;
    }
    candidate
}

/// Whether a text of the document is fit to be a name as it is.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|other| other.is_ascii_alphanumeric() || other == '_')
}

/// The words of a text in snake case, whether or not that is an identifier.
pub(crate) fn snake_case(text: &str) -> String {
    words(text).to_snake_case()
}

/// Whether two texts are spellings of one name, which differ in case or in what stands between its words.
pub(crate) fn is_same_name(a: &str, b: &str) -> bool {
    fn symbols(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|character| !is_word(*character) && !matches!(character, ' ' | '-' | '_'))
    }
    symbols(a).eq(symbols(b)) && snake_case(a) == snake_case(b)
}

/// A text that can stand behind other words: one of symbols alone is spelled out, which would be lost there.
pub(crate) fn spoken(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_word) { Cow::Borrowed(text) } else { Cow::Owned(words(text)) }
}

/// How long the name of a module can be: file systems take 255 bytes, and a number may follow.
const LONGEST_MODULE: usize = 120;

/// The identifier that a text gives, valid but perhaps not unique.
fn identifier(text: &str, case: Case) -> String {
    let words = words(text);
    let mut name = match case {
        Case::Camel => {
            let parts = words.split(BETWEEN_DIGITS).map(|part| part.to_upper_camel_case());
            parts.collect::<Vec<_>>().join("_")
        }
        Case::Snake => words.to_snake_case(),
        Case::Module => words.to_snake_case().chars().filter(char::is_ascii).take(LONGEST_MODULE).collect(),
        Case::Shouty => words.to_shouty_snake_case(),
    };
    if name.is_empty() {
        name = match case {
            Case::Camel => "Unnamed".to_owned(),
            Case::Snake | Case::Module => "unnamed".to_owned(),
            Case::Shouty => "UNNAMED".to_owned(),
        };
    }
    if !name.starts_with(|first: char| first == '_' || unicode_ident::is_xid_start(first)) {
        name.insert_str(0, if case == Case::Camel { "N" } else { "_" });
    }
    let no_module = case == Case::Module && (KEYWORDS.contains(&name.as_str()) || is_device(&name));
    if no_module || STRICT_KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// Stands between digits that a symbol keeps apart, so that `1.5` and `15` do not become one name.
const BETWEEN_DIGITS: char = '\u{1f}';

/// The words of a text, with blanks between them. Symbols are blanks where there are words; a text of symbols alone is
/// spelled out, and so is a sign before a word.
fn words(text: &str) -> String {
    if text.is_empty() {
        return "empty".to_owned();
    }
    let has_words = text.chars().any(is_word);
    let mut words = String::with_capacity(text.len());
    let mut previous = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let before_digit = characters.peek().is_some_and(char::is_ascii_digit);
        let before_word = characters.peek().copied().is_some_and(is_word);
        let sign = previous.is_none() && before_word && matches!(character, '+' | '-');
        if is_word(character) {
            words.push(character);
        } else if character == '\'' && previous.is_some_and(is_word) {
            // An apostrophe is part of its word.
        } else if !has_words || sign {
            words.push(' ');
            words.push_str(symbol(character));
            words.push(' ');
        } else if before_digit && previous.is_some_and(|digit: char| digit.is_ascii_digit()) {
            words.push(BETWEEN_DIGITS);
        } else {
            words.push(' ');
        }
        previous = Some(character);
    }
    words
}

/// Whether a character is part of a word, rather than between words.
fn is_word(character: char) -> bool {
    character != '_' && unicode_ident::is_xid_continue(character)
}

/// What a symbol is called.
fn symbol(character: char) -> &'static str {
    match character {
        ' ' | '\t' | '\n' | '\r' => "space",
        '!' => "exclamation mark",
        '"' => "quote",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '&' => "ampersand",
        '\'' => "apostrophe",
        '(' => "left parenthesis",
        ')' => "right parenthesis",
        '*' => "asterisk",
        '+' => "plus",
        ',' => "comma",
        '-' => "minus",
        '.' => "dot",
        '/' => "slash",
        ':' => "colon",
        ';' => "semicolon",
        '<' => "less than",
        '=' => "equals",
        '>' => "greater than",
        '?' => "question mark",
        '@' => "at",
        '[' => "left bracket",
        '\\' => "backslash",
        ']' => "right bracket",
        '^' => "caret",
        '_' => "underscore",
        '`' => "backtick",
        '{' => "left brace",
        '|' => "pipe",
        '}' => "right brace",
        '~' => "tilde",
        _ => "symbol",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim_all(words: &[&str], case: Case) -> Vec<String> {
        let mut scope = Scope::default();
        words.iter().map(|words| scope.claim(words, case).to_string()).collect()
    }

    #[test]
    fn a_name_goes_to_the_words_that_are_closest_to_it() {
        let all = |words: &[&str], case| {
            let mut scope = Scope::default();
            scope.expect(words.iter().copied(), case);
            words.iter().map(|words| scope.claim(words, case).to_string()).collect::<Vec<_>>()
        };
        assert_eq!(all(&["_status", "status"], Case::Snake), ["status2", "status"]);
        assert_eq!(all(&["Name", "name", "nAme"], Case::Snake), ["name2", "name", "n_ame"]);
        assert_eq!(all(&["Shipment_", "Shipment"], Case::Camel), ["Shipment2", "Shipment"]);
        assert_eq!(all(&["-created", "created"], Case::Camel), ["MinusCreated", "Created"]);
        assert_eq!(all(&["a.b", "a_b", "a b"], Case::Snake), ["a_b2", "a_b", "a_b3"]);
        assert_eq!(all(&["GMT-0", "GMT0"], Case::Camel), ["Gmt0_2", "Gmt0"]);
        assert_eq!(all(&["repo:read", "repo-read"], Case::Camel), ["RepoRead", "RepoRead2"]);
    }

    #[test]
    fn names_follow_rust() {
        assert_eq!(
            claim_all(&["ConvAIStoredSecret", "get-signed-url"], Case::Camel),
            ["ConvAiStoredSecret", "GetSignedUrl"]
        );
        assert_eq!(
            claim_all(&["createdAtUnixSecs", "type", "self", "_id", "9lives"], Case::Snake),
            ["created_at_unix_secs", "r#type", "self_", "id", "_9lives"]
        );
        assert_eq!(claim_all(&["type", "Crate"], Case::Module), ["type_", "crate_"]);
    }

    #[test]
    fn taken_names_are_numbered() {
        assert_eq!(claim_all(&["A", "a", "A1", "a1"], Case::Camel), ["A", "A2", "A1", "A1_2"]);
        assert_eq!(claim_all(&["self", "Self"], Case::Camel), ["Self_", "Self2"]);
    }

    #[test]
    fn spellings_of_a_name() {
        assert!(
            ["conversationalAi", "conversational-ai", "Conversational AI"]
                .iter()
                .all(|other| is_same_name("conversationalAI", other))
        );
        assert!(!is_same_name("C", "C#") && !is_same_name("v1.5", "v15") && !is_same_name("☃", "☂"));
    }

    #[test]
    fn symbols_are_spelled_out() {
        let values = ["", "*", ">=", "+1", "-1", "a+b", "v1.5"];
        assert_eq!(
            claim_all(&values, Case::Camel),
            ["Empty", "Asterisk", "GreaterThanEquals", "Plus1", "Minus1", "AB", "V1_5"]
        );
    }

    #[test]
    fn other_scripts_stay() {
        assert_eq!(claim_all(&["größe", "名前", "☃"], Case::Snake), ["größe", "名前", "symbol"]);
        assert_eq!(claim_all(&["größe", "名前"], Case::Module), ["gre", "unnamed"]);
    }

    #[test]
    fn names_of_modules_are_names_of_files() {
        let long = claim_all(&[&"long ".repeat(60), &"long ".repeat(61)], Case::Module);
        assert!(long[0] != long[1] && long.iter().all(|name| name.len() < 200), "{long:?}");
        assert_eq!(
            claim_all(&["AUX", "Com1", "auxiliary", "com10"], Case::Module),
            ["aux_", "com1_", "auxiliary", "com10"]
        );
    }

    #[test]
    fn names_that_are_given_change_no_other() {
        let claim = |scope: &mut Scope, words: &str, rename: Option<(&'static str, &'static str)>| {
            let (name, refused) =
                scope.claim_renamed(words, Case::Camel, |own| rename.filter(|(from, _)| *from == own));
            (name.to_string(), refused)
        };
        let mut scope = Scope::with(["Box"]);
        assert_eq!(claim(&mut scope, "new user", Some(("NewUser", "User"))), ("User".to_owned(), None));
        assert_eq!(claim(&mut scope, "user", Some(("User", "OldUser"))), ("OldUser".to_owned(), None));
        assert_eq!(claim(&mut scope, "user", None), ("User2".to_owned(), None));
        assert_eq!(claim(&mut scope, "old user", None).1.as_deref(), Some("User"));
        assert_eq!(claim(&mut scope, "other", Some(("Other", "User2"))).1.as_deref(), Some("Other"));
        assert_eq!(claim(&mut scope, "crate", Some(("Crate", "Box"))).1.as_deref(), Some("Crate"));
    }

    #[test]
    fn names_in_use_get_an_underscore() {
        let mut scope = Scope::with(TYPE_NAMES_IN_USE.iter().copied());
        assert_eq!(scope.claim("option", Case::Camel).as_str(), "Option_");
        assert_eq!(scope.claim("Option", Case::Camel).as_str(), "Option2");
    }
}
