//! Sessions of browsers, and the account of a request.

mod attempt;
mod cookie;
mod password;
mod refused;
mod sign_in;

pub(super) use attempt::{Attempt, attempt};
pub(super) use cookie::{Cookies, cookie};
pub(super) use password::{change, password};
pub(super) use refused::{Reason, report};
pub(super) use sign_in::{ask_again, sign_in, sign_out, submit};

use super::data::zone::Zone;
use super::error::WebError;
use super::form::Fields;
use super::http::limiter::Permit;
use super::http::theme::Theme;
use super::state::App;
use crate::accounts::Token;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

/// The signed-in account.
#[derive(Clone)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) role: Role,
    /// The time zone that it reads and writes times in.
    pub(super) zone: Zone,
    /// It chose the zone.
    pub(super) has_own_zone: bool,
    /// SHA-256 of the session's token.
    pub(super) session: Vec<u8>,
    /// It signed in with a one-time password, and can only change it.
    pub(super) owes_password: bool,
    /// The message that the next page shows.
    pub(super) message: String,
    /// The theme of the browser.
    pub(super) theme: Theme,
    /// The permit of its request.
    pub(super) permit: Arc<Permit>,
}

/// The rights of an account. Each role includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) enum Role {
    Viewer,
    Operator,
    Admin,
}

impl Role {
    /// As in elt.account.
    pub(super) const NAMES: [&'static str; 3] = ["viewer", "operator", "admin"];

    pub(super) fn name(self) -> &'static str {
        Role::NAMES[self as usize]
    }

    pub(super) fn parse(name: &str) -> Role {
        match name {
            "admin" => Role::Admin,
            "operator" => Role::Operator,
            _ => Role::Viewer,
        }
    }
}

impl Account {
    pub(super) fn is_operator(&self) -> bool {
        self.role >= Role::Operator
    }

    pub(super) fn is_admin(&self) -> bool {
        self.role >= Role::Admin
    }
}

impl Role {
    /// Refuses viewers the rejected records, which may contain personal data.
    pub(super) fn require_may_read(self, relation: &str) -> Result<(), WebError> {
        if relation == "elt.reject" && self < Role::Operator {
            Err(WebError::Forbidden(
                "Rejected records may contain personal data: only operators and admins can see them.",
            ))
        } else {
            Ok(())
        }
    }
}

/// The account of a page on which it can change a one-time password.
pub(super) struct PasswordOwner(pub(super) Account);

impl FromRequestParts<App> for PasswordOwner {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<PasswordOwner, WebError> {
        Ok(PasswordOwner(Account::read(parts, app).await?))
    }
}

impl FromRequestParts<App> for Account {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Account, WebError> {
        // A request reads its account once.
        if let Some(account) = parts.extensions.get::<Account>() {
            return Ok(account.clone());
        }
        let account = Account::read(parts, app).await?;
        if account.owes_password {
            return Err(WebError::ChangePassword);
        }
        parts.extensions.insert(account.clone());
        Ok(account)
    }
}

impl Account {
    /// The account of the session, also if it must change its password first.
    async fn read(parts: &Parts, app: &App) -> Result<Account, WebError> {
        let next = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let sign_in = || WebError::SignIn(next.to_string());
        let token = app.cookies.token(&parts.headers).ok_or_else(sign_in)?;
        let session = Token::sha256(&token);
        let client = app.sign_in_pool.get().await?;
        let sql =
            "select name, role, elt.account_time_zone(account_id) from elt.session_account($1)";
        let owing = "select name, 'viewer', null from elt.session_owes_password($1)";
        let signed_in = client.query_opt(sql, &[&session]).await?;
        let owes_password = signed_in.is_none();
        let row = match signed_in {
            Some(row) => row,
            None => {
                let row = client.query_opt(owing, &[&session]).await?;
                row.ok_or_else(sign_in)?
            }
        };
        let name: String = row.get(0);
        let own_zone: Option<&str> = row.get(2);
        let mut zone = app.zone_of(own_zone);
        // A form is read in the time zone that it was shown in, also if the account has chosen another one since.
        if let Some(shown) = Fields::zone(parts)
            && shown != zone.name()
        {
            let sql = "select from pg_timezone_names where name = $1";
            if client.query_opt(sql, &[&shown]).await?.is_some() {
                zone = Zone::new(shown);
            }
        }
        // Releases the connection before waiting for other requests of the account.
        drop(client);
        Ok(Account {
            permit: app.permit(&name).await?,
            name,
            role: Role::parse(row.get(1)),
            zone,
            has_own_zone: own_zone.is_some(),
            session,
            owes_password,
            message: super::http::flash::message(&parts.headers),
            theme: Theme::read(&parts.headers),
        })
    }
}
