//! Finds the documents and the configuration on disk and reads them, in an order that does not depend on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use specwright::{Input, Role};
use walkdir::{DirEntry, WalkDir};

use super::config::{self, Config};
use crate::Failure;

/// The extensions that documents have in a folder.
const EXTENSIONS: &[&str] = &["md", "markdown", "mdx", "yaml", "yml", "json"];

/// The extension that texts have which may hold documents, too: exports of whole sites, and anything else.
const MAYBE: &str = "txt";

/// All that is read from disk before the generator runs.
#[derive(Debug, Default)]
pub struct Documents {
    /// The documents, sorted by name, each of them once.
    pub inputs: Vec<Input>,
    /// The files in the folders that are not read, and that hold documents.
    pub passed_over: Vec<String>,
    /// What the configuration file says; nothing when there is none.
    pub config: Config,
}

/// Reads the documents at `specs`, each of them a file or a folder.
///
/// A file is read whatever it is called. In a folder, the files with an extension of a document are read, also in the
/// folders within, except for `README.md` and what is hidden; so is a text that holds a document. A `README.md` that
/// holds one is named. The configuration is read from the top of such a folder or where it is given itself, else from
/// the one folder that all given files are in.
///
/// # Errors
///
/// When a path cannot be read or is not UTF-8, when there is no document, or none in a folder, when a configuration
/// file is wrong, when there are several, and when there is one in a folder within a given one, where it would not be
/// read.
pub fn read(specs: &[PathBuf]) -> Result<Documents, Failure> {
    // By resolved path, so that each file is read once, however many arguments lead to it.
    let (mut found, mut configs, mut others) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for spec in specs {
        let metadata = std::fs::metadata(spec).map_err(|error| Failure::io("read", spec, &error))?;
        if metadata.is_dir() {
            search(spec, &mut found, &mut configs, &mut others)?;
        } else if is_config(spec) {
            configs.insert(resolve(spec)?, spec.clone());
        } else {
            found.insert(resolve(spec)?, spec.clone());
        }
    }
    if found.is_empty() {
        let path = configs.values().next().map(|path| crate::shown(path)).unwrap_or_default();
        return Err(Failure::new(format!("`{path}` is a configuration; give the documents by `--spec`, too")));
    }
    if configs.is_empty() {
        configs.extend(beside(specs).and_then(|path| Some((resolve(&path).ok()?, path))));
    }
    others.retain(|path, _| !found.contains_key(path));
    let mut inputs = found.into_values().map(|path| read_input(&path)).collect::<Result<Vec<_>, _>>()?;
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    complete(&mut inputs)?;
    let mut configs = configs.values();
    let config = match (configs.next(), configs.next()) {
        (Some(first), Some(second)) => {
            let (first, second) = (crate::shown(first), crate::shown(second));
            return Err(Failure::new(format!("`{first}` and `{second}` cannot both say what the crate is called")));
        }
        (Some(path), None) => config::read(path)?,
        _ => Config::default(),
    };
    let passed_over = others.into_values().filter(|path| holds_document(path));
    let mut passed_over: Vec<_> = passed_over.map(|path| crate::shown(&path)).collect();
    passed_over.sort();
    Ok(Documents { inputs, passed_over, config })
}

/// Whether a file is a configuration, by its name.
pub(super) fn is_config(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == config::FILE)
}

/// The configuration in the folder that all given files are in.
fn beside(specs: &[PathBuf]) -> Option<PathBuf> {
    // The folder of a bare name is the current one.
    let named = |file: &PathBuf| file.parent().filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned);
    let folder = |file: &PathBuf| named(file).unwrap_or_else(|| PathBuf::from("."));
    let mut folders = specs.iter().filter(|spec| spec.is_file()).map(folder);
    let path = folders.next()?.join(config::FILE);
    let own = resolve(path.parent()?).ok()?;
    let are_there = folders.all(|other| resolve(&other).is_ok_and(|other| other == own));
    (are_there && path.is_file()).then_some(path)
}

/// Adds the files that the documents refer to, and those that these refer to. What is not there the generator reports
/// where the reference stands.
///
/// # Errors
///
/// When such a file is there and cannot be read.
pub(crate) fn complete(inputs: &mut Vec<Input>) -> Result<(), Failure> {
    loop {
        let missing = specwright::missing(inputs).into_iter();
        let found: Vec<_> = missing.filter_map(|name| Some((file(&name)?, name))).collect();
        if found.is_empty() {
            return Ok(());
        }
        for (path, name) in found {
            inputs.push(Input { name, role: Role::Referenced, ..read_input(&path)? });
        }
    }
}

