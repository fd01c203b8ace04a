//! The settings of a source whose file is at an address: its row of `elt.rest_source`, or the defaults.

use super::super::credentials::variable;
use super::super::settings::{Settings, SignIn};
use anyhow::Result;

impl Settings {
    pub(super) fn of_file(source: &str, row: Option<Settings>) -> Result<Settings> {
        let mut settings = match row {
            Some(row) => row,
            None => Settings::with_columns(source, [])?,
        };
        // It is the default of the column, and the word of few servers of files. `token` is sent as it is.
        if settings.token_prefix == "Token" {
            settings.token_prefix = "Bearer".into();
        }
        let has_user = ["USERNAME", "PASSWORD", "PASSWORD_FILE"]
            .iter()
            .any(|what| variable(source, what).is_some());
        if has_user && settings.sign_in_path.is_none() && settings.sign_in_url.is_none() {
            settings.sign_in = SignIn::Basic;
        }
        Ok(settings)
    }
}
