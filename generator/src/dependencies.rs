//! Before stage 6, the packages that the crate depends on: those of the support code, and those that the user's own
//! types come from.

use semver::{Comparator, Op, Version, VersionReq};

use crate::configuration::{Configuration, Dependency};
use crate::diagnostic::{Code, Diagnostics};

/// What the support code of every crate needs on every platform.
const ALWAYS: [(&str, &str, bool, &[&str]); 9] = [
    ("bytes", "1.12", true, &[]),
    ("futures-core", "0.3.34", false, &[]),
    ("httpdate", "1.0.3", true, &[]),
    ("indexmap", "2.14", false, &["serde", "std"]),
    ("percent-encoding", "2.3.2", true, &[]),
    ("reqwest", "0.13.5", false, &["http2", "stream", "system-proxy"]),
    ("serde", "1.0.229", false, &["std"]),
    ("serde_json", "1.0.154", true, &["float_roundtrip", "preserve_order"]),
    // What lets one call at a time ask for a token, on every platform.
    ("tokio", "1.54", false, &["sync"]),
];

/// What it needs with a feature that is called so.
const OPTIONAL: [(&str, &str, bool, &[&str]); 4] = [
    ("chrono", "0.4.45", false, &[]),
    ("jiff", "1.0.2", false, &[]),
    ("time", "0.3.55", false, &[]),
    ("tracing", "0.1.44", false, &["std"]),
];

/// The dependencies of a crate, where those of the support code are all that `is_needed`.
pub(crate) fn all(configuration: &Configuration, is_needed: impl Fn(&str) -> bool) -> Vec<Dependency> {
    let mut all: Vec<_> = of_support_code().filter(|one| is_needed(&one.name)).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    for own in configuration.dependencies.iter().map(|entry| &entry.value) {
        match all.iter_mut().find(|one| one.name == own.name) {
            Some(one) => one.add(own),
            None => all.push(own.clone()),
        }
    }
    all
}

/// The keys of a dependency that are passed on as they are ([The Cargo Book, "Specifying Dependencies"]).
///
/// [The Cargo Book, "Specifying Dependencies"]: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html
const KEYS: [&str; 9] = ["git", "branch", "tag", "rev", "path", "registry", "registry-index", "package", "workspace"];

/// Reports what the user asks of packages that no manifest can say and no version can be.
pub(crate) fn check(configuration: &Configuration, diagnostics: &mut Diagnostics) {
    for entry in &configuration.dependencies {
        let Dependency { name, version, others, .. } = &entry.value;
        let unknown = others.iter().find(|(key, _)| !KEYS.contains(&key.as_str()));
        let (message, help) = if !is_package(name) {
            let help = "a name has letters and digits of ASCII, `-` and `_`, and starts with a letter";
            (format!("`{name}` is no name of a package"), help.to_owned())
        } else if let Some((key, _)) = unknown {
            let known = ["version", "features", "default-features", "optional"].into_iter().chain(KEYS);
            let known: Vec<_> = known.map(|key| format!("`{key}`")).collect();
            (format!("`{key}` says nothing of the package `{name}`"), format!("the keys are {}", known.join(", ")))
        } else if let Some(message) = version.as_ref().and_then(|version| wrong_version(name, version)) {
            (message, "write it as `Cargo.toml` does, such as `1.2`, of a version that there is for all".to_owned())
        } else {
            continue;
        };
        entry.refuse(Code::WrongConfiguration, message, &help, diagnostics);
    }
}

/// What is wrong with the version that a package is to have.
fn wrong_version(name: &str, version: &str) -> Option<String> {
    let asked = match VersionReq::parse(version) {
        Ok(asked) => asked,
        Err(error) => return Some(format!("`{version}` is no requirement of a version: {error}")),
    };
    let needed = of_support_code().find(|one| one.name == *name)?.version?;
    let can_be = VersionReq::parse(&needed).is_ok_and(|needed| can_be_both(&needed, &asked));
    (!can_be).then(|| format!("no `{name}` is both `{version}` and `{needed}`, which the support code needs"))
}

