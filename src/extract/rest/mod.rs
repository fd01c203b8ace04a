//! Reads the records of a REST API page by page, in the order of the API, however many pages are fetched at once. Any
//! doubt that each record was read exactly once is an error.

mod access;
mod address;
mod changed;
mod client;
mod column_ranges;
mod columns;
mod credentials;
mod fetch;
mod file;
mod hint;
mod members;
mod pace;
mod page;
mod page_error;
mod page_report;
mod pages;
mod probe;
mod rate_limit;
mod request;
mod request_error;
mod retry;
mod secrets;
mod server_text;
mod settings;
mod shape;
mod sign_in;
mod token;
mod tokens;

pub(crate) use access::{Access, address_variable, has_address};
pub(crate) use address::{is_address, is_file_address};
pub(crate) use changed::what_changed;
pub(crate) use columns::{ColumnValue, column_names, is_default, parse_column};
pub(crate) use file::{Connected, Download, RemoteFile, Version};
pub(crate) use probe::{FirstResponse, Probe};
pub(crate) use settings::{OnChange, ROW, Settings};

/// For files in buckets, which are requested with the same patience, and whose failures read the same.
pub(in crate::extract) use self::{
    address::{is_loopback, without_query},
    client::{causes, has_proxy, innermost, parse_roots},
    credentials::{Secret, secret, variable, variable_name, variables},
    file::{Beginning, Event},
    pace::Pace,
    rate_limit::wait_after_failure,
    request_error::{ApiFailure, RequestError},
    retry::{RetryDecision, jitter},
    secrets::contains_secret,
};

use super::digest::Digest;
use super::key_check::KeyCheck;
use super::{Contract, Extract, FileFacts, Record, Reject};
use crate::copy::CopyText;
use crate::terminal;
use anyhow::Result;
use client::Client;
use fetch::Fetcher;
use page::Page;
use pages::Pages;
use shape::Shape;
use std::cell::RefCell;
use std::rc::Rc;

/// The maximum size of the pages fetched ahead, unpacked, if each is as large as the latest page.
const AHEAD_BYTES: u64 = 256 * 1024 * 1024;

/// How the pages of an API are requested.
pub(crate) struct Walk {
    /// The maximum number of parallel requests.
    pub(crate) requests: usize,
    /// The value of `since_parameter`. None to request all records.
    pub(crate) since: Option<String>,
    /// Whether to read on if the data changes while it is read. If not, a change is an error.
    pub(crate) accepts_changes: bool,
}

pub(crate) struct RestExtract {
    source: String,
    fetcher: Fetcher,
    pages: Pages,
    /// The number of pages to fetch ahead.
    ahead: usize,
    page: Page,
    /// The number of records of the page that were read.
    done: usize,
    /// The number of records that were read.
    row: u64,
    columns: Vec<String>,
    keys: KeyCheck,
    digest: Rc<RefCell<Digest>>,
}

/// The column for the key of each record, or for the id of the element around it. None if the records have none.
pub(crate) fn label_column(settings: &Settings) -> Option<&'static str> {
    Shape::new(settings).label_column()
}

impl RestExtract {
    /// Requests the first page. The digest is over all records, each with a line end, so that it does not depend on
    /// the size of pages. `contract`: what the source says about keys.
    pub(crate) fn open(
        access: Access,
        walk: &Walk,
        contract: &Contract,
        digest: Rc<RefCell<Digest>>,
    ) -> Result<Self> {
        let begun = RestExtract::begin(Client::for_pages(access)?, walk, digest);
        Ok(RestExtract {
            keys: KeyCheck::new(contract),
            ..begun
        })
    }

    fn begin(client: Client, walk: &Walk, digest: Rc<RefCell<Digest>>) -> Self {
        let mut pages = client.pages(walk.since.as_deref());
        pages.accepts_changes = walk.accepts_changes;
        let requests = walk.requests;
        let source = client.settings.source.clone();
        let mut columns = vec!["payload".into(), "_row".into(), "_page".into()];
        columns.extend(label_column(&client.settings).map(String::from));
        let mut fetcher = Fetcher::new(client, requests);
        fetcher.prefetch(1, vec![pages.first().clone()]);
        RestExtract {
            source,
            fetcher,
            pages,
            // No thread should be idle while a page is copied.
            ahead: if requests > 1 { 2 * requests } else { 1 },
            page: Page::default(),
            done: 0,
            row: 0,
            columns,
            keys: KeyCheck::default(),
            digest,
        }
    }

    /// Takes the next page. False at the end.
    fn turn_page(&mut self) -> Result<bool> {
        if self.fetcher.is_idle() {
            return Ok(false);
        }
        let (request, page) = self.fetcher.take()?;
        let Some(page) = page else {
            self.pages.accept_missing(&request)?;
            self.fetcher.prefetch(self.pages.latest() + 1, Vec::new());
            return Ok(false);
        };
        let next = self.pages.accept(&request, &page)?;
        // Pages fetched ahead are kept in memory, and pages may be large.
        let fitting = AHEAD_BYTES / page.bytes().max(1);
        let limit = self.ahead.min(usize::try_from(fitting)?).max(1);
        let ahead = next.map(|next| self.pages.requests_ahead(&next, limit));
        self.fetcher
            .prefetch(self.pages.latest() + 1, ahead.unwrap_or_default());
        self.digest.borrow_mut().count(page.bytes());
        let total = self.pages.total();
        terminal::progress(&format!(
            "loading {}: page {}{}, {} records",
            self.source,
            self.pages.latest(),
            total.map_or(String::new(), |total| format!(" of {total}")),
            self.pages.records
        ));
        self.page = page;
        self.done = 0;
        Ok(true)
    }

    /// None at the end.
    fn next_record(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        while self.done == self.page.len() {
            if !self.turn_page()? {
                return Ok(None);
            }
        }
        let (page, index) = (&self.page, self.done);
        self.done += 1;
        self.row += 1;
        let record = page.record(index);
        let mut digest = self.digest.borrow_mut();
        digest.hash(record);
        digest.hash(b"\n");
        if let Some(reason) = page.refusal(index) {
            let (line, offset) = page.position(index);
            return Ok(Some(Record::Rejected(Reject {
                page: Some(self.pages.latest()),
                row: self.row,
                line,
                offset,
                reason: reason.to_string(),
                raw: record.to_vec(),
            })));
        }
        copy.begin(self.row);
        copy.field(record);
        self.keys.note(record, self.row);
        copy.number(self.row);
        copy.number(self.pages.latest());
        if self.columns.len() > 3 {
            match page.label(index) {
                Some(label) => copy.field(label.as_bytes()),
                None => copy.null(),
            }
        }
        copy.end();
        Ok(Some(Record::Staged))
    }
}

impl Extract for RestExtract {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn facts(&self) -> FileFacts {
        FileFacts {
            changed_while_read: self.pages.change.clone(),
            columns: self.keys.difference(),
            ..FileFacts::default()
        }
    }

    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        let next = self.next_record(copy)?;
        self.keys.pass(next)
    }
}
