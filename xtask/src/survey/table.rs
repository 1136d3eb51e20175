//! The tables of a survey, as plain text.

use std::collections::BTreeMap;

use super::round_trip::{RoundTrip, Tally};
use super::row::Row;

/// The longest note in a table; the whole of it is in the file with the rows.
const LONGEST: usize = 100;

/// The table of what was generated and compiled.
#[must_use]
pub(super) fn generated(rows: &[Row]) -> String {
    let compiled = rows.iter().any(|row| row.compiled.is_some());
    let beside = rows.iter().any(|row| row.beside_derives.is_some());
    let mut head =
        vec!["document", "version", "found", "ops", "left", "types", "repairs", "warn", "err", "ms", "MB", "lines"];
    if compiled {
        head.extend(["check s", "check MB"]);
    }
    if beside {
        head.extend(["types s", "derives s", "ratio"]);
    }
    head.push("note");
    let mut lines = vec![head.into_iter().map(str::to_owned).collect()];
    lines.extend(rows.iter().map(|row| line(row, compiled, beside)));
    lines.push(line(&total(rows), compiled, beside));
    aligned(&lines)
}

fn line(row: &Row, compiled: bool, beside: bool) -> Vec<String> {
    let mut cells = vec![row.document.clone(), row.version.clone()];
    let counts = [
        row.operations_found,
        row.operations,
        row.operations_left_out,
        row.types,
        row.repairs,
        row.warnings,
        row.errors,
    ];
    cells.extend(counts.map(|count| count.to_string()));
    cells.push(row.milliseconds.to_string());
    cells.push(row.peak.map(|peak| (peak / 1_000_000).to_string()).unwrap_or_default());
    cells.push(row.lines.to_string());
    if compiled {
        let usage = row.compiled.as_ref().map(|compiled| compiled.usage);
        cells.push(usage.map(|usage| format!("{:.2}", usage.seconds)).unwrap_or_default());
        cells.push(usage.map(|usage| (usage.peak / 1_000_000).to_string()).unwrap_or_default());
    }
    if beside {
        let figures = row.beside_derives.map(|one| [one.types.seconds, one.derives.seconds, one.ratio()]);
        cells.extend(figures.map_or(Default::default(), |figures| figures.map(|figure| format!("{figure:.2}"))));
    }
    let error = row.compiled.as_ref().and_then(|compiled| compiled.error.as_ref());
    let note = row.problem.as_ref().or(error).map(|note| note.chars().take(LONGEST).collect());
    let ok = if row.compiled.is_some() { "compiles" } else { "" };
    cells.push(note.unwrap_or_else(|| ok.to_owned()));
    cells
}

/// The sums of the figures; of memory, the most.
fn total(rows: &[Row]) -> Row {
    let mut total = Row { document: format!("{} documents", rows.len()), ..Row::default() };
    for row in rows {
        total.operations_found += row.operations_found;
        total.operations += row.operations;
        total.operations_left_out += row.operations_left_out;
        total.types += row.types;
        total.repairs += row.repairs;
        total.warnings += row.warnings;
        total.errors += row.errors;
        total.milliseconds += row.milliseconds;
        total.peak = total.peak.max(row.peak);
        total.lines += row.lines;
        if let Some(compiled) = &row.compiled {
            let sum =
                total.compiled.get_or_insert_with(|| super::compile::Compiled { error: None, ..compiled.clone() });
            if sum != compiled {
                sum.usage.seconds += compiled.usage.seconds;
                sum.usage.peak = sum.usage.peak.max(compiled.usage.peak);
            }
        }
    }
    for beside in rows.iter().filter_map(|row| row.beside_derives) {
        let sum = total.beside_derives.get_or_insert_default();
        sum.types.seconds += beside.types.seconds;
        sum.derives.seconds += beside.derives.seconds;
    }
    total.problem = Some(format!("{} failed", rows.iter().filter(|row| row.failed()).count()));
    total
}

