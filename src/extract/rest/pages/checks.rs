//! Checks that the pages of an API fit together.

use super::Pages;
use crate::extract::rest::changed::DataChanged;
use crate::extract::rest::page::Page;
use crate::extract::rest::request::PageRequest;
use crate::extract::rest::settings::OnChange;
use crate::failure::{Exit, Failure};

/// The number of consecutive empty pages to accept. An API that filters its records may return some.
const MOST_EMPTY_PAGES: u64 = 10;

/// The hint if a change could not be accepted although the settings say so.
const ONLY_MERGE: &str = "Load again when the data does not change. elt.rest_source.on_change = 'accept' is only for \
                          sources of mode merge.";

impl Pages {
    /// Checks that every page reports the same count, and that it is not exceeded.
    pub(super) fn check_count(&mut self, here: &str, page: &Page) -> Result<(), Failure> {
        if self.pages == 1 {
            self.count = page.report.count;
        } else if page.report.count != self.count {
            let change = format!(
                "{here} counts {} records, and page 1 counted {}",
                page.report.count.unwrap_or_default(),
                self.count.unwrap_or_default()
            );
            self.accept_change(change, |failure| {
                failure
                    .detail(
                        "The data changed during the load: records may be missing or duplicated.",
                    )
                    .hint("Load again when the data does not change.")
            })?;
            // Later pages end at the new count.
            self.count = page.report.count;
        }
        // The number of pages may change with it.
        self.page_count = page.report.pages;
        self.records += page.counted;
        if self.count.is_some_and(|count| self.records > count) {
            return self.accept_wrong_count(here);
        }
        Ok(())
    }

    /// Checks that no earlier page had the same records.
    pub(super) fn check_repeated_records(
        &mut self,
        here: &str,
        page: &Page,
    ) -> Result<(), Failure> {
        // Two pages of one record may be equal because the record repeats. The count ensures that such pages end.
        let is_uncounted = self.count.is_none_or(|count| self.records > count);
        let must_differ = page.counted > 1 || (page.counted == 1 && is_uncounted);
        if must_differ && let Some(earlier) = self.fingerprints.insert(page.fingerprint, self.pages)
        {
            return Err(Failure::new(
                Exit::Failed,
                format!("{here} has the same records as page {earlier}"),
            )
            .detail("The server seems to return the same page for several addresses.")
            .hint(
                "Check pagination and page_parameter in elt.rest_source. If the records really repeat, \
                 use larger pages: page_size.",
            ));
        }
        Ok(())
    }

    /// Checks that the pages end, and that no record is missing at the end.
    pub(super) fn check_next(
        &mut self,
        here: &str,
        next: Option<&PageRequest>,
    ) -> Result<(), Failure> {
        let Some(next) = next else {
            return self.check_end(here);
        };
        if self.empty_pages > MOST_EMPTY_PAGES {
            return Err(Failure::new(
                Exit::Failed,
                format!("{here} and the pages before it are empty, but name a next page"),
            )
            .detail("The pages seem to be endless."));
        }
        if let Some(earlier) = self.requests.insert(next.identity(), self.pages + 1) {
            return Err(Failure::new(
                Exit::Failed,
                format!("{here} names page {earlier} as the next one"),
            )
            .detail("The pages form a loop.")
            .hint("Check pagination, next_at and cursor_at in elt.rest_source."));
        }
        Ok(())
    }

    /// Checks that an element had the key of the nested records.
    fn check_nested(&self) -> Result<(), Failure> {
        if self.has_nested {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Failed,
            "no element has the records that elt.rest_source.records_at names",
        )
        .hint("Check the keys after [] in records_at."))
    }

    /// Checks that nothing is missing at the end.
    pub(super) fn check_end(&mut self, here: &str) -> Result<(), Failure> {
        if self.count.is_some_and(|count| self.records < count) {
            self.accept_wrong_count(here)?;
        } else if let Some(pages) = self.page_count.filter(|pages| self.pages < *pages) {
            let change = format!("the pages end at {here}, but the server counts {pages} pages");
            self.accept_change(change, |failure| {
                failure.detail("Records are missing.").hint(
                    "Load again. If that does not help, check pages_at and first_page in elt.rest_source.",
                )
            })?;
        }
        self.check_nested()
    }

    fn accept_wrong_count(&mut self, here: &str) -> Result<(), Failure> {
        let change = format!(
            "{} records up to {here}, but the server counts {}",
            self.records,
            self.count.unwrap_or_default()
        );
        self.accept_change(change, |failure| {
            failure.detail("Records are missing or duplicated.").hint(
                "Load again. If that does not help, the server's pages are wrong, or pagination, first_page and \
                 page_parameter in elt.rest_source do not match the API.",
            )
        })
    }

    /// Keeps the first change if changes are accepted. If not, it is a failure, which `explain` completes.
    fn accept_change(
        &mut self,
        change: String,
        explain: impl FnOnce(Failure) -> Failure,
    ) -> Result<(), Failure> {
        if self.accepts_changes {
            self.change.get_or_insert(change);
            return Ok(());
        }
        let mut failure = explain(Failure::new(Exit::Failed, change.clone()));
        if self.on_change == OnChange::Accept {
            failure = failure.hint(ONLY_MERGE);
        }
        Err(failure.because(DataChanged(change)))
    }
}
