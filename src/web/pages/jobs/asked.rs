//! The filters of the list of jobs, as in its address: `?kind=prune&state=dead&state=queued&since=2026-11-30&q=word`. A
//! filter with an invalid value stays in its field.

use crate::history::{TIME_BOUNDS, TIME_FORMS};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::http::address::encoded;
use chrono::{DateTime, NaiveDateTime, Utc};

pub(super) const STATES: [&str; 5] = ["running", "dead", "queued", "succeeded", "cancelled"];
/// Longest text of a filter, in bytes.
const LONGEST: usize = 300;

/// A field of the form.
#[derive(Clone, Default)]
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

    /// Type of the input of a time: a picker would drop a value that it cannot show.
    pub(super) fn time_type(&self) -> &'static str {
        let is_time = |form| NaiveDateTime::parse_from_str(&self.value, form).is_ok();
        match self.value.is_empty() || is_time("%Y-%m-%dT%H:%M") || is_time("%Y-%m-%dT%H:%M:%S") {
            true => "datetime-local",
            false => "text",
        }
    }
}

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
            field.value = value.trim().into();
            if value.len() > LONGEST {
                field.message = format!("A filter has at most {LONGEST} letters.");
            } else if value.contains('\0') {
                field.message = "This contains a character that is not allowed in text.".into();
            }
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

    /// Checks the values, and notes what is wrong beside them. `None` if any is invalid. `time_zone`: that of times
    /// that name no zone.
    pub(super) async fn check(
        &mut self,
        client: &Client,
        kinds: &[String],
        queues: &[String],
        time_zone: &str,
    ) -> WebResult<Option<JobFilter>> {
        if self.kind.valid().is_some_and(|kind| !kinds.contains(&kind)) {
            self.kind.message = "There is no such kind.".into();
        }
        let queue = self.queue.valid();
        if queue.is_some_and(|queue| !queues.contains(&queue)) {
            self.queue.message = "No job has this queue.".into();
        }
        let (since, until) = (self.since.valid(), self.until.valid());
        let row = client
            .query_one(TIME_BOUNDS, &[&since, &until, &time_zone])
            .await?;
        let filter = JobFilter {
            kind: self.kind.valid(),
            queue: self.queue.valid(),
            states: (!self.states.is_empty()).then(|| self.states.clone()),
            since: row.get(0),
            until: row.get(1),
            text: self.text.valid(),
        };
        if since.is_some() && filter.since.is_none() {
            self.since.message = format!("Write {TIME_FORMS}.");
        }
        if until.is_some() && filter.until.is_none() {
            self.until.message = format!("Write {TIME_FORMS}.");
        }
        let fields = self.fields();
        let is_valid = fields.iter().all(|(_, field)| field.message.is_empty());
        Ok((is_valid && self.states_message.is_empty()).then_some(filter))
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
        let mut fields = self.fields().into_iter();
        !self.states.is_empty()
            || !self.states_message.is_empty()
            || fields.any(|(_, field)| !field.value.is_empty())
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
        let fields = self.fields().into_iter();
        let mut pairs: Vec<String> = fields
            .filter(|(_, field)| !field.value.is_empty())
            .map(|(name, field)| format!("{name}={}", encoded(&field.value)))
            .collect();
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
        assert_eq!(asked.since.time_type(), "datetime-local");
        assert_eq!(
            asked.of_state("running"),
            "/jobs?kind=prune&queue=nightly&since=2026-11-30T10%3A00&q=a%20b&state=running"
        );
        assert_eq!(parse("").address(1), "/jobs");
        assert_eq!(parse("since=2026-11-30").since.time_type(), "text");
    }

    #[test]
    fn unknown_states_are_reported() {
        assert!(parse("state=great").states_message.contains("great"));
        assert!(parse("state=dead&state=").states_message.is_empty());
    }
}
