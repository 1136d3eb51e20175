//! Documents that a crate is generated from: the diagnostics and the code that depends on the document.

use specwright::Files;

use crate::fixtures::{self, Fixture};

/// Fixtures that are about the client itself: how it is configured, and the operations of no service.
const ABOUT_THE_CLIENT: [&str; 3] = ["auth-", "root-", "server-"];

#[test]
fn documents_become_the_client_in_the_snapshot() {
    fixtures::for_each(&fixtures::accept(), |fixture| {
        let generated = fixture.generate();
        let report = fixture.report(&generated.diagnostics);
        let files = generated.files.unwrap_or_else(|| panic!("no crate comes of {}:\n{report}", fixture.name));
        fixture.assert_snapshot("client", &format!("{report}{}", shown(fixture, &files)));
    });
}

/// The files that show what became of the document; the others are the same for every document, or lists of these.
fn shown(fixture: &Fixture, files: &Files) -> String {
    let about_the_client = ABOUT_THE_CLIENT.iter().any(|prefix| fixture.name.starts_with(prefix));
    let is_shown = |path: &str| {
        path.starts_with("src/types/")
            || path.starts_with("src/services/")
            || path == "src/headers.rs"
            || path == "src/webhooks.rs"
            || path == "src/client.rs" && about_the_client
    };
    let shown = files.iter().filter(|(path, _)| is_shown(path));
    shown.map(|(path, text)| format!("\n======== {path}\n{}", without_header(text))).collect()
}

/// The text of a file without the line that says what wrote it.
fn without_header(text: &str) -> &str {
    match text.split_once("\n\n") {
        Some((header, rest)) if header.starts_with("// @generated") => rest,
        _ => text,
    }
}
