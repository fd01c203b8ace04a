//! Several files that form one load: the row numbers continue from file to file, and elt.load_file maps them back.

use super::Files;
use super::read_file::{self, FileOfLoad, ReadFile};
use crate::copy::{self, CopyText, Target};
use crate::extract::digest::{Digest, DigestingReader};
use crate::extract::{self, ColumnFacts, Extract, FileFacts, Layout};
use crate::load::columns::FileColumns;
use crate::load::copy_loop::{CopyLoop, Filled};
use crate::load::record;
use crate::load::stage::Staging;
use crate::signals;
use crate::terminal::Meter;
use anyhow::{Context, Result};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Reads the files one after the other.
struct Reading<'a> {
    files: &'a Files,
    layout: &'a Layout,
    columns: &'a [String],
    load_id: i64,
    /// The files that were read, and the one that is being read.
    read: Vec<FileOfLoad>,
    facts: Vec<FileFacts>,
    column_facts: Option<BTreeMap<String, ColumnFacts>>,
    digest: Rc<RefCell<Digest>>,
    /// Bytes of the files that were read.
    bytes: u64,
    /// Records of the files that were read.
    rows: u64,
}

impl Reading<'_> {
    /// Opens the next file. None if there is none.
    fn open(&mut self, after_row: u64) -> Result<Option<Box<dyn Extract>>> {
        let number = self.read.len();
        let Some(file) = self.files.found.get(number) else {
            return Ok(None);
        };
        let entry = FileOfLoad::new(self.load_id, number + 1, file, after_row);
        self.read.push(entry);
        self.digest = Rc::default();
        let input = DigestingReader {
            reader: file.open()?,
            digest: Rc::clone(&self.digest),
        };
        extract::open(self.layout, Box::new(input), self.columns, after_row).map(Some)
    }

    /// Notes what was found in the file that has ended. `rows`: the records of all files so far. Returns the number
    /// after which `_row` continues.
    fn close(&mut self, extract: &dyn Extract, rows: u64) -> u64 {
        let facts = extract.facts();
        let digest = self.digest.borrow();
        self.bytes += digest.bytes();
        if let Some(file) = self.read.last_mut() {
            file.read = ReadFile::new(rows - self.rows, &digest, &facts);
        }
        self.rows = rows;
        self.facts.push(facts);
        combine(&mut self.column_facts, &extract.column_facts());
        extract.last_row()
    }

    /// Notes the file in which reading ended early, so that its rejects can be found.
    fn close_broken(&mut self, rows: u64) {
        let digest = self.digest.borrow();
        if let Some(file) = self.read.get_mut(self.facts.len()) {
            file.read = ReadFile::new(rows - self.rows, &digest, &FileFacts::default());
        }
    }

    fn place(&self) -> String {
        let file = self.read.last();
        file.map_or(String::new(), |file| {
            format!("could not read file \"{}\"", file.location)
        })
    }
}

/// Combines the facts of columns with those of another file. A column that one of them lacks is dropped, because its
/// values are missing there.
pub(super) fn combine(
    all: &mut Option<BTreeMap<String, ColumnFacts>>,
    file: &[(&str, &ColumnFacts)],
) {
    let nothing = ColumnFacts::default();
    let combined = file.iter().filter_map(|(name, facts)| {
        let before = match all {
            None => Some(&nothing),
            Some(all) => all.get(*name),
        };
        Some(((*name).to_string(), before?.and(facts)))
    });
    *all = Some(combined.collect());
}

impl Staging<'_> {
    /// Copies the rows of all files.
    ///
    /// # Errors
    /// If one of them cannot be read: then none is loaded.
    pub(in crate::load) fn fill_from_files(&mut self, files: &Files) -> Result<()> {
        let mut meter = Meter::begin(format!("loading {}", self.source.name), Some(files.size()));
        let mut reading = Reading {
            files,
            layout: &self.source.layout,
            columns: &self.source.columns,
            load_id: self.load_id,
            read: Vec::new(),
            facts: Vec::new(),
            column_facts: None,
            digest: Rc::default(),
            bytes: 0,
            rows: 0,
        };
        let copied = self.copy_files(&mut reading, &mut meter);
        signals::check()?;
        self.rejects.flush()?;
        reading.close_broken(self.read);
        read_file::record(self.client, &reading.read)?;
        let is_whole = copied
            .with_context(|| reading.place())
            .with_context(|| self.failure_message())?;
        let unlike = reading.read.iter().zip(&reading.facts);
        let unlike = unlike.filter_map(|(file, facts)| FileColumns::find(&file.location, facts));
        self.files_unlike.extend(unlike);
        let facts = read_file::facts_of_all(&reading.facts);
        self.skipped = facts.lines_skipped;
        self.warn_of_utf8(&facts);
        record::describe_file(self.client, self.load_id, &facts)?;
        if !is_whole || self.is_over_limit() {
            return Err(self.too_many_rejects());
        }
        let column_facts = reading.column_facts.unwrap_or_default();
        let column_facts: Vec<(&str, &ColumnFacts)> = column_facts
            .iter()
            .map(|(name, facts)| (name.as_str(), facts))
            .collect();
        record::describe_columns(self.client, self.load_id, &column_facts)?;
        *self.digest.borrow_mut() = read_file::digest_of_all(&reading.read);
        Ok(())
    }

    /// Whether all files were read. If not, there were too many rejects.
    fn copy_files(&mut self, reading: &mut Reading<'_>, meter: &mut Meter) -> Result<bool> {
        let mut opened = reading.open(0)?;
        // Files with other columns, or in another order, need another COPY.
        while let Some(first) = opened.take() {
            let clients = std::iter::once(&mut *self.client).chain(&mut self.others);
            let columns = first.columns().to_vec();
            let target = Target {
                load_id: self.load_id,
                columns: &columns,
            };
            let text = first.copy_text();
            let limit = self.base.limit(self.request.max_rejects);
            let (rejects, read) = (&mut self.rejects, &mut self.read);
            let copied = copy::copy(
                clients.collect(),
                &target,
                text,
                |parts, mut text: CopyText| {
                    let mut current = first;
                    loop {
                        if let Some(file) = reading.read.last() {
                            rejects.go_on_with(&file.file_name);
                        }
                        loop {
                            let mut copy_loop = CopyLoop {
                                extract: current.as_mut(),
                                rejects,
                                limit,
                                read,
                            };
                            match copy_loop.fill(&mut text)? {
                                Filled::TooManyRejects => return Ok(None),
                                Filled::ToTheEnd => break,
                                Filled::Full => {
                                    while parts.send_when_full(&mut text)? {}
                                    let bytes = reading.bytes + reading.digest.borrow().bytes();
                                    meter.update(bytes, *read);
                                }
                            }
                        }
                        let last_row = reading.close(current.as_ref(), *read);
                        match reading.open(last_row)? {
                            Some(next) if next.columns() == columns => current = next,
                            next => {
                                parts.send_rest(&mut text)?;
                                return Ok(Some(next));
                            }
                        }
                    }
                },
            )?;
            match copied {
                None => return Ok(false),
                Some((next, staged)) => {
                    opened = next;
                    self.staged += staged;
                }
            }
        }
        Ok(true)
    }
}
