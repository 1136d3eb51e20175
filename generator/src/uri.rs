//! References to a resource, relative to the one that they stand in.

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
}
