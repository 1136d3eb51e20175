//! The last line of a run: what was read, what was written and how long it took.

use std::fmt::{self, Write as _};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use specwright::Counts;
use specwright::diagnostic::{Code, Diagnostic, Severity};

use crate::sync::{State, Tally};

/// What happened to the output folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disk {
    /// The run ended before.
    #[default]
    Untouched,
    /// The run ended in the middle.
    Interrupted,
    /// The folder was brought up to date.
    Synced(Tally),
    /// The folder was compared only.
    Checked(State),
}

/// The figures of a run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Those of the generator.
    pub counts: Counts,
    /// Inputs that were repaired.
    pub repairs: usize,
    /// Warnings of the generator.
    pub warnings: usize,
    /// Errors of the generator, of the disk and of the arguments.
    pub errors: usize,
    /// What happened to the output folder.
    pub disk: Disk,
}

impl Summary {
    /// Counts what the generator has to say.
    pub fn count(&mut self, diagnostics: &[Diagnostic]) {
        let of = |severity| diagnostics.iter().filter(|one| one.severity == severity).count();
        self.repairs = diagnostics.iter().filter(|one| one.code == Code::Repaired).count();
        self.warnings = of(Severity::Warning);
        self.errors = of(Severity::Error);
    }

    /// The line, without the time that the run took.
    fn figures(&self) -> String {
        let Counts { documents, operations_found, operations, types } = self.counts;
        let mut line = format!("{}, ", number(documents, "document"));
        if operations < operations_found {
            let _ = write!(line, "{operations} of ");
        }
        let shown = operations_found.max(operations);
        let _ = write!(line, "{}, {}", number(shown, "operation"), number(types, "type"));
        let _ = write!(line, ", {}, {}", number(self.repairs, "repair"), number(self.warnings, "warning"));
        if self.errors > 0 {
            let _ = write!(line, ", {}", number(self.errors, "error"));
        }
        let _ = write!(line, "; {}", self.disk);
        line
    }
}

impl fmt::Display for Disk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untouched => formatter.write_str("nothing written"),
            Self::Interrupted => formatter.write_str("not all files written"),
            Self::Synced(Tally { written, deleted, unchanged }) => {
                let files = number(written + deleted + unchanged, "file");
                write!(formatter, "{files} ({written} written, {deleted} deleted, {unchanged} unchanged)")
            }
            Self::Checked(State { stale, missing, obsolete, fresh }) => {
                let files = number(stale + missing + obsolete + fresh, "file");
                write!(formatter, "{files} ({stale} stale, {missing} missing, ")?;
                write!(formatter, "{obsolete} no longer generated, {fresh} up to date)")
            }
        }
    }
}

/// Measures a run.
#[derive(Debug)]
pub struct Clock {
    processor: Option<ProcessTime>,
    wall: Instant,
}

impl Clock {
    /// Starts measuring.
    #[must_use]
    pub fn start() -> Self {
        Self { processor: ProcessTime::try_now().ok(), wall: Instant::now() }
    }

    /// The last line of the run, with its line break.
    #[must_use]
    pub fn finish(&self, summary: &Summary) -> String {
        let processor = self.processor.and_then(|start| start.try_elapsed().ok());
        line(summary, processor, self.wall.elapsed())
    }
}

fn line(summary: &Summary, processor: Option<Duration>, wall: Duration) -> String {
    let (figures, wall) = (summary.figures(), wall.as_millis());
    match processor.map(|time| time.as_millis()) {
        Some(time) => format!("{figures} in {time} ms of processor time ({wall} ms elapsed)\n"),
        // There are systems that cannot tell.
        None => format!("{figures} in {wall} ms\n"),
    }
}

/// A number of things, with the noun in the right form; all nouns here take an `s`.
fn number(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use specwright::diagnostic::{Place, Spot};

    use super::*;

    fn millis(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    #[test]
    fn one_line_says_it_all() {
        let counts = Counts { documents: 1, operations_found: 1, operations: 1, types: 13 };
        let disk = Disk::Synced(Tally { written: 2, deleted: 1, unchanged: 38 });
        let summary = Summary { counts, repairs: 24, disk, ..Summary::default() };
        assert_eq!(
            line(&summary, Some(millis(31)), millis(35)),
            "1 document, 1 operation, 13 types, 24 repairs, 0 warnings; 41 files (2 written, 1 deleted, 38 unchanged) \
             in 31 ms of processor time (35 ms elapsed)\n"
        );
    }

    #[test]
    fn one_is_singular_and_operations_left_out_are_told() {
        let counts = Counts { documents: 2, operations_found: 4, operations: 3, types: 1 };
        let disk = Disk::Checked(State { stale: 1, missing: 0, obsolete: 0, fresh: 0 });
        let summary = Summary { counts, repairs: 1, warnings: 1, errors: 1, disk };
        assert_eq!(
            line(&summary, None, millis(2)),
            "2 documents, 3 of 4 operations, 1 type, 1 repair, 1 warning, 1 error; 1 file (1 stale, 0 missing, 0 no \
             longer generated, 0 up to date) in 2 ms\n"
        );
    }

    #[test]
    fn repairs_are_told_by_their_code() {
        let place = Place { input: 0, spot: Spot::Whole };
        let one = |severity, code| Diagnostic::new(severity, code, place.clone(), "x");
        let mut summary = Summary::default();
        summary.count(&[
            one(Severity::Note, Code::Repaired),
            one(Severity::Note, Code::UnknownKeyword),
            one(Severity::Warning, Code::UntypedSchema),
            one(Severity::Error, Code::NoOperations),
        ]);
        assert_eq!((summary.repairs, summary.warnings, summary.errors), (1, 1, 1));
    }

    #[test]
    fn a_clock_measures() {
        let text = Clock::start().finish(&Summary::default());
        assert!(text.starts_with("0 documents, 0 operations, 0 types, 0 repairs, 0 warnings; nothing written in "));
    }
}
