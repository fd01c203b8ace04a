//! The filters of the list of loads, as in its address: `?source=orders&state=failed&since=2026-11-30&page=2`. A filter
//! with an invalid value stays in its field.

use crate::history::{LoadFilter, STATES};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::pages::filter::{Field, any_filled, are_valid, query_parts, span};

const LAST_PAGE: u64 = 100_000;

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
            field.set(value);
        }
        Ok(asked)
    }

    /// Checks the values, and notes what is wrong beside them. `None` if any is invalid.
    pub(super) async fn check(
        &mut self,
        client: &Client,
        sources: &[String],
    ) -> WebResult<Option<LoadFilter>> {
        self.source
            .require_one_of(sources, "There is no such source.");
        self.state
            .require_one_of(&STATES, "There is no such state.");
        let (since, until) = span(client, &mut self.since, &mut self.until).await?;
        let filter = LoadFilter {
            source: self.source.valid(),
            state: self.state.valid(),
            file: self.file.valid(),
            since,
            until,
        };
        Ok(are_valid(&self.fields()).then_some(filter))
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
        any_filled(&self.fields())
    }

    /// The address of a page of the list with the same filters.
    pub(super) fn address(&self, page: u64) -> String {
        let mut pairs = query_parts(&self.fields());
        if page > 1 {
            pairs.push(format!("page={page}"));
        }
        match pairs.is_empty() {
            true => "/loads".into(),
            false => format!("/loads?{}", pairs.join("&")),
        }
    }
}
