//! Rejects: the limit, and the log that keeps them.

use crate::copy::write_in_pieces;
use crate::database::Database;
use crate::extract::Reject;
use anyhow::Result;
use postgres::Client;
use std::str::FromStr;

/// Rejects are written when this many bytes have gathered in memory.
const FLUSH_BYTES: usize = 1024 * 1024;

/// A percentage is applied to the rows read so far only after this many rejects.
const PERCENT_APPLIES_AFTER: u64 = 10_000;

/// This many rows of a small file may be rejected, if they are at most one in `FEW_ROWS_PART`.
const FEW_ROWS: u64 = 10;

const FEW_ROWS_PART: u64 = 5;

/// The header of COPY's binary format: the signature and two empty fields of 32 bits.
const BINARY_COPY: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Rejects shown in the report; all are in `elt.reject`.
const SHOWN: usize = 3;

/// The reject limit of a load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum MaxRejects {
    /// The larger of 1 % of the rows and the smaller of 10 and a fifth of them; at least 1, never all.
    Default,
    Rows(u64),
    Percent(f64),
}

impl MaxRejects {
    /// Whether the rejects exceed the limit.
    pub(crate) fn is_exceeded(self, rejected: u64, read: u64) -> bool {
        rejected > self.allowed(read)
    }

    /// Whether the load can stop early. A percentage applies to all rows, but a bad file should not store millions
    /// of rejects.
    pub(crate) fn is_hopeless(self, rejected: u64, read: u64) -> bool {
        match self {
            MaxRejects::Rows(rows) => rejected > rows,
            MaxRejects::Default | MaxRejects::Percent(_) => {
                rejected > PERCENT_APPLIES_AFTER && self.is_exceeded(rejected, read)
            }
        }
    }

    /// The number of rows of `read` that may be rejected.
    pub(crate) fn allowed(self, read: u64) -> u64 {
        // 1.14 % of 5000 are 57, and 56.99999999999999 in binary.
        let percent = |part: f64| (read as f64 * part / 100.0 * (1.0 + 1e-12)).floor() as u64;
        match self {
            MaxRejects::Default => {
                let of_few = FEW_ROWS.min(read / FEW_ROWS_PART);
                let all_but_one = read.saturating_sub(1);
                percent(1.0).max(of_few).max(1).min(all_but_one)
            }
            MaxRejects::Rows(rows) => rows,
            MaxRejects::Percent(part) => percent(part),
        }
    }

    /// The message for too many rejects, without the source's name.
    pub(crate) fn exceeded_message(self, rejected: u64, read: u64) -> String {
        let is_hopeless = self.is_hopeless(rejected, read);
        match self {
            MaxRejects::Rows(rows) => {
                format!("the number of rejected rows exceeds the limit of {rows}")
            }
            MaxRejects::Default if read == 1 => "its only row was rejected".into(),
            MaxRejects::Default if rejected == read && !is_hopeless => {
                format!("all {read} rows were rejected")
            }
            MaxRejects::Default | MaxRejects::Percent(_) => {
                let of = if is_hopeless { "of the first" } else { "of" };
                let allowed = self.allowed(read);
                format!("{rejected} {of} {read} rows were rejected; the limit is {allowed}")
            }
        }
    }
}

impl FromStr for MaxRejects {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem =
            || format!("\"{text}\" is neither a number of rows nor a percentage such as 0.5%");
        if text.is_empty() {
            return Ok(MaxRejects::Default);
        }
        match text.strip_suffix('%') {
            Some(part) => match part.trim().parse::<f64>() {
                Ok(part) if (0.0..=100.0).contains(&part) => Ok(MaxRejects::Percent(part)),
                _ => Err(problem()),
            },
            None => text.parse().map(MaxRejects::Rows).map_err(|_| problem()),
        }
    }
}

/// Writes rejects over a second connection, because the load's connection is busy with COPY. It is opened for
/// the first reject.
pub(crate) struct RejectLog<'a> {
    database: &'a Database,
    client: Option<Client>,
    load_id: i64,
    /// The file that is read, if the load has several.
    file: Option<String>,
    waiting: Vec<Reject>,
    waiting_bytes: usize,
    pub(crate) count: u64,
    /// The first few rejects as text.
    pub(crate) shown: Vec<String>,
}

