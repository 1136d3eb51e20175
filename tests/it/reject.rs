//! Documents that no crate can be generated from: what the user is told.

use crate::fixtures;

#[test]
fn documents_are_refused_with_the_diagnostics_in_the_snapshot() {
    fixtures::for_each(&fixtures::reject(), |fixture| {
        let generated = fixture.generate();
        assert!(generated.files.is_none(), "a crate comes of {}", fixture.name);
        fixture.assert_snapshot("diagnostics", &fixture.report(&generated.diagnostics));
    });
}