/// The file that is called so in reports.
fn file(name: &str) -> Option<PathBuf> {
    [crate::workspace_root().join(name), PathBuf::from(name)].into_iter().find(|path| path.is_file())
}

/// Adds the documents and the configuration file of a folder to those found so far, and to `others` what may hold a
/// document and is not read.
fn search(
    folder: &Path,
    found: &mut BTreeMap<PathBuf, PathBuf>,
    configs: &mut BTreeMap<PathBuf, PathBuf>,
    others: &mut BTreeMap<PathBuf, PathBuf>,
) -> Result<(), Failure> {
    let mut any = false;
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(|entry| !is_hidden(entry)) {
        let entry = match entry {
            Ok(entry) => entry,
            // Such as the dangling link by which an editor locks a file.
            Err(error) if error.depth() > 0 && error.path().is_some_and(has_hidden_name) => continue,
            Err(error) => return Err(Failure::new(format!("cannot read `{}`: {error}", crate::shown(folder)))),
        };
        if entry.file_type().is_dir() {
            continue;
        }
        if entry.file_name() == config::FILE {
            if entry.depth() > 1 {
                let (path, folder) = (crate::shown(entry.path()), crate::shown(folder));
                let message = format!("`{path}` would not be read: it has to be at the top of `{folder}`");
                return Err(Failure::new(message));
            }
            configs.insert(resolve(entry.path())?, entry.into_path());
        } else if is_document(&entry) || has_extension(&entry, MAYBE) && holds_document(entry.path()) {
            any = true;
            found.entry(resolve(entry.path())?).or_insert_with(|| entry.into_path());
        } else if is_readme(&entry) {
            others.insert(resolve(entry.path())?, entry.into_path());
        }
    }
    if any {
        return Ok(());
    }
    let extensions = EXTENSIONS.join(", ");
    Err(Failure::new(format!("`{}` holds no document; their extensions are {extensions}", crate::shown(folder))))
}

/// A given folder itself is read whatever it is called, such as `.`.
fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && has_hidden_name(entry.path())
}

pub(crate) fn has_hidden_name(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

pub(crate) fn is_document(entry: &DirEntry) -> bool {
    EXTENSIONS.iter().any(|known| has_extension(entry, known)) && !is_readme(entry)
}

/// Whether a file holds a document; what cannot be read as text holds none.
fn holds_document(path: &Path) -> bool {
    read_input(path).is_ok_and(|input| specwright::describes(&input.text))
}

fn is_readme(entry: &DirEntry) -> bool {
    entry.file_name().eq_ignore_ascii_case("README.md")
}

fn has_extension(entry: &DirEntry, known: &str) -> bool {
    entry.path().extension().is_some_and(|extension| extension.eq_ignore_ascii_case(known))
}

fn resolve(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().map_err(|error| Failure::io("read", path, &error))
}

fn read_input(path: &Path) -> Result<Input, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::io("read", path, &error))?;
    let name = crate::shown(path);
    if bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0xff, 0xfe]) {
        return Err(Failure::new(format!("{name}: the document is UTF-16; save it as UTF-8")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Failure::new(format!("{name}:{line}: the document is not UTF-8"))
    })?;
    // The lines of an old Mac end with a carriage return alone.
    let text = if text.contains('\n') { text } else { text.replace('\r', "\n") };
    Ok(Input::new(name, text))
}

