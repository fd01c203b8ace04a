//! The table of loaded sources and files.

use crate::load::{Report, SourceOutcome, SourceReport};
use crate::terminal::{Table, number, rate, size};
use anyhow::Result;
use std::path::Path;
use std::time::Duration;

/// The number of files of one source that are listed. The others are one row.
const LISTED: usize = 12;

/// One row per source, or, of a source with several files, per file that was loaded.
pub(super) fn table(report: &Report) -> Result<Table> {
    let mut table = Table::new(&[
        "source",
        "load#",
        "rows#",
        "rejected#",
        "size#",
        "seconds#",
        "rows/s#",
        "",
    ]);
    for of_source in report
        .sources
        .chunk_by(|one, other| one.source == other.source)
    {
        let (unchanged, loaded): (Vec<&SourceReport>, Vec<&SourceReport>) = of_source
            .iter()
            .partition(|file| of_source.len() > 1 && file.outcome == SourceOutcome::Unchanged);
        let listed = match loaded.len() {
            ..=LISTED => loaded.len(),
            _ => LISTED - 1,
        };
        for file in &loaded[..listed] {
            let is_one = of_source.len() == 1;
            let note = match file.outcome {
                SourceOutcome::Published if is_one => String::new(),
                SourceOutcome::Published => name(file),
                SourceOutcome::Unchanged => "unchanged".into(),
                SourceOutcome::Held if is_one => "held".into(),
                SourceOutcome::Held => format!("held: {}", name(file)),
                SourceOutcome::DryRun => "dry run".into(),
            };
            let load = file.load_id.to_string();
            table.row(row(&file.source, load, std::slice::from_ref(file), &note)?);
        }
        for (files, what) in [
            (&loaded[listed..], "more files"),
            (&unchanged[..], "unchanged"),
        ] {
            let note = match (files.len(), what) {
                (0, _) => continue,
                (1, "unchanged") => "1 file unchanged".into(),
                (count, "unchanged") => {
                    format!("{} files unchanged", number(i64::try_from(count)?))
                }
                (count, what) => format!("{} {what}", number(i64::try_from(count)?)),
            };
            table.row(row(&of_source[0].source, String::new(), files, &note)?);
        }
    }
    Ok(table)
}

/// A row with the sums of files. `load`: the number of their load, if they are one.
fn row(source: &str, load: String, files: &[&SourceReport], note: &str) -> Result<Vec<String>> {
    let sum =
        |count: fn(&SourceReport) -> u64| -> u64 { files.iter().map(|file| count(file)).sum() };
    let rows = sum(|file| file.rows);
    let seconds: f64 = files.iter().map(|file| file.seconds).sum();
    let rate = match files {
        [file] => file.rows_per_second,
        several if several.iter().any(|file| file.rows_per_second.is_some()) => {
            Some(rate(rows, Duration::from_secs_f64(seconds)))
        }
        _ => None,
    };
    Ok(vec![
        source.to_string(),
        load,
        number(i64::try_from(rows)?),
        number(i64::try_from(sum(|file| file.rejected))?),
        size(sum(|file| file.bytes)),
        format!("{seconds:.2}"),
        rate.map(i64::try_from)
            .transpose()?
            .map_or(String::new(), number),
        note.to_string(),
    ])
}

/// The name of a file without its folders.
fn name(file: &SourceReport) -> String {
    let name = Path::new(&file.location).file_name();
    name.map_or(file.location.clone(), |name| {
        name.to_string_lossy().into_owned()
    })
}
