//! Pages of one record each, for servers that check credentials and limits.

use super::given::{Answer, Given, Received};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The number of pages.
pub(super) const PAGES: usize = 3;

impl Received {
    /// Whether it is for a page. If not, it is for a token.
    pub(super) fn is_page(&self) -> bool {
        self.method == "GET"
    }

    pub(super) fn page(&self) -> usize {
        self.number("page").unwrap_or(1)
    }

    /// The parameter of the query, which is there at most once.
    pub(super) fn only_parameter(&self, name: &str) -> Option<String> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&self.raw_query).unwrap();
        let values = pairs.into_iter().filter(|(key, _)| key == name);
        let mut values: Vec<String> = values.map(|(_, value)| value).collect();
        assert!(values.len() < 2, "{}", self.raw_query);
        values.pop()
    }

    /// The members of a posted form or object.
    pub(super) fn members(&self) -> HashMap<String, String> {
        match self.header("content-type") {
            "application/json" => serde_json::from_slice(&self.body).unwrap(),
            "application/x-www-form-urlencoded" => {
                serde_urlencoded::from_bytes(&self.body).unwrap()
            }
            other => panic!("{other}"),
        }
    }
}

impl Answer {
    /// The page that was requested. `query`: a further part of the address of the next one.
    pub(super) fn page(received: &Received, query: &str) -> Answer {
        let page = received.page();
        let next = format!("/appointments/?page={}{query}", page + 1);
        let record = &super::options(PAGES).records[page - 1];
        let record: Value = serde_json::from_str(record).unwrap();
        let next = (page < PAGES).then_some(next);
        Answer::json(json!({"count": PAGES, "next": next, "results": [record]}))
    }

    pub(super) fn redirect(to: &str) -> Answer {
        Answer::status(307, "{}").with("location", to)
    }
}

impl Given {
    /// The requests for pages.
    pub(super) fn pages(&self) -> Vec<Received> {
        let mut received = self.received();
        received.retain(Received::is_page);
        received
    }

    /// The number of requests for a token.
    pub(super) fn sign_ins(&self) -> usize {
        self.received().len() - self.pages().len()
    }
}
