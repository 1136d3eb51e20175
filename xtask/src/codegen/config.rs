//! `codegen.toml`: what the documents do not say, kept next to them.

mod decisions;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use specwright::configuration::Entry;
use specwright::{Configuration, Input, Options};
use toml::Spanned;

use super::name;
use crate::Failure;
use decisions::{Diagnostics, Names, Operations, Renames};

/// The name of the file, at the top of a folder given as `--spec`.
pub const FILE: &str = "codegen.toml";

/// What the file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The name of the package.
    pub name: Option<String>,
    /// The version of the package.
    pub version: Option<String>,
    /// The environment variable that holds the key.
    pub api_key_env: Option<Entry<String>>,
    /// What else the user decides.
    pub configuration: Configuration,
    /// The file itself, to which diagnostics about it point.
    pub file: Option<Input>,
}

impl Config {
    /// What the generator is to do, for a package that is called `name`.
    #[must_use]
    pub fn options(&self, name: String) -> Options {
        let version = self.version.clone().unwrap_or_else(|| "0.1.0".to_owned());
        let (api_key_env, configuration) = (self.api_key_env.clone(), self.configuration.clone());
        Options { name, version, api_key_env, configuration }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Document {
    #[serde(rename = "crate")]
    package: Package,
    client: Client,
    include: Vec<Spanned<Operations>>,
    exclude: Vec<Spanned<Operations>>,
    rename: Renames,
    replace: Names,
    dependencies: BTreeMap<String, Spanned<toml::Value>>,
    diagnostics: Diagnostics,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Package {
    name: Option<Spanned<String>>,
    version: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Client {
    api_key_env: Option<Spanned<String>>,
}

/// Reads the file at `path`.
///
/// # Errors
///
/// When the file cannot be read, is not TOML, or holds a key or a value that it cannot hold; the message starts with
/// the file and the line.
pub fn read(path: &Path) -> Result<Config, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
    let name = crate::shown(path);
    let config = parse(&text).map_err(|(line, message)| Failure::new(format!("{name}:{line}: {message}")))?;
    Ok(Config { file: Some(Input::new(name, text)), ..config })
}

/// The content of the file, or the line and the message of what is wrong with it.
fn parse(text: &str) -> Result<Config, (usize, String)> {
    let document: Document = toml::from_str(text)
        .map_err(|error| (line_of(text, &error.span().unwrap_or_default()), error.message().to_owned()))?;
    let checked = |value: Option<Spanned<String>>, check: fn(&str) -> Result<(), String>| {
        let Some(value) = value else { return Ok(None) };
        check(value.get_ref()).map_err(|message| (line_of(text, &value.span()), message))?;
        Ok(Some(value.into_inner()))
    };
    Ok(Config {
        name: checked(document.package.name, name::check)?,
        version: checked(document.package.version, check_version)?,
        api_key_env: match document.client.api_key_env {
            Some(name) => {
                let span = name.span();
                checked(Some(name), check_variable)?.map(|name| decisions::entry(text, &span, name))
            }
            None => None,
        },
        configuration: Configuration {
            include: decisions::selectors(text, document.include)?,
            exclude: decisions::selectors(text, document.exclude)?,
            rename_types: decisions::renames(text, document.rename.types),
            rename_properties: decisions::renames(text, document.rename.properties),
            rename_variants: decisions::renames(text, document.rename.variants),
            rename_parameters: decisions::renames(text, document.rename.parameters),
            rename_operations: decisions::renames(text, document.rename.operations),
            rename_services: decisions::renames(text, document.rename.services),
            replace: decisions::renames(text, document.replace),
            dependencies: decisions::dependencies(text, document.dependencies)?,
            severities: decisions::judgements(text, document.diagnostics)?,
        },
        file: None,
    })
}

fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|&byte| byte == b'\n').count() + 1
}

/// Versions are those of Cargo: three numbers, then perhaps `-` and `+` with words.
fn check_version(version: &str) -> Result<(), String> {
    let (rest, build) = version.split_once('+').map_or((version, None), |(rest, build)| (rest, Some(build)));
    let (numbers, before) = rest.split_once('-').map_or((rest, None), |(rest, before)| (rest, Some(before)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let no_leading_zero = |text: &str| text == "0" || !text.starts_with('0');
    let number = |text: &str| all_digits(text) && no_leading_zero(text) && text.parse::<u64>().is_ok();
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let valid = numbers.split('.').count() == 3
        && numbers.split('.').all(number)
        && before
            .is_none_or(|words| words.split('.').all(|one| word(one) && (!all_digits(one) || no_leading_zero(one))))
        && build.is_none_or(|words| words.split('.').all(word));
    if valid { Ok(()) } else { Err(format!("`{version}` is no version of a package, such as `0.1.0`")) }
}

fn check_variable(name: &str) -> Result<(), String> {
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if valid { Ok(()) } else { Err(format!("`{name}` is no name of an environment variable, such as `PETS_API_KEY`")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_can_be_said() {
        let text = "[crate]\nname = \"pets\"\nversion = \"1.2.3-rc.1\"\n[client]\napi-key-env = \"PETS_KEY\"\n";
        let config = parse(text).expect("a valid file");
        assert_eq!(config.name.as_deref(), Some("pets"));
        assert_eq!(config.version.as_deref(), Some("1.2.3-rc.1"));
        assert_eq!(config.api_key_env.map(|entry| entry.value).as_deref(), Some("PETS_KEY"));
    }

    #[test]
    fn everything_is_optional() {
        for text in ["", "[crate]\n[client]\n"] {
            let config = parse(text).expect("a valid file");
            assert_eq!((config.name, config.version, config.api_key_env), (None, None, None));
            assert!(config.configuration.include.is_empty());
        }
    }

    #[test]
    fn mistakes_are_found_at_their_line() {
        for (text, line, part) in [
            ("\n[crate]\nnaem = \"pets\"\n", 3, "unknown field `naem`"),
            ("[crates]\n", 1, "unknown field `crates`"),
            ("[client]\napi_key_env = \"A\"\n", 2, "unknown field `api_key_env`"),
            ("[crate]\nname = 1\n", 2, "invalid type"),
            ("[crate]\nname = \n", 2, ""),
            ("[crate]\n\nname = \"Pets\"\n", 3, "`pets` would do"),
            ("[crate]\nname = \"a\"\nversion = \"1\"\n", 3, "no version"),
            ("[client]\napi-key-env = \"A-B\"\n", 2, "no name of an environment variable"),
        ] {
            let (found, message) = parse(text).expect_err(text);
            assert_eq!(found, line, "{text}");
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn versions_are_those_of_cargo() {
        for version in ["0.1.0", "10.20.30", "1.0.0-alpha.1", "1.0.0+build.007", "1.0.0-a-b+c"] {
            assert_eq!(check_version(version), Ok(()));
        }
        for version in ["", "1.0", "1.0.0.0", "01.0.0", "1.0.x", "v1.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0 "] {
            assert!(check_version(version).is_err(), "{version}");
        }
    }

    #[test]
    fn a_failure_names_the_file_and_the_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        std::fs::write(&path, "[crate]\nname = \"A\"\n").expect("written");
        let message = read(&path).expect_err("an invalid name").to_string();
        assert!(message.starts_with(&format!("{}:2: ", path.display())), "{message}");
        std::fs::write(&path, b"\xff").expect("written");
        let message = read(&path).expect_err("no UTF-8").to_string();
        assert!(message.contains(&path.display().to_string()), "{message}");
    }
}
