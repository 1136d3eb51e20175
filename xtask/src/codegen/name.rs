//! The name of the generated package: what is valid, and one made of a file or folder name.

/// Names that cannot be the name of a library: keywords of the language, and crates that come with the compiler.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Checks the name of a package: lowercase ASCII words of letters and digits, joined by single `-` or `_`, the first of
/// them starting with a letter.
///
/// # Errors
///
/// Says what is wrong with the name, and gives one that is valid.
pub fn check(name: &str) -> Result<(), String> {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let well_formed = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split(['-', '_']).all(word);
    let problem = if !well_formed {
        "needs lowercase ASCII letters and digits, joined by single hyphens, with a letter first"
    } else if TAKEN.contains(&name.replace('-', "_").as_str()) {
        "is a keyword of Rust or a crate of its standard library"
    } else {
        return Ok(());
    };
    Err(format!("`{name}` cannot be the name of a package: it {problem}; `{}` would do", derive(name)))
}

/// Makes a valid package name of any text: kebab-case ASCII that starts with a letter and is no keyword.
#[must_use]
pub fn derive(text: &str) -> String {
    let kebab = kebab(text);
    if kebab.is_empty() {
        "api".to_owned()
    } else if kebab.starts_with(|c: char| c.is_ascii_digit()) {
        format!("api-{kebab}")
    } else if TAKEN.contains(&kebab.replace('-', "_").as_str()) {
        format!("{kebab}-api")
    } else {
        kebab
    }
}

/// Lowercase words joined by hyphens; a word ends at any other character, and where the case says so.
fn kebab(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut kebab = String::new();
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| chars.get(index));
        let after = chars.get(index + 1);
        // A capital starts a word after a small letter (`myApi`), and before one when it ends a row (`HTTPApi`).
        let starts_word = c.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase)
            });
        let ends_word = !c.is_ascii_alphanumeric();
        if (starts_word || ends_word) && !kebab.is_empty() && !kebab.ends_with('-') {
            kebab.push('-');
        }
        if !ends_word {
            kebab.push(c.to_ascii_lowercase());
        }
    }
    kebab.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_derived_as_kebab_case() {
        for (text, name) in [
            ("get-secrets", "get-secrets"),
            ("My API (v2)", "my-api-v2"),
            ("openapi.v3", "openapi-v3"),
            ("petStore", "pet-store"),
            ("HTTPServer", "http-server"),
            ("snake_case__name", "snake-case-name"),
            ("3scale", "api-3scale"),
            ("Füße", "f-e"),
            ("match", "match-api"),
            ("proc-macro", "proc-macro-api"),
            ("文書", "api"),
            ("", "api"),
        ] {
            assert_eq!(derive(text), name);
            assert_eq!(check(&derive(text)), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn valid_names_pass() {
        for name in ["a", "elevenlabs", "eleven-labs", "eleven_labs", "v2ray", "s3-2"] {
            assert_eq!(check(name), Ok(()));
        }
    }

    #[test]
    fn invalid_names_are_explained() {
        for name in ["", "Pets", "1pet", "-a", "a-", "a--b", "a b", "ä", "a/b", "a.b"] {
            let message = check(name).expect_err(name);
            assert!(message.contains("lowercase ASCII letters"), "{message}");
        }
        assert_eq!(
            check("crate").expect_err("a keyword"),
            "`crate` cannot be the name of a package: it is a keyword of Rust or a crate of its standard library; \
             `crate-api` would do"
        );
    }
}
