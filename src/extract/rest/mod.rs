//! Records of a REST API, page after page, in the API's own order, however many pages are fetched at
//! once. Whatever leaves a doubt that these are all records, each once, is an error.

mod access;
mod address;
mod client;
mod fetch;
mod hint;
mod pace;
mod page;
mod settings;
mod token;
mod trouble;
mod walk;

pub(crate) use access::{Access, address_variable, has_address};
pub(crate) use settings::{ROW, Settings};

use super::digest::Digest;
use super::{Extract, Record, Reject};
use crate::copy::CopyText;
use crate::terminal;
use anyhow::Result;
use client::Client;
use fetch::Fetcher;
use page::Page;
use std::cell::RefCell;
use std::rc::Rc;
use walk::Walk;

/// How much may be fetched ahead, unpacked, at the size of the page before.
const AHEAD_BYTES: u64 = 256 * 1024 * 1024;

pub(crate) struct RestExtract {
    source: String,
    fetcher: Fetcher,
    walk: Walk,
    /// Pages that may be fetched before their turn.
    ahead: usize,
    page: Page,
    /// Records of the page that were handed over.
    done: usize,
    /// Records so far.
    row: u64,
    columns: Vec<String>,
    digest: Rc<RefCell<Digest>>,
}

impl RestExtract {
    /// Asks for the first page. `jobs`: how many requests may be under way at once. The digest takes
    /// every record, each with a line end: it does not depend on the size of pages.
    pub(crate) fn open(access: Access, jobs: usize, digest: Rc<RefCell<Digest>>) -> Result<Self> {
        let client = Client::new(access)?;
        let walk = Walk::new(&client.settings, &client.base);
        let source = client.settings.source.clone();
        let mut fetcher = Fetcher::new(client, jobs);
        fetcher.prefetch(1, vec![walk.first().clone()]);
        Ok(RestExtract {
            source,
            fetcher,
            walk,
            // Enough that no thread waits while a page is copied.
            ahead: if jobs > 1 { 2 * jobs } else { 1 },
            page: Page::default(),
            done: 0,
            row: 0,
            columns: vec!["payload".into(), "_row".into(), "_page".into()],
            digest,
        })
    }

    /// False at the end.
    fn turn_page(&mut self) -> Result<bool> {
        if self.fetcher.is_idle() {
            return Ok(false);
        }
        let (url, page) = self.fetcher.take()?;
        let next = self.walk.accept(&url, &page)?;
        // A page may be large, and each that waits is in memory.
        let fitting = AHEAD_BYTES / page.bytes().max(1);
        let limit = self.ahead.min(usize::try_from(fitting)?).max(1);
        let ahead = next.map(|next| self.walk.ahead(&next, limit));
        self.fetcher
            .prefetch(self.walk.pages() + 1, ahead.unwrap_or_default());
        self.digest.borrow_mut().count(page.bytes());
        let of = self.walk.pages_in_all();
        terminal::progress(&format!(
            "loading {}: page {}{}, {} records",
            self.source,
            self.walk.pages(),
            of.map_or(String::new(), |pages| format!(" of {pages}")),
            self.walk.records
        ));
        self.page = page;
        self.done = 0;
        Ok(true)
    }
}

impl Extract for RestExtract {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
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
            let (line, offset) = page.place(index);
            return Ok(Some(Record::Rejected(Reject {
                page: Some(self.walk.pages()),
                row: self.row,
                line,
                offset,
                reason: reason.to_string(),
                raw: record.to_vec(),
            })));
        }
        copy.begin(self.row);
        copy.field(record);
        copy.number(self.row);
        copy.number(self.walk.pages());
        copy.end();
        Ok(Some(Record::Staged))
    }
}
