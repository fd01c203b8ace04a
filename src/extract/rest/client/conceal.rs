//! Removes secrets from errors, which have texts of the server. A server may repeat what it received.

use super::Client;
use crate::extract::rest::page_error::PageError;
use crate::extract::rest::request_error::RequestError;

/// The number of characters of an explanation to show.
const LONGEST: usize = 200;
/// The number of characters of a key to show.
const LONGEST_KEY: usize = 40;
/// The number of characters to read. Secrets are recognized in texts that are longer than what is shown of them.
const LONGEST_READ: usize = 16 * 1024;

impl Client {
    /// The error without texts that contain a secret. What remains is short and has no control characters. Every text
    /// of a server in an error has its line here.
    pub(super) fn conceal(&self, mut error: RequestError) -> RequestError {
        match &mut error {
            RequestError::Status { detail, .. } => {
                *detail = detail.take().and_then(|text| self.shown(&text));
            }
            RequestError::Redirect { reason } => {
                if self.tokens.contains_secret(reason) {
                    *reason = "the server redirects to another host".into();
                }
            }
            RequestError::NotAPage {
                error,
                content_type,
                detail,
            } => {
                *detail = detail.take().and_then(|text| self.shown(&text));
                *content_type = content_type.take().and_then(|text| self.shown(&text));
                self.conceal_page(error);
            }
            RequestError::Connect { .. }
            | RequestError::Tls { .. }
            | RequestError::Request { .. }
            | RequestError::Broken { .. }
            | RequestError::TimedOut { .. }
            | RequestError::Stalled { .. }
            | RequestError::TooLong { .. }
            | RequestError::Stopped => {}
        }
        error
    }

    pub(super) fn conceal_page(&self, error: &mut PageError) {
        if let PageError::Missing { found, .. } = error {
            *found = self.shown_keys(found);
        }
    }

    /// A text of the server for a message: shortened and escaped for a terminal. None if it contains a secret.
    pub(super) fn shown(&self, text: &str) -> Option<String> {
        self.beginning(text, LONGEST)
    }

    /// Keys of the server for a message, likewise.
    pub(super) fn shown_keys(&self, keys: &[String]) -> Vec<String> {
        let shown = |key: &String| self.beginning(key, LONGEST_KEY);
        keys.iter().filter_map(shown).collect()
    }

    fn beginning(&self, text: &str, longest: usize) -> Option<String> {
        let read: String = text.chars().take(LONGEST_READ).collect();
        if self.tokens.contains_secret(&read) {
            return None;
        }
        let short: String = read.chars().take(longest).collect();
        Some(short.escape_debug().to_string())
    }
}
