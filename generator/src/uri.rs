//! References to a resource, relative to the one that they stand in, and templates of paths.

/// Resolves a reference without a fragment (RFC 3986, section 5.2).
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    let scheme = |text: &str| text.split(['/', '?']).next().and_then(|start| start.find(':'));
    if scheme(reference).is_some() {
        return reference.to_owned();
    }
    let authority = scheme(base).map_or(0, |colon| colon + 1);
    let path = match base[authority..].strip_prefix("//") {
        Some(rest) => authority + 2 + rest.find('/').unwrap_or(rest.len()),
        None => authority,
    };
    if reference.starts_with("//") {
        return format!("{}{reference}", &base[..authority]);
    }
    let folder = base[path..].rfind('/').map_or("/", |end| &base[path..=path + end]);
    let folder = if path == 0 && !base.contains('/') { "" } else { folder };
    let joined = if reference.starts_with('/') { reference.to_owned() } else { format!("{folder}{reference}") };
    format!("{}{}", &base[..path], without_dots(&joined))
}

/// A path without `.` and `..` (RFC 3986, section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty()) => drop(parts.pop()),
            ".." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A path template without the names of its parameters: what a server tells apart.
pub(crate) fn without_names(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| format!("{path}{{}}{}", part.split_once('}').map_or(part, |(_, rest)| rest)))
}

/// What is before a path at the end of a URL, without the slash between them: the base that the path is relative to.
/// Names of parameters, how these are marked, slashes at the end and a query make no difference.
pub(crate) fn base<'u>(url: &'u str, path: &str) -> Option<&'u str> {
    let resource = |text: &'_ str| text.find(['?', '#']).unwrap_or(text.len());
    let shape = |segment: &str| if segment.starts_with(':') { "{}".to_owned() } else { without_names(segment) };
    let host = url.find("://").map_or(0, |at| at + "://".len());
    let mut base = url[host..resource(url).max(host)].trim_end_matches('/');
    for segment in path[..resource(path)].split('/').filter(|segment| !segment.is_empty()).rev() {
        let (before, last) = base.rsplit_once('/')?;
        if shape(last) != shape(segment) {
            return None;
        }
        base = before.trim_end_matches('/');
    }
    (host == 0 || !base.is_empty()).then(|| &url[..host + base.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_against_a_base() {
        for (base, reference, whole) in [
            ("https://example.com/schemas/pet", "toy", "https://example.com/schemas/toy"),
            ("https://example.com/schemas/pet", "./a/../toy", "https://example.com/schemas/toy"),
            ("https://example.com/schemas/pet", "/toy", "https://example.com/toy"),
            ("https://example.com/schemas/pet", "../../../toy", "https://example.com/toy"),
            ("https://example.com", "toy", "https://example.com/toy"),
            ("https://example.com/a", "//other.example/b", "https://other.example/b"),
            ("https://example.com/a", "urn:example:toy", "urn:example:toy"),
            ("pet", "toy", "toy"),
            ("schemas/pet", "toy", "schemas/toy"),
            ("", "toy", "toy"),
        ] {
            assert_eq!(resolve(base, reference), whole, "{base} {reference}");
        }
    }

    #[test]
    fn a_base_is_what_is_before_a_path() {
        for (url, path, expected) in [
            ("https://example.com/v1/pets", "/pets", Some("https://example.com/v1")),
            ("https://example.com/v1/pets/", "/pets", Some("https://example.com/v1")),
            ("https://example.com/v1/pets", "/pets/", Some("https://example.com/v1")),
            ("https://example.com/v1/pets?limit=1", "/pets", Some("https://example.com/v1")),
            ("https://example.com/pets/:id", "/pets/{petId}", Some("https://example.com")),
            ("https://example.com/pets/{id}:feed", "/pets/{petId}:feed", Some("https://example.com")),
            ("https://example.com", "/", Some("https://example.com")),
            ("https://example.com/v1/", "/", Some("https://example.com/v1")),
            ("https://{region}.example.com/pets", "/pets", Some("https://{region}.example.com")),
            ("/v1/pets", "/pets", Some("/v1")),
            ("https://example.com/toys", "/pets", None),
            ("https://example.com/pets/a", "/pets/{id}", None),
            ("https://pets", "/pets", None),
        ] {
            assert_eq!(base(url, path), expected, "{url} {path}");
        }
    }
}