fn is_package(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether code of the crate can name what is in another crate.
pub(crate) fn has(configuration: &Configuration, name: &str) -> bool {
    let own = configuration.dependencies.iter().map(|entry| entry.value.name.as_str());
    let support = ALWAYS.into_iter().map(|(name, ..)| name);
    own.chain(support).chain(["std", "core"]).any(|known| known.replace('-', "_") == name)
}

fn of_support_code() -> impl Iterator<Item = Dependency> {
    let always = ALWAYS.into_iter().map(|one| (one, false));
    let all = always.chain(OPTIONAL.into_iter().map(|one| (one, true)));
    all.map(|((name, version, default_features, features), optional)| Dependency {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        default_features,
        features: features.iter().map(|&feature| feature.to_owned()).collect(),
        optional,
        others: Vec::new(),
    })
}

/// Whether a version can be what both ask for: the least that one of them allows is the least that both do.
fn can_be_both(a: &VersionReq, b: &VersionReq) -> bool {
    let least = a.comparators.iter().chain(&b.comparators).map(least).chain([Version::new(0, 0, 0)]);
    least.into_iter().any(|version| a.matches(&version) && b.matches(&version))
}

fn least(comparator: &Comparator) -> Version {
    let Comparator { major, minor, patch, .. } = *comparator;
    let beyond = u64::from(comparator.op == Op::Greater);
    match (minor, patch) {
        (Some(minor), Some(patch)) => {
            let pre = if beyond == 0 { comparator.pre.clone() } else { semver::Prerelease::EMPTY };
            Version { pre, ..Version::new(major, minor, patch + beyond) }
        }
        (Some(minor), None) => Version::new(major, minor + beyond, 0),
        (None, _) => Version::new(major + beyond, 0, 0),
    }
}

impl Dependency {
    /// Lets the package also be what another one of the same name is.
    fn add(&mut self, other: &Self) {
        let versions = [&self.version, &other.version].map(|version| version.clone().unwrap_or_else(|| "*".to_owned()));
        self.version = match versions {
            [own, other] if own == other || other == "*" => Some(own),
            [own, other] => Some(format!("{own}, {other}")),
        };
        self.default_features |= other.default_features;
        let new = |feature: &&String| !self.features.contains(feature);
        let features: Vec<_> = other.features.iter().filter(new).cloned().collect();
        self.features.extend(features);
        self.optional &= other.optional;
        self.others.extend(other.others.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_ask_for_can_be_one_version() {
        for (needed, asked, can) in [
            ("0.4.45", "0.4", true),
            ("0.4.45", "0.5", false),
            ("1.12", "1", true),
            ("1.12", "=1.10.0", false),
            ("1.12", ">1.12.0, <2", true),
            ("1.12", "<1.12", false),
            ("1.12", "*", true),
            ("1.12", "~1.13", true),
        ] {
            let [a, b] = [needed, asked].map(|text| VersionReq::parse(text).expect("a requirement"));
            assert_eq!(can_be_both(&a, &b), can, "{needed} {asked}");
        }
    }

    #[test]
    fn one_package_is_all_that_is_asked_of_it() {
        let [mut chrono, mut tracing] = ["chrono", "tracing"]
            .map(|name| of_support_code().find(|one| one.name == name).expect("a package of the support code"));
        let (version, features) = (Some("0.4".to_owned()), vec!["serde".to_owned()]);
        let own = Dependency { version, features, default_features: true, optional: false, ..chrono.clone() };
        let both = Some("0.4.45, 0.4".to_owned());
        chrono.add(&own);
        assert_eq!(chrono, Dependency { version: both, ..own });
        let before = tracing.clone();
        tracing.add(&Dependency { version: None, ..before.clone() });
        assert_eq!(tracing, before);
    }
}
