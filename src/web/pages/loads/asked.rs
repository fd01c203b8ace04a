//! The filters of the list of loads, as in its address: `?source=orders&state=failed&since=2026-11-30&page=2`. A filter
//! with an invalid value stays in its field.

use crate::history::{LoadFilter, STATES, TIME_BOUNDS, TIME_FORMS};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::http::address::encoded;

/// Longest text of a filter, in bytes.
const LONGEST: usize = 300;
const LAST_PAGE: u64 = 100_000;

/// A field of the form.
#[derive(Default)]
pub(super) struct Field {
    pub(super) value: String,
    /// Error of the value, or an empty text.
    pub(super) message: String,
}

impl Field {
    /// The value, unless it is empty or invalid.
    fn valid(&self) -> Option<String> {
        let is_valid = !self.value.is_empty() && self.message.is_empty();
        is_valid.then(|| self.value.clone())
    }
}

#[derive(Default)]
pub(super) struct Asked {
    pub(super) source: Field,
    pub(super) state: Field,
    pub(super) file: Field,
    pub(super) since: Field,
    pub(super) until: Field,
    /// Page number, from 1.
    pub(super) page: u64,
}

impl Asked {
    pub(super) fn parse(pairs: &[(String, String)]) -> WebResult<Asked> {
        let mut asked = Asked {
            page: 1,
            ..Asked::default()
        };
        for (name, value) in pairs {
            let field = match name.as_str() {
                "source" => &mut asked.source,
                "state" => &mut asked.state,
                "file" => &mut asked.file,
                "since" => &mut asked.since,
                "until" => &mut asked.until,
                "page" => {
                    let page = value.parse().ok();
                    asked.page = page
                        .filter(|page| (1..=LAST_PAGE).contains(page))
                        .ok_or_else(|| {
                            WebError::Bad(format!("Pages are from 1 to {LAST_PAGE}."))
                        })?;
                    continue;
                }
                _ => continue,
            };
            field.value = value.trim().into();
            if value.len() > LONGEST {
                field.message = format!("A filter has at most {LONGEST} letters.");
            } else if value.contains('\0') {
                field.message = "This contains a character that is not allowed in text.".into();
            }
        }
        Ok(asked)
    }

    /// Checks the values, and notes what is wrong beside them. `None` if any is invalid. `time_zone`: that of times
    /// that name no zone.
    pub(super) async fn check(
        &mut self,
        client: &Client,
        sources: &[String],
        time_zone: &str,
    ) -> WebResult<Option<LoadFilter>> {
        if let Some(source) = self.source.valid()
            && !sources.contains(&source)
        {
            self.source.message = "There is no such source.".into();
        }
        if let Some(state) = self.state.valid()
            && !STATES.contains(&state.as_str())
        {
            self.state.message = "There is no such state.".into();
        }
        let (since, until) = (self.since.valid(), self.until.valid());
        let row = client
            .query_one(TIME_BOUNDS, &[&since, &until, &time_zone])
            .await?;
        let filter = LoadFilter {
            source: self.source.valid(),
            state: self.state.valid(),
            file: self.file.valid(),
            since: row.get(0),
            until: row.get(1),
        };
        if since.is_some() && filter.since.is_none() {
            self.since.message = format!("Write {TIME_FORMS}.");
        }
        if until.is_some() && filter.until.is_none() {
            self.until.message = format!("Write {TIME_FORMS}.");
        }
        let is_valid = self
            .fields()
            .iter()
            .all(|(_, field)| field.message.is_empty());
        Ok(is_valid.then_some(filter))
    }

    fn fields(&self) -> [(&'static str, &Field); 5] {
        [
            ("source", &self.source),
            ("state", &self.state),
            ("file", &self.file),
            ("since", &self.since),
            ("until", &self.until),
        ]
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.fields()
            .iter()
            .any(|(_, field)| !field.value.is_empty())
    }

    /// The address of a page of the list with the same filters.
    pub(super) fn address(&self, page: u64) -> String {
        let fields = self.fields().into_iter();
        let mut pairs: Vec<String> = fields
            .filter(|(_, field)| !field.value.is_empty())
            .map(|(name, field)| format!("{name}={}", encoded(&field.value)))
            .collect();
        if page > 1 {
            pairs.push(format!("page={page}"));
        }
        match pairs.is_empty() {
            true => "/loads".into(),
            false => format!("/loads?{}", pairs.join("&")),
        }
    }
}
