//! The fixtures as a whole: every rule and every kind of diagnostic is shown by one, and all diagnostics are in shape.

use std::collections::HashSet;

use specwright::Generated;
use specwright::diagnostic::{Code, Diagnostic, Severity};

use crate::fixtures::{self, Fixture};

#[test]
fn every_quirk_is_shown_by_a_fixture() {
    let applied: HashSet<_> = diagnostics()
        .into_iter()
        .filter(|diagnostic| diagnostic.code == Code::Repaired)
        .filter_map(|diagnostic| diagnostic.message.split_once(':').map(|(name, _)| name.to_owned()))
        .collect();
    let names = specwright::QUIRKS.iter().map(|quirk| quirk.name);
    let missing: Vec<_> = names.filter(|name| !applied.contains(*name)).collect();
    assert!(missing.is_empty(), "no fixture shows the quirks {missing:?}");
}

#[test]
fn every_code_is_shown_by_a_fixture() {
    let said: HashSet<_> = diagnostics().into_iter().map(|diagnostic| diagnostic.code).collect();
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !said.contains(code)).map(|code| code.as_str()).collect();
    assert!(missing.is_empty(), "no fixture shows the codes {missing:?}");
}

#[test]
fn warnings_and_errors_say_what_to_do() {
    let helpless = diagnostics().into_iter().filter(|one| one.severity != Severity::Note && one.help.is_none());
    let helpless: Vec<_> = helpless.map(|one| format!("{}: {}", one.code.as_str(), one.message)).collect();
    assert!(helpless.is_empty(), "without a help line:\n{}", helpless.join("\n"));
}

#[test]
fn messages_are_one_line_without_a_full_stop() {
    let texts = diagnostics().into_iter().flat_map(|one| [Some(one.message), one.help]).flatten();
    let wrong: Vec<_> = texts.filter(|text| text.ends_with('.') || text.contains('\n')).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A crate comes of a document exactly when nothing that is said about it is an error.
#[test]
fn errors_and_files_exclude_each_other() {
    fixtures::for_each(&all(), |fixture| {
        let generated = fixture.generate();
        let has_errors = generated.diagnostics.iter().any(|one| one.severity == Severity::Error);
        assert_eq!(generated.files.is_none(), has_errors, "{}", fixture.name);
    });
}

#[test]
fn every_operation_is_generated_or_left_out_with_a_reason() {
    fixtures::for_each(&fixtures::accept(), |fixture| {
        let Generated { counts, left_out, .. } = fixture.generate();
        let shown: Vec<_> = left_out.iter().map(|one| (&one.operation, one.reason.as_str())).collect();
        assert_eq!(counts.operations_found, counts.operations + left_out.len(), "{}: {shown:?}", fixture.name);
    });
}

fn all() -> Vec<Fixture> {
    fixtures::accept().into_iter().chain(fixtures::reject()).collect()
}

fn diagnostics() -> Vec<Diagnostic> {
    all().iter().flat_map(|fixture| fixture.generate().diagnostics).collect()
}