/// The file stem or the folder name of a spec, from which the package is named when nothing else names it.
///
/// # Errors
///
/// When the path cannot be read.
pub fn stem(spec: &Path) -> Result<String, Failure> {
    // Resolved, so that `.` has a name too.
    let path = resolve(spec)?;
    let stem = if path.is_dir() { path.file_name() } else { path.file_stem() };
    Ok(stem.map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, bytes) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            std::fs::write(path, bytes).expect("written");
        }
        folder
    }

    fn names(folder: &Path, documents: &Documents) -> Vec<String> {
        let short = |input: &Input| input.name.replace(&format!("{}/", folder.display()), "");
        documents.inputs.iter().map(short).collect()
    }

    fn failure(specs: &[PathBuf]) -> String {
        read(specs).expect_err("a failure").to_string()
    }

    #[test]
    fn folders_are_searched_for_documents_in_sorted_order() {
        let kept = ["b.yaml", "a.md", "sub/deep/c.json", "d.yml", "e.mdx", "f.markdown", "G.YAML"];
        let skipped =
            ["README.md", "sub/readme.md", ".hidden.md", ".git/x.md", "notes.txt", "codegen.toml.md~", "script.rs"];
        let files: Vec<(&str, &[u8])> = kept.iter().chain(&skipped).map(|path| (*path, path.as_bytes())).collect();
        let folder = tree(&files);
        let documents = read(&[folder.path().to_owned()]).expect("read");
        let sorted = ["G.YAML", "a.md", "b.yaml", "d.yml", "e.mdx", "f.markdown", "sub/deep/c.json"];
        assert_eq!(names(folder.path(), &documents), sorted);
        assert_eq!(documents.inputs[1].text, "a.md");
    }

    #[test]
    fn what_is_passed_over_is_named_when_it_holds_a_document() {
        let page: &[u8] =
            b"# A\n\nGET https://a.example/a\n\n## OpenAPI Specification\n\n```yaml\nopenapi: 3.1.1\n```\n";
        let files = [("llms-full.txt", page), ("README.md", b"words"), ("sub/README.md", page), ("notes.txt", b"y")];
        let folder = tree(&files);
        let documents = read(&[folder.path().to_owned()]).expect("read");
        assert_eq!(names(folder.path(), &documents), ["llms-full.txt"]);
        assert_eq!(documents.passed_over, [folder.path().join("sub/README.md").display().to_string()]);
        let both = read(&[folder.path().to_owned(), folder.path().join("sub/README.md")]).expect("read");
        assert!(both.passed_over.is_empty());
    }

    #[test]
    fn lines_end_as_they_do_everywhere() {
        let folder = tree(&[("mac.yaml", b"a:\r  b"), ("windows.yaml", b"a:\r\n  b\r\n")]);
        let documents = read(&[folder.path().to_owned()]).expect("read");
        let texts: Vec<_> = documents.inputs.iter().map(|input| input.text.as_str()).collect();
        assert_eq!(texts, ["a:\n  b", "a:\r\n  b\r\n"]);
    }

    #[test]
    fn a_file_is_read_whatever_it_is_called_and_only_once() {
        let folder = tree(&[("README.md", b"x"), ("a.md", b"y")]);
        let paths = ["a.md", "README.md", "", "a.md"].map(|path| folder.path().join(path));
        assert_eq!(names(folder.path(), &read(&paths).expect("read")), ["README.md", "a.md"]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tree(&[("ok.md", b"x"), ("sub/bad.md", b"one\ntwo \xff\n")]);
        let message = failure(&[folder.path().to_owned()]);
        assert!(message.ends_with("sub/bad.md:2: the document is not UTF-8"), "{message}");
        let folder = tree(&[("wide.json", b"\xff\xfe{\0}\0")]);
        let message = failure(&[folder.path().to_owned()]);
        assert!(message.ends_with("wide.json: the document is UTF-16; save it as UTF-8"), "{message}");
        let message = failure(&[folder.path().join("gone.md")]);
        assert!(message.starts_with("cannot read `") && message.contains("gone.md`: "), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_nowhere_are_failures_unless_hidden() {
        let folder = tree(&[("a.md", b"x")]);
        let link = |name: &str| std::os::unix::fs::symlink("gone", folder.path().join(name)).expect("linked");
        link(".#a.md");
        assert_eq!(names(folder.path(), &read(&[folder.path().to_owned()]).expect("read")), ["a.md"]);
        link("b.md");
        assert!(failure(&[folder.path().to_owned()]).contains("b.md"));
    }

    #[test]
    fn files_that_documents_refer_to_are_read() {
        let root: &[u8] = b"openapi: 3.1.0\npaths: {}\nx: {$ref: 'parts/a.yaml#/A'}\ny: {$ref: gone.yaml}\n";
        let folder = tree(&[("api.txt", root), ("parts/a.yaml", b"A: {$ref: ../b.json}\n"), ("b.json", b"{}")]);
        let documents = read(&[folder.path().join("api.txt")]).expect("read");
        assert_eq!(names(folder.path(), &documents), ["api.txt", "parts/a.yaml", "b.json"]);
    }

    #[test]
    fn a_path_from_the_root_of_the_file_system_is_not_followed() {
        let (folder, elsewhere) = (tree(&[]), tree(&[("a.yaml", b"{}")]));
        let root = format!("openapi: 3.1.0\npaths: {{}}\nx: {{$ref: '{}/a.yaml'}}\n", elsewhere.path().display());
        let path = folder.path().join("api.yaml");
        std::fs::write(&path, root).expect("written");
        assert_eq!(names(folder.path(), &read(&[path]).expect("read")), ["api.yaml"]);
    }

    #[test]
    fn files_that_a_mapping_names_are_read() {
        let root: &[u8] = b"swagger: '2.0'\nx: {discriminator: {mapping: {a: parts/a.yaml, b: b.json#/B, c: C}}}\n";
        let folder = tree(&[("api.yaml", root), ("parts/a.yaml", b"{}"), ("b.json", b"{}"), ("C", b"{}")]);
        let documents = read(&[folder.path().join("api.yaml")]).expect("read");
        assert_eq!(names(folder.path(), &documents), ["api.yaml", "b.json", "parts/a.yaml"]);
    }

    #[test]
    fn a_file_with_a_mistake_is_read_once_and_reported_once() {
        let root: &[u8] = b"openapi: 3.1.0\npaths: {}\nx: {$ref: a.yaml}\ny: {$ref: b.json}\n";
        let files = [("api.yaml", root), ("a.yaml", b"a:\n\tb: 1\n" as &[u8]), ("b.json", b"{\"b\": [1,]}")];
        let folder = tree(&files);
        for path in ["api.yaml", ""] {
            let documents = read(&[folder.path().join(path)]).expect("read");
            let mut read = names(folder.path(), &documents);
            read.sort();
            assert_eq!(read, ["a.yaml", "api.yaml", "b.json"]);
            let generated = specwright::generate(&documents.inputs, &specwright::Options::default());
            let codes: Vec<_> = generated.diagnostics.iter().map(|one| one.code.as_str()).collect();
            assert_eq!(codes.iter().filter(|code| **code == "yaml-syntax").count(), 1, "{codes:?}");
            assert_eq!(codes.iter().filter(|code| **code == "json-syntax").count(), 1, "{codes:?}");
        }
    }

    #[test]
    fn operations_of_files_that_documents_refer_to_are_none_of_the_api() {
        let api = |name: &str, schema: &str, components: &str| {
            let response = format!("{{description: A, content: {{application/json: {{schema: {schema}}}}}}}");
            let paths = format!("{{/{name}: {{get: {{operationId: {name}, responses: {{200: {response}}}}}}}}}");
            format!("openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\npaths: {paths}\ncomponents: {components}\n")
        };
        let one = api("one", "{$ref: 'two.yaml#/components/schemas/A'}", "{}");
        let two = api("two", "{type: string}", "{schemas: {A: {type: object, properties: {a: {type: string}}}}}");
        let folder = tree(&[("one.yaml", one.as_bytes()), ("two.yaml", two.as_bytes())]);
        for (path, operations) in [("one.yaml", 1), ("", 2)] {
            let documents = read(&[folder.path().join(path)]).expect("read");
            let options = specwright::Options { name: "a".to_owned(), ..Default::default() };
            let generated = specwright::generate(&documents.inputs, &options);
            assert_eq!(generated.counts.operations, operations, "{:?}", generated.diagnostics);
            let files = generated.files.expect("a crate");
            let types: Vec<_> =
                files.iter().map(|(path, _)| path).filter(|path| path.starts_with("src/types/")).collect();
            assert_eq!(types, ["src/types/a.rs"], "{path}");
        }
    }

    #[test]
    fn a_component_that_is_one_of_another_description_is_one_type() {
        let api = |name: &str| {
            let schema = format!(
                "{{type: object, properties: {{of{name}: {{$ref: '#/components/schemas/Money'}}}}, title: {name}}}"
            );
            let response = format!("{{description: A, content: {{application/json: {{schema: {schema}}}}}}}");
            let paths = format!("{{/{name}: {{get: {{operationId: {name}, responses: {{200: {response}}}}}}}}}");
            let components = "{schemas: {Money: {$ref: '../common.yaml#/components/schemas/Money'}}}";
            format!("openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\npaths: {paths}\ncomponents: {components}\n")
        };
        let money = "{schemas: {Money: {type: object, properties: {amount: {type: string}}}}}";
        let common = format!("openapi: 3.1.0\ninfo: {{title: B, version: '1'}}\npaths: {{}}\ncomponents: {money}\n");
        let (bills, orders) = (api("Bill"), api("Order"));
        let files =
            [("api/a.yaml", bills.as_bytes()), ("api/b.yaml", orders.as_bytes()), ("common.yaml", common.as_bytes())];
        let folder = tree(&files);
        for (path, expected) in [
            ("", &["bill", "money", "order"][..]),
            ("api", &["bill", "money", "order"]),
            ("api/a.yaml", &["bill", "money"]),
        ] {
            let documents = read(&[folder.path().join(path)]).expect("read");
            let options = specwright::Options { name: "a".to_owned(), ..Default::default() };
            let files = specwright::generate(&documents.inputs, &options).files.expect("a crate");
            let types = files.iter().filter_map(|(path, _)| path.strip_prefix("src/types/")?.strip_suffix(".rs"));
            assert_eq!(types.collect::<Vec<_>>(), expected, "{path}");
        }
    }

    #[test]
    fn a_component_that_is_one_of_another_description_under_another_key_is_an_alias() {
        let api = |of: &str, others: &str| {
            let schema = format!(
                "{{type: object, title: Bill, properties: {{to: {{$ref: '#/components/schemas/Renamed'}}, \
                    of: {{$ref: '{of}#/components/schemas/Money'}}}}}}"
            );
            let response = format!("{{description: A, content: {{application/json: {{schema: {schema}}}}}}}");
            let paths = format!("{{/a: {{get: {{operationId: get, responses: {{200: {response}}}}}}}}}");
            let components =
                format!("{{schemas: {{Renamed: {{$ref: 'common.yaml#/components/schemas/Money'}}{others}}}}}");
            format!("openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\npaths: {paths}\ncomponents: {components}\n")
        };
        let (alias, other) =
            (api("common.yaml", ""), api("", ", Money: {type: object, properties: {a: {type: string}}}"));
        let money = "components: {schemas: {Money: {type: object, properties: {amount: {type: string}}}}}\n";
        // A whole description, and a file that has nothing but components.
        let description = format!("openapi: 3.1.0\ninfo: {{title: B, version: '1'}}\npaths: {{}}\n{money}");
        for common in [description.as_str(), money] {
            // Where the text has another schema under that key, the name is the one that was given instead.
            for (api, renamed) in [(&alias, "pub type Renamed = Money;"), (&other, "pub struct Renamed {")] {
                let folder = tree(&[("api.yaml", api.as_bytes()), ("common.yaml", common.as_bytes())]);
                let documents = read(&[folder.path().join("api.yaml")]).expect("read");
                let options = specwright::Options { name: "a".to_owned(), ..Default::default() };
                let files = specwright::generate(&documents.inputs, &options).files.expect("a crate");
                let mut types = files.iter().filter(|(path, _)| path.starts_with("src/types/"));
                assert!(files.get("src/types/money.rs").is_some(), "{common}");
                assert!(types.any(|(_, text)| text.contains(renamed)), "{renamed} {common}");
            }
        }
    }

    #[test]
    fn a_folder_without_documents_is_a_failure() {
        let folder = tree(&[("README.md", b"x")]);
        assert!(failure(&[folder.path().to_owned()]).contains("holds no document"));
    }

    #[test]
    fn the_configuration_is_read_from_the_top_of_a_folder_only() {
        let config = b"[crate]\nname = \"pets\"\n";
        let folder = tree(&[("one/a.md", b"x"), ("one/codegen.toml", config), ("two/b.md", b"y")]);
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let documents = read(&[one.clone(), two.clone()]).expect("read");
        assert_eq!(documents.config.name.as_deref(), Some("pets"));
        assert!(failure(&[folder.path().to_owned()]).contains("one/codegen.toml` would not be read"));
        std::fs::write(two.join("codegen.toml"), config).expect("written");
        assert!(failure(&[one, two]).contains("cannot both"));
    }

    #[test]
    fn the_configuration_beside_files_is_read_where_they_are_in_one_folder() {
        let config = b"[crate]\nname = \"pets\"\n";
        let folder = tree(&[("one/a.md", b"x"), ("one/b.md", b"x"), ("one/codegen.toml", config), ("two/c.md", b"y")]);
        let name = |paths: &[&str]| {
            let paths: Vec<_> = paths.iter().map(|path| folder.path().join(path)).collect();
            let documents = read(&paths).expect("read");
            assert!(documents.inputs.iter().all(|input| input.name.ends_with(".md")));
            documents.config.name
        };
        assert_eq!(name(&["one/a.md"]).as_deref(), Some("pets"));
        assert_eq!(name(&["one/a.md", "two/../one/b.md"]).as_deref(), Some("pets"));
        assert_eq!(name(&["two/c.md", "one/codegen.toml"]).as_deref(), Some("pets"));
        assert_eq!(name(&["one/a.md", "two/c.md"]), None);
        assert!(failure(&[folder.path().join("one/codegen.toml")]).contains("give the documents"));
    }

    #[test]
    fn the_stem_is_that_of_a_file_or_the_name_of_a_folder() {
        let folder = tree(&[("pets.v1/store.yaml", b"x")]);
        assert_eq!(stem(&folder.path().join("pets.v1")).as_deref(), Ok("pets.v1"));
        assert_eq!(stem(&folder.path().join("pets.v1/../pets.v1/.")).as_deref(), Ok("pets.v1"));
        assert_eq!(stem(&folder.path().join("pets.v1/store.yaml")).as_deref(), Ok("store"));
    }
}
