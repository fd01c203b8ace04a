//! The files of a batch, one after the other: each is read whole, and its rows are added to the COPY text or dropped.

use super::Batch;
use crate::copy::{self, CopyText, Target};
use crate::extract::digest::{Digest, DigestingReader};
use crate::extract::{self, ColumnFacts, Extract, Record};
use crate::load::columns::FileColumns;
use crate::load::files::FailedFile;
use crate::load::files::fill::combine;
use crate::load::files::one_by_one::failed;
use crate::load::files::read_file::ReadFile;
use crate::load::rejects::RejectLog;
use crate::load::{SourceOutcome, SourceReport, stage};
use crate::signals;
use crate::terminal::{self, Meter};
use anyhow::Result;
use postgres::Client;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

/// A file with more COPY text is staged alone, because its text is kept in memory.
const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// A file whose first bytes were read.
struct Opened {
    index: usize,
    extract: Box<dyn Extract>,
    digest: Rc<RefCell<Digest>>,
    begun: Instant,
}

/// For elt.close_batch.
#[derive(Serialize)]
pub(super) struct Closed {
    load_id: i64,
    error: Option<String>,
    rows_staged: Option<u64>,
    #[serde(flatten)]
    read: Option<ReadFile>,
}

/// Reads one file after the other into the COPY text.
pub(super) struct Reading<'a> {
    batch: &'a Batch<'a>,
    load_ids: Vec<i64>,
    next: usize,
    /// A file failed, or has so much text that it must be staged alone.
    is_over: bool,
    rejects: RejectLog<'a>,
    pub(super) closed: Vec<Closed>,
    pub(super) reports: Vec<SourceReport>,
    pub(super) failed: Vec<FailedFile>,
    pub(super) column_facts: Option<BTreeMap<String, ColumnFacts>>,
    meter: Meter,
    bytes: u64,
    rows: u64,
    staged: u64,
}

impl<'a> Reading<'a> {
    /// `load_ids`: a load for each file.
    pub(super) fn new(batch: &'a Batch<'a>, load_ids: Vec<i64>) -> Reading<'a> {
        let bytes = batch.files.iter().map(|file| file.size).sum();
        Reading {
            rejects: RejectLog::new(batch.database, load_ids[0]),
            batch,
            load_ids,
            next: 0,
            is_over: false,
            closed: Vec::new(),
            reports: Vec::new(),
            failed: Vec::new(),
            column_facts: None,
            meter: Meter::begin(format!("loading {}", batch.source.name), Some(bytes)),
            bytes: 0,
            rows: 0,
            staged: 0,
        }
    }
}