impl<'a> RejectLog<'a> {
    pub(crate) fn new(database: &'a Database, load_id: i64) -> Self {
        RejectLog {
            database,
            client: None,
            load_id,
            file: None,
            waiting: Vec::new(),
            waiting_bytes: 0,
            count: 0,
            shown: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, reject: Reject) -> Result<()> {
        self.count += 1;
        if self.shown.len() < SHOWN {
            let place = match reject.page {
                Some(page) => format!("page {page}, record {}", reject.row),
                None => format!("line {}", reject.line),
            };
            let file = self.file.as_ref();
            let file = file.map_or(String::new(), |file| format!("{file}, "));
            self.shown.push(format!("{file}{place}: {}", reject.reason));
        }
        self.waiting_bytes += reject.raw.len() + reject.reason.len();
        self.waiting.push(reject);
        if self.waiting_bytes > FLUSH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Goes on with another file of the load.
    pub(crate) fn go_on_with(&mut self, file: &str) {
        self.file = Some(file.to_string());
    }

    /// Drops the rejects that were not written yet.
    pub(crate) fn forget(&mut self) {
        self.waiting.clear();
        self.waiting_bytes = 0;
    }

    /// Begins another load.
    pub(crate) fn begin(&mut self, load_id: i64) -> Result<()> {
        self.flush()?;
        self.load_id = load_id;
        self.count = 0;
        self.shown.clear();
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let client = match &mut self.client {
            Some(client) => client,
            None => self.client.insert(self.database.connect("load (rejects)")?),
        };
        let load_id = u64::try_from(self.load_id)?;
        let mut reject_number = self.count - self.waiting.len() as u64;
        let mut writer = client.copy_in(
            "copy elt.reject (load_id, reject_number, row_number, line_number, byte_offset, reason, raw, \
             page_number) from stdin (format binary)",
        )?;
        write_in_pieces(&mut writer, BINARY_COPY)?;
        for reject in self.waiting.drain(..) {
            reject_number += 1;
            let numbers = [
                load_id,
                reject_number,
                reject.row,
                reject.line,
                reject.offset,
            ];
            let numbers = numbers.map(u64::to_be_bytes);
            let page = reject.page.map(u64::to_be_bytes);
            let mut fields: Vec<Option<&[u8]>> =
                numbers.iter().map(|each| Some(&each[..])).collect();
            fields.extend([Some(reject.reason.as_bytes()), Some(&reject.raw)]);
            fields.push(page.as_ref().map(|page| &page[..]));
            write_in_pieces(&mut writer, &u16::try_from(fields.len())?.to_be_bytes())?;
            for field in fields {
                let length = field.map_or(Ok(-1), |field| i32::try_from(field.len()))?;
                write_in_pieces(&mut writer, &length.to_be_bytes())?;
                write_in_pieces(&mut writer, field.unwrap_or_default())?;
            }
        }
        write_in_pieces(&mut writer, &(-1_i16).to_be_bytes())?;
        writer.finish()?;
        self.waiting_bytes = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_limit_is_a_percent_or_ten_rows_that_are_at_most_a_fifth() {
        let limits = [
            (0, 0),
            (1, 0),
            (2, 1),
            (3, 1),
            (5, 1),
            (9, 1),
            (12, 2),
            (20, 4),
            (49, 9),
            (50, 10),
            (1_000, 10),
            (1_099, 10),
            (1_100, 11),
            (5_000, 50),
        ];
        for (read, allowed) in limits {
            assert_eq!(MaxRejects::Default.allowed(read), allowed, "of {read}");
            assert!(!MaxRejects::Default.is_exceeded(allowed, read), "of {read}");
            assert!(MaxRejects::Default.is_exceeded(allowed + 1, read));
        }
        assert!(!MaxRejects::Rows(3).is_exceeded(3, 3), "as the user says");
    }

    #[test]
    fn a_percentage_is_of_decimal_numbers() {
        assert_eq!(MaxRejects::Percent(1.14).allowed(5_000), 57);
        assert_eq!(MaxRejects::Percent(2.26).allowed(5_000), 113);
        assert_eq!(MaxRejects::Percent(1.14).allowed(4_999), 56);
    }

    #[test]
    fn what_goes_on_being_rejected_is_given_up() {
        assert!(MaxRejects::Rows(3).is_hopeless(4, 1_000_000));
        assert!(!MaxRejects::Default.is_hopeless(10_000, 10_000));
        assert!(MaxRejects::Default.is_hopeless(10_001, 10_001));
        assert!(!MaxRejects::Default.is_hopeless(10_001, 1_000_100));
        assert!(!MaxRejects::Percent(100.0).is_hopeless(1_000_000, 1_000_000));
    }

    #[test]
    fn a_limit_is_rows_or_a_percentage() {
        assert_eq!("7".parse(), Ok(MaxRejects::Rows(7)));
        assert_eq!("0.5%".parse(), Ok(MaxRejects::Percent(0.5)));
        assert!("200%".parse::<MaxRejects>().is_err());
        assert!("-1".parse::<MaxRejects>().is_err());
        assert!(MaxRejects::Percent(0.0).is_exceeded(1, 1_000));
    }
}