/// The table of what values say; empty when none were tried.
#[must_use]
pub(super) fn round_trips(rows: &[Row]) -> String {
    let tried = || rows.iter().filter_map(|row| Some((row.document.as_str(), row.round_trip.as_ref()?)));
    if tried().next().is_none() {
        return String::new();
    }
    let head = [
        "document",
        "found",
        "valid",
        "examples",
        "decoded",
        "equal",
        "samples",
        "decoded",
        "equal",
        "mutated",
        "decoded",
        "equal",
        "other",
        "unreadable",
        "failed",
        "note",
    ];
    let mut lines = vec![head.map(str::to_owned).into()];
    let mut sum = RoundTrip::default();
    let (mut unnamed, mut failed) = (0, 0);
    for (document, one) in tried() {
        lines.push(values(document, one, [one.unnamed.len(), one.unreadable, one.broken.len()]));
        sum.found += one.found;
        sum.valid += one.valid;
        sum.unreadable += one.unreadable;
        sum.examples += one.examples;
        sum.samples += one.samples;
        sum.mutated += one.mutated;
        unnamed += one.unnamed.len();
        failed += one.broken.len();
    }
    lines.push(values(&format!("{} documents", tried().count()), &sum, [unnamed, sum.unreadable, failed]));
    aligned(&lines)
}

fn values(document: &str, one: &RoundTrip, last: [usize; 3]) -> Vec<String> {
    let tally = |tally: Tally| [tally.cases, tally.decoded, tally.equal];
    let mut cells = vec![document.to_owned()];
    let counts =
        [one.found, one.valid].into_iter().chain([one.examples, one.samples, one.mutated].into_iter().flat_map(tally));
    cells.extend(counts.chain(last).map(|count| count.to_string()));
    cells.push(one.problem.iter().flat_map(|note| note.chars().take(LONGEST)).collect());
    cells
}

/// The groups of a test suite that no document can hold, a line for each reason; empty when there are none.
#[must_use]
pub(super) fn left_out(rows: &[Row]) -> String {
    let mut sums = BTreeMap::new();
    for (reason, count) in rows.iter().flat_map(|row| &row.left_out) {
        *sums.entry(reason).or_insert(0) += count;
    }
    sums.iter().map(|(reason, count)| format!("left out: {count} groups, because {reason}\n")).collect()
}

/// The cases of a document that failed, one block each.
#[must_use]
pub(super) fn broken(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        for one in row.round_trip.iter().flat_map(|round_trip| &round_trip.broken) {
            let change = one.change.as_ref().map(|change| format!("\n  change: {change}")).unwrap_or_default();
            let super::round_trip::Told { schema, rust, value, reason, .. } = one;
            text.push_str(&format!(
                "\n{}: {schema}\n  type: {rust}{change}\n  value: {value}\n  {reason}\n",
                row.document
            ));
        }
    }
    text
}

/// Lines of cells in columns: the first and the last to the left, the figures between them to the right.
pub(crate) fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 || column + 1 == columns { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        let joined = cells.collect::<Vec<_>>().join("  ");
        text.push_str(joined.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::compile::Compiled;
    use super::super::measure::Usage;
    use super::*;

    #[test]
    fn columns_are_aligned_and_summed() {
        let row = |document: &str, types| Row { document: document.to_owned(), types, ..Row::default() };
        let table = generated(&[row("a.yaml", 5), Row { problem: Some("bad".to_owned()), ..row("long.yaml", 10) }]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "document     version  found  ops  left  types  repairs  warn  err  ms  MB  lines  note");
        assert_eq!(lines[2], "long.yaml                 0    0     0     10        0     0    0   0          0  bad");
        assert_eq!(
            lines[3],
            "2 documents               0    0     0     15        0     0    0   0          0  1 failed"
        );
    }

    #[test]
    fn memory_is_the_most_and_time_the_sum() {
        let row = |seconds, peak| Row {
            compiled: Some(Compiled { usage: Usage { seconds, peak }, error: None }),
            ..Row::default()
        };
        let usage = total(&[row(1.0, 5), row(2.0, 3)]).compiled.map(|compiled| compiled.usage);
        assert_eq!(usage, Some(Usage { seconds: 3.0, peak: 5 }));
    }
}
