//! Stages one input into one partition of its staging table. The load is recorded before the first byte and
//! counted after the last.

use super::columns::FileColumns;
use super::copy_loop::{CopyLoop, Filled};
use super::input::Input;
use super::live_loads::{live_rows, same_live};
use super::record::{self, NewLoad};
use super::rejects::{MaxRejects, RejectLog};
use super::remote::FileVersion;
use super::replay::{self, Base};
use super::since::{self, Since};
use super::source::Source;
use super::{Request, SourceOutcome, SourceReport};
use crate::copy::{self, Division, Target};
use crate::database::Database;
use crate::extract::digest::Digest;
use crate::extract::rest::Walk;
use crate::extract::{Extract, FileFacts, SkippedLines};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::signals;
use crate::terminal::{self, Meter};
use anyhow::{Context, Result};
use postgres::Client;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

/// A load that is being staged: begun, then filled, then finished.
pub(super) struct Staging<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) source: &'a Source,
    pub(super) client: &'a mut Client,
    /// Other connections that copy.
    pub(super) others: Vec<Client>,
    pub(super) base: Base,
    /// For an incremental load of an API.
    since: Option<Since>,
    pub(super) load_id: i64,
    location: String,
    /// The kind of input, for messages: file or API.
    kind: &'static str,
    /// Whether its bytes were not yet compared with those of live loads.
    is_unseen: bool,
    begun: Instant,
    pub(super) digest: Rc<RefCell<Digest>>,
    pub(super) rejects: RejectLog<'a>,
    pub(super) skipped: Option<SkippedLines>,
    /// What changed while the pages of an API were read, if that was accepted.
    change: Option<String>,
    /// The files with unexpected or missing columns.
    pub(super) files_unlike: Vec<FileColumns>,
    /// Of a file at an address.
    version: Option<FileVersion>,
    pub(super) read: u64,
    pub(super) staged: u64,
}

