//! The filters of the list of jobs, as in its address: `?kind=prune&state=dead&state=queued&since=2026-11-30&q=word`.

use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::pages::filter::{Field, any_filled, are_valid, query_parts, span};
use chrono::{DateTime, Utc};

pub(super) const STATES: [&str; 5] = ["running", "dead", "queued", "succeeded", "cancelled"];
#[derive(Clone, Default)]
pub(super) struct Asked {
    pub(super) kind: Field,
    pub(super) queue: Field,
    /// All states if empty.
    pub(super) states: Vec<String>,
    pub(super) states_message: String,
    pub(super) since: Field,
    pub(super) until: Field,
    pub(super) text: Field,
    /// Page number, from 1.
    pub(super) page: u64,
}

/// Which jobs to list. A value that is `None` restricts nothing.
pub(super) struct JobFilter {
    pub(super) kind: Option<String>,
    pub(super) queue: Option<String>,
    pub(super) states: Option<Vec<String>>,
    /// Earliest time of the enqueueing.
    pub(super) since: Option<DateTime<Utc>>,
    /// The jobs were enqueued before this time.
    pub(super) until: Option<DateTime<Utc>>,
    /// Text that occurs in the job. Upper and lower case are the same.
    pub(super) text: Option<String>,
}

impl Asked {
    pub(super) fn parse(pairs: &[(String, String)]) -> WebResult<Asked> {
        let mut asked = Asked {
            page: 1,
            ..Asked::default()
        };
        for (name, value) in pairs {
            let field = match name.as_str() {
                "kind" => &mut asked.kind,
                "queue" => &mut asked.queue,
                "since" => &mut asked.since,
                "until" => &mut asked.until,
                "q" => &mut asked.text,
                "state" => {
                    asked.add_state(value);
                    continue;
                }
                "page" => {
                    let page = value.parse().ok().filter(|page| *page > 0);
                    asked.page =
                        page.ok_or_else(|| WebError::Bad("Pages are numbers from 1.".into()))?;
                    continue;
                }
                _ => continue,
            };
            field.set(value);
        }
        Ok(asked)
    }

    fn add_state(&mut self, state: &str) {
        if STATES.contains(&state) {
            if !self.states.iter().any(|known| known == state) {
                self.states.push(state.into());
            }
        } else if !state.is_empty() {
            self.states_message = format!("There is no state “{state}”.");
        }
    }

    /// Checks the values, and notes what is wrong beside them. `None` if any is invalid.
    pub(super) async fn check(
        &mut self,
        client: &Client,
        kinds: &[String],
        queues: &[String],
    ) -> WebResult<Option<JobFilter>> {
        self.kind.require_one_of(kinds, "There is no such kind.");
        self.queue.require_one_of(queues, "No job has this queue.");
        let (since, until) = span(client, &mut self.since, &mut self.until).await?;
        let filter = JobFilter {
            kind: self.kind.valid(),
            queue: self.queue.valid(),
            states: (!self.states.is_empty()).then(|| self.states.clone()),
            since,
            until,
            text: self.text.valid(),
        };
        let is_valid = are_valid(&self.fields()) && self.states_message.is_empty();
        Ok(is_valid.then_some(filter))
    }

    fn fields(&self) -> [(&'static str, &Field); 5] {
        [
            ("kind", &self.kind),
            ("queue", &self.queue),
            ("since", &self.since),
            ("until", &self.until),
            ("q", &self.text),
        ]
    }

    pub(super) fn is_filtered(&self) -> bool {
        !self.states.is_empty() || !self.states_message.is_empty() || any_filled(&self.fields())
    }

    pub(super) fn has_state(&self, state: &str) -> bool {
        self.states.iter().any(|known| known == state)
    }

    /// The list with the same filters, and jobs of this state, or of all states if it is empty.
    pub(super) fn of_state(&self, state: &str) -> String {
        let states = match state {
            "" => Vec::new(),
            state => vec![state.into()],
        };
        Asked {
            states,
            ..self.clone()
        }
        .address(1)
    }

    /// The address of a page of the list with the same filters.
    pub(super) fn address(&self, page: u64) -> String {
        match self.query(page) {
            query if query.is_empty() => "/jobs".into(),
            query => format!("/jobs?{query}"),
        }
    }

    /// The query string of a page of the list.
    pub(super) fn query(&self, page: u64) -> String {
        let mut pairs = query_parts(&self.fields());
        pairs.extend(self.states.iter().map(|state| format!("state={state}")));
        if page > 1 {
            pairs.push(format!("page={page}"));
        }
        pairs.join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Asked {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
        Asked::parse(&pairs).unwrap_or_else(|_| panic!("{query}"))
    }

    #[test]
    fn the_address_holds_all_filters() {
        let query = "kind=prune&queue=nightly&since=2026-11-30T10%3A00&q=a%20b&state=dead&state=queued&page=3";
        let asked = parse(query);
        assert_eq!(asked.query(asked.page), query);
        assert_eq!(
            asked.of_state("running"),
            "/jobs?kind=prune&queue=nightly&since=2026-11-30T10%3A00&q=a%20b&state=running"
        );
        assert_eq!(parse("").address(1), "/jobs");
    }

    #[test]
    fn unknown_states_are_reported() {
        assert!(parse("state=great").states_message.contains("great"));
        assert!(parse("state=dead&state=").states_message.is_empty());
    }
}
