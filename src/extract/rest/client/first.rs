//! Requests the first response of an API whose pages are not known yet.

use super::{Client, Response};
use crate::extract::rest::hint::Purpose;
use crate::extract::rest::members::Members;
use crate::extract::rest::probe::FirstResponse;
use crate::extract::rest::request::PageRequest;
use crate::extract::rest::request_error::ApiFailure;
use crate::extract::rest::server_text::server_text;

impl Client {
    /// Sends the request like that for the first page of a load, and returns whatever the server answers.
    pub(in crate::extract::rest) fn fetch_first(
        &self,
        request: &PageRequest,
    ) -> Result<FirstResponse, ApiFailure> {
        let name = format!(
            "the first page ({})",
            request.shown(&self.settings.page_parameter, &self.tokens)
        );
        let context = self.context(name, Purpose::FirstPage, &self.api);
        self.with_retries(&context, || {
            let response = self.with_token(|token| self.send_page(request, token))?;
            let Response {
                body,
                content_type,
                links,
                ..
            } = response;
            Ok(FirstResponse {
                keys: self.shown_keys(&keys(&body)),
                message: server_text(&body).and_then(|text| self.shown(&text)),
                body,
                content_type: content_type.and_then(|text| self.shown(&text)),
                links,
            })
        })
    }
}

/// The first keys if the response is a JSON object.
fn keys(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let members = Members::parse(text.trim_start_matches('\u{feff}'));
    members.map_or_else(|_| Vec::new(), |members| members.keys())
}