impl<'a> Staging<'a> {
    /// Creates the record of the load and its empty partition.
    pub(super) fn begin(
        database: &'a Database,
        client: &'a mut Client,
        request: &'a Request<'a>,
        source: &'a Source,
        input: &Input,
    ) -> Result<Staging<'a>> {
        let base = match request.replay {
            Some(_) => Base::Replayed(replay::find(client, source)?),
            None => Base::Nothing,
        };
        let is_replay = base.replayed().is_some();
        let since = match is_replay {
            true => None,
            false => since::find(client, source, request.full)?,
        };
        // Corrected rows are few and go into the same partition.
        let others = copy::connect(
            database,
            !is_replay && input.is_large(),
            request.connections,
        )?;
        let connection_count = 1 + others.len();
        let division = Division {
            parts: connection_count,
        };
        let location = input.location();
        let new = NewLoad {
            source,
            location: &location,
            base: &base,
            connection_count,
            part_mask: (!is_replay && input.is_large()).then_some(division.mask()),
            allow_shrink: request.allow_shrink,
            since: since.as_ref(),
            file: input.found(),
        };
        let load_id = record::begin(client, &new)?;
        Ok(Staging {
            request,
            source,
            client,
            others,
            base,
            since,
            load_id,
            location,
            kind: input.kind(),
            is_unseen: input.is_unseen() && !is_replay,
            begun: Instant::now(),
            digest: Rc::default(),
            rejects: RejectLog::new(database, load_id),
            skipped: None,
            change: None,
            files_unlike: Vec::new(),
            version: None,
            read: 0,
            staged: 0,
        })
    }

    /// Copies the rows of the input. Returns a report if the same bytes are already live. `accepts_changes`: whether to
    /// read on if the data of an API changes meanwhile.
    pub(super) fn fill(
        &mut self,
        input: &Input,
        accepts_changes: bool,
    ) -> Result<Option<SourceReport>> {
        if let Input::Files(files) = input {
            self.fill_from_files(files)?;
            return Ok(None);
        }
        let meter = Meter::begin(format!("loading {}", self.source.name), input.size());
        let digest = Rc::clone(&self.digest);
        let last_row = self.base.last_row()?;
        let layout = self.base.layout(&self.source.layout)?;
        let columns = &self.source.columns;
        let walk = Walk {
            requests: self.request.requests,
            since: self.since_text(),
            accepts_changes,
        };
        let extract = input.open(&layout, columns, &walk, digest, last_row);
        let mut extract = extract.with_context(|| self.failure_message())?;
        self.base.copy(self.client, self.load_id)?;
        let copied = self.copy_records(extract.as_mut(), meter);
        signals::check()?;
        // Rejects are also kept if the load fails, because they may be the reason.
        let flushed = self.rejects.flush().and_then(|()| {
            let facts = extract.facts();
            self.skipped = facts.lines_skipped;
            self.change.clone_from(&facts.changed_while_read);
            self.warn_of_utf8(&facts);
            self.files_unlike
                .extend(FileColumns::find(&self.location, &facts));
            record::describe_file(self.client, self.load_id, &facts)
        });
        let is_whole = copied.with_context(|| self.failure_message())?;
        flushed?;
        if !is_whole {
            return Err(self.too_many_rejects());
        }
        self.base.require_same_rejects(self.read, &self.location)?;
        if self.is_over_limit() {
            return Err(self.too_many_rejects());
        }
        self.version = input.version();
        if self.is_unseen && !self.request.force {
            let digest = self.digest.borrow();
            let live = same_live(
                self.client,
                self.source,
                &self.location,
                &digest,
                self.begun,
            )?;
            if let Some(live) = live {
                // The next load can ask the server.
                record::note_version(self.client, live.load_id, self.version.as_ref())?;
                if let Some(arrived) = input.arrived_at() {
                    record::confirm(self.client, live.load_id, arrived)?;
                }
                return Ok(Some(live));
            }
        }
        record::describe_columns(self.client, self.load_id, &extract.column_facts())?;
        Ok(None)
    }

    /// Records that the load is staged.
    pub(super) fn finish(self) -> Result<SourceReport> {
        let table = format!("staging.{}_load_{}", self.source.name, self.load_id);
        analyze(self.client, &table)?;
        let digest = self.digest.borrow();
        let counts = self.base.counts(self.read, self.staged, &digest)?;
        record::note_version(self.client, self.load_id, self.version.as_ref())?;
        let odd_values = record::finish(self.client, self.source, self.load_id, &counts)
            .with_context(|| self.failure_message())?;
        since::warn_of_odd_values(self.source, self.since.as_ref(), &odd_values);
        if let Some(change) = &self.change {
            terminal::warn(format!(
                "source \"{}\": {change}: the data changed while it was read, and rows may be missing; this was \
                 accepted (on_change in elt.rest_source)",
                self.source.name
            ));
        }
        let columns = FileColumns::all(&self.files_unlike);
        Ok(SourceReport {
            source: self.source.name.clone(),
            outcome: SourceOutcome::Published,
            load_id: self.load_id,
            bytes: digest.bytes(),
            rows: u64::try_from(counts.staged)?,
            rows_before: live_rows(self.client, self.source)?,
            rejected: self.rejects.count,
            seconds: self.begun.elapsed().as_secs_f64(),
            rows_per_second: Some(terminal::rate(self.staged, self.begun.elapsed())),
            rejects: self.rejects.shown.clone(),
            lines_skipped: self.skipped,
            since: self.since.clone(),
            changed_while_read: self.change.clone(),
            new_columns: columns.new,
            missing_columns: columns.missing,
            files_unlike: self.files_unlike.clone(),
            location: self.location.clone(),
        })
    }

    /// Whether all records were read. If not, there were too many rejects, and no row is kept.
    fn copy_records(&mut self, extract: &mut dyn Extract, mut meter: Meter) -> Result<bool> {
        let clients = std::iter::once(&mut *self.client).chain(&mut self.others);
        let columns = extract.columns().to_vec();
        let target = Target {
            load_id: self.load_id,
            columns: &columns,
        };
        let text = extract.copy_text();
        let mut copy_loop = CopyLoop {
            extract,
            rejects: &mut self.rejects,
            limit: self.base.limit(self.request.max_rejects),
            read: &mut self.read,
        };
        let copied = copy::copy(clients.collect(), &target, text, |parts, mut text| {
            loop {
                match copy_loop.fill(&mut text)? {
                    Filled::TooManyRejects => return Ok(None),
                    Filled::ToTheEnd => {
                        parts.send_rest(&mut text)?;
                        return Ok(Some(()));
                    }
                    Filled::Full => {
                        while parts.send_when_full(&mut text)? {}
                        meter.update(self.digest.borrow().bytes(), *copy_loop.read);
                    }
                }
            }
        })?;
        if let Some(((), staged)) = copied {
            self.staged = staged;
        }
        Ok(copied.is_some())
    }

    /// The text of `since_parameter`.
    fn since_text(&self) -> Option<String> {
        let value = self.since.as_ref()?.value.as_deref()?;
        Some(self.source.rest.as_ref()?.since_text(value))
    }

    pub(super) fn warn_of_utf8(&self, facts: &FileFacts) {
        if facts.is_also_utf8 == Some(true) {
            terminal::warn(format!(
                "source \"{}\": the file is valid UTF-8, but elt.source.encoding is {}",
                self.source.name, self.source.layout.encoding
            ));
        }
    }

    pub(super) fn failure_message(&self) -> String {
        format!(
            "could not load {} \"{}\" into source \"{}\"",
            self.kind, self.location, self.source.name
        )
    }

    pub(super) fn is_over_limit(&self) -> bool {
        let asked = self.request.max_rejects;
        self.base.is_exceeded(asked, self.rejects.count, self.read)
    }

    pub(super) fn too_many_rejects(&self) -> anyhow::Error {
        too_many_rejects(
            self.source,
            (self.kind, &self.location),
            (self.load_id, self.request.max_rejects),
            (&self.rejects, self.read),
        )
    }
}

/// `what`: the kind of input and its location; `read`: the rejects, and the number of records read.
pub(super) fn too_many_rejects(
    source: &Source,
    (kind, location): (&str, &str),
    (load_id, limit): (i64, MaxRejects),
    (rejects, read): (&RejectLog<'_>, u64),
) -> anyhow::Error {
    let message = limit.exceeded_message(rejects.count, read);
    let message = format!("source \"{}\": {message}", source.name);
    Failure::new(Exit::TooManyRejects, message)
        .detail(format!(
            "Nothing was changed. The first of {kind} \"{location}\": {}.",
            rejects.shown.join("; ")
        ))
        .hint(
            "To see all rejects, run "
                + elt!("rejects", load_id)
                + format!("; correct the {kind}, or allow more with --max-rejects."),
        )
        .into()
}

/// Collects statistics for the queries of the publish.
pub(super) fn analyze(client: &mut Client, table: &str) -> Result<()> {
    let sql = "select elt.analyze_staging(oid) from pg_class where oid = $1::text::regclass and relkind = 'r'";
    client.execute(sql, &[&table])?;
    Ok(())
}
