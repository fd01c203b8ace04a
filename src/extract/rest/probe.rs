//! The beginning of an API whose pages are not known yet: its first response, then its first pages with the settings
//! that were inferred from it.

use super::client::{Client, Content};
use super::request_error::ApiFailure;
use super::{Access, RestExtract, Settings, Walk};
use crate::failure::Failure;
use anyhow::Result;
use std::rc::Rc;

/// An API, before its pages are read. One sign-in serves all requests.
pub(crate) struct Probe {
    client: Client,
}

/// A successful response, of any content type.
#[derive(Default)]
pub(crate) struct FirstResponse {
    pub(crate) body: Vec<u8>,
    /// The content type, unless it is JSON.
    pub(crate) content_type: Option<String>,
    /// The headers Link.
    pub(crate) links: Vec<String>,
    /// The explanation in a response that is an error message, without secrets.
    pub(crate) message: Option<String>,
    /// Its first keys if it is a JSON object, shortened, escaped, and without secrets.
    pub(crate) keys: Vec<String>,
}

impl Probe {
    /// `setting`: the option that has the address, for hints.
    pub(crate) fn open(access: Access, setting: String) -> Result<Probe> {
        let client = Client::new(access, Content::Pages, setting)?;
        Ok(Probe { client })
    }

    /// Requests the first page.
    pub(crate) fn first(&self) -> Result<FirstResponse> {
        let pages = self.client.pages(None);
        let response = self.client.fetch_first(pages.first());
        Ok(response.map_err(|failure| Failure::from(with_option(failure)))?)
    }

    /// Reads the pages, one at a time. `settings`: as at first, except how records and pages are found.
    pub(crate) fn read(mut self, settings: Settings) -> RestExtract {
        self.client.settings = settings;
        let walk = Walk {
            requests: 1,
            since: None,
            accepts_changes: false,
        };
        RestExtract::begin(self.client, &walk, Rc::default())
    }
}

/// The failure with a hint that names the option for columns of `elt.rest_source`, which has no row yet.
fn with_option(failure: ApiFailure) -> ApiFailure {
    let name = |hint: String| hint.replace(" in elt.rest_source", " with --set COLUMN=VALUE");
    ApiFailure {
        hint: failure.hint.map(name),
        ..failure
    }
}