impl Reading<'_> {
    /// Copies the rows of all files that can be read.
    pub(super) fn copy(&mut self, client: &mut Client) -> Result<()> {
        let batch_load_id = self.load_ids[0];
        let mut opened = self.open_next()?;
        // Files with other columns, or in another order, need another COPY.
        while let Some(first) = opened.take() {
            let of_file = first.extract.columns().to_vec();
            let mut columns = of_file.clone();
            columns.push("_load_id".into());
            let target = Target {
                load_id: batch_load_id,
                columns: &columns,
            };
            let text = first.extract.copy_text();
            let copied = copy::copy(vec![client], &target, text, |parts, mut text: CopyText| {
                let mut current = first;
                loop {
                    self.read(current, &mut text)?;
                    while parts.send_when_full(&mut text)? {}
                    match self.open_next()? {
                        Some(next) if next.extract.columns() == of_file => current = next,
                        next => {
                            parts.send_rest(&mut text)?;
                            return Ok(Some(next));
                        }
                    }
                }
            })?;
            if let Some((next, staged)) = copied {
                opened = next;
                self.staged += staged;
            }
        }
        self.rejects.flush()?;
        let counted = self
            .closed
            .iter()
            .filter_map(|file| file.rows_staged)
            .sum::<u64>();
        anyhow::ensure!(
            counted == self.staged,
            "rows of source \"{}\" do not add up: {counted} were sent, and {} were copied",
            self.batch.source.name,
            self.staged
        );
        Ok(())
    }

    /// The next file that can be opened.
    fn open_next(&mut self) -> Result<Option<Opened>> {
        while !self.is_over && self.next < self.batch.files.len() {
            signals::check()?;
            let index = self.next;
            self.next += 1;
            self.rejects.begin(self.load_ids[index])?;
            let digest = Rc::default();
            match self.try_open(index, &digest) {
                Ok(extract) => {
                    return Ok(Some(Opened {
                        index,
                        extract,
                        digest,
                        begun: Instant::now(),
                    }));
                }
                Err(error) => self.fail(index, error),
            }
        }
        Ok(None)
    }

    fn try_open(&self, index: usize, digest: &Rc<RefCell<Digest>>) -> Result<Box<dyn Extract>> {
        let source = self.batch.source;
        let input = DigestingReader {
            reader: self.batch.files[index].open()?,
            digest: Rc::clone(digest),
        };
        extract::open(&source.layout, Box::new(input), &source.columns, 0)
    }

    /// Adds the rows of a file to the text, or none if it fails.
    fn read(&mut self, mut file: Opened, text: &mut CopyText) -> Result<()> {
        let before = text.length();
        text.label(self.load_ids[file.index]);
        match self.read_rows(&mut file, text, before)? {
            Ok(Some(rows)) => self.close(&file, rows),
            Ok(None) => {
                text.shorten(before);
                self.rejects.forget();
                self.is_over = true;
            }
            Err(error) => {
                text.shorten(before);
                self.fail(file.index, error);
            }
        }
        Ok(())
    }

    /// Returns the number of records, or why the file failed; None if it has too much text.
    fn read_rows(
        &mut self,
        file: &mut Opened,
        text: &mut CopyText,
        before: usize,
    ) -> Result<Result<Option<u64>>> {
        let limit = self.batch.request.max_rejects;
        let mut rows = 0;
        loop {
            signals::check()?;
            match file.extract.forward(text) {
                Ok(more) => rows += more,
                Err(error) => return Ok(Err(error)),
            }
            match file.extract.next(text) {
                Err(error) => return Ok(Err(error)),
                Ok(None) => break,
                Ok(Some(Record::Staged)) => rows += 1,
                Ok(Some(Record::Rejected(reject))) => {
                    rows += 1;
                    self.rejects.add(reject)?;
                    if limit.is_hopeless(self.rejects.count, rows) {
                        break;
                    }
                }
            }
            if text.length() - before > MAX_TEXT_BYTES {
                return Ok(Ok(None));
            }
        }
        if limit.is_hopeless(self.rejects.count, rows)
            || limit.is_exceeded(self.rejects.count, rows)
        {
            let location = self.batch.files[file.index].path.to_string_lossy();
            let what = ("file", location.as_ref());
            let load_id = self.load_ids[file.index];
            return Ok(Err(stage::too_many_rejects(
                self.batch.source,
                what,
                (load_id, limit),
                (&self.rejects, rows),
            )));
        }
        Ok(Ok(Some(rows)))
    }

    fn close(&mut self, file: &Opened, rows: u64) {
        let digest = file.digest.borrow();
        let facts = file.extract.facts();
        combine(&mut self.column_facts, &file.extract.column_facts());
        let load_id = self.load_ids[file.index];
        let rejected = self.rejects.count;
        let location = self.batch.files[file.index].path.to_string_lossy();
        let files_unlike = FileColumns::find(&location, &facts);
        self.closed.push(Closed {
            load_id,
            error: None,
            rows_staged: Some(rows - rejected),
            read: Some(ReadFile::new(rows, &digest, &facts)),
        });
        self.reports.push(SourceReport {
            source: self.batch.source.name.clone(),
            outcome: SourceOutcome::Published,
            load_id,
            location: location.into_owned(),
            bytes: digest.bytes(),
            rows: rows - rejected,
            rows_before: None,
            rejected,
            seconds: file.begun.elapsed().as_secs_f64(),
            rows_per_second: Some(terminal::rate(rows, file.begun.elapsed())),
            rejects: self.rejects.shown.clone(),
            lines_skipped: facts.lines_skipped,
            since: None,
            changed_while_read: None,
            new_columns: facts.columns.new,
            missing_columns: facts.columns.missing,
            files_unlike: files_unlike.into_iter().collect(),
        });
        self.bytes += digest.bytes();
        self.rows += rows;
        self.meter.update(self.bytes, self.rows);
    }

    fn fail(&mut self, index: usize, error: anyhow::Error) {
        let file = self.batch.files[index];
        let failed = failed(self.batch.source, file, Some(self.load_ids[index]), &error);
        self.closed.push(Closed {
            load_id: self.load_ids[index],
            error: Some(failed.error.clone()),
            rows_staged: None,
            read: None,
        });
        self.failed.push(failed);
        self.is_over = !self.batch.request.keep_going;
    }
}
