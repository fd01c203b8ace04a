//! The beginning of an API whose pages are not known yet: its first response, then its first pages with the settings
//! that were inferred from it.

use super::client::Client;
use super::pages::Pages;
use super::{Access, RestExtract, Settings, Walk};
use crate::failure::Failure;
use anyhow::Result;
use std::rc::Rc;

/// An API, before its pages are read. One sign-in serves all requests.
pub(crate) struct Probe {
    client: Client,
}

/// A successful response, of any content type.
pub(crate) struct FirstResponse {
    pub(crate) body: Vec<u8>,
    /// The content type, unless it is JSON.
    pub(crate) content_type: Option<String>,
    /// The headers Link.
    pub(crate) links: Vec<String>,
    /// The explanation in a response that is an error message, without secrets.
    pub(crate) message: Option<String>,
}

impl Probe {
    pub(crate) fn open(access: Access) -> Result<Probe> {
        let client = Client::for_pages(access)?;
        Ok(Probe { client })
    }

    /// Requests the first page.
    pub(crate) fn first(&self) -> Result<FirstResponse> {
        let pages = Pages::new(&self.client.settings, &self.client.base, None);
        let response = self.client.fetch_first(pages.first());
        Ok(response.map_err(Failure::from)?)
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
