//! Identifies the caller by a token or a session.

use super::ApiError;
use crate::accounts::Token;
use crate::web::auth::{Account, Role};
use crate::web::data::zone::Zone;
use crate::web::error::WebError;
use crate::web::form::{Sent, Writer};
use crate::web::http::limiter::Permit;
use crate::web::state::App;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use std::sync::Arc;

pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) zone: Zone,
    /// Whether the token allows changes.
    pub(crate) may_change: bool,
    /// The permit of its request.
    _permit: Arc<Permit>,
}

impl Caller {
    /// Requires a role, and a token that allows changes.
    pub(crate) fn require(&self, role: Role) -> Result<(), WebError> {
        match (self.role >= role, self.may_change) {
            (true, true) => Ok(()),
            (true, false) => Err(WebError::Forbidden(
                "The token is read-only. Create one that allows changes with elt token new --change.",
            )),
            (false, _) => Err(WebError::Forbidden("The account is read-only.")),
        }
    }
}

impl Caller {
    /// The rights of a session are those of its account.
    fn of(account: Account) -> Caller {
        Caller {
            name: account.name,
            role: account.role,
            zone: account.zone,
            may_change: true,
            _permit: account.permit,
        }
    }

    /// `sent`: the form, if a page of the API sent it.
    pub(super) fn writer<'a>(&'a self, sent: &'a Sent) -> Writer<'a> {
        match sent.id {
            Some(_) => Writer::api_form(&self.name, sent),
            None => Writer::program(&self.name),
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Caller, ApiError> {
        let given = parts.headers.get(header::AUTHORIZATION);
        let Some(given) = given else {
            // The pages of the API have looked up the account already.
            if let Some(account) = parts.extensions.get::<Account>() {
                return Ok(Caller::of(account.clone()));
            }
            return match Account::from_request_parts(parts, app).await {
                Ok(account) => Ok(Caller::of(account)),
                Err(WebError::SignIn(_)) => Err(ApiError::Unauthorized(
                    "Authentication credentials were not provided.",
                )),
                Err(error) => Err(error.into()),
            };
        };
        let token = given.to_str().ok().and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            let is_token = ["token", "bearer"].contains(&scheme.to_ascii_lowercase().as_str());
            is_token.then_some(token.trim())
        });
        let wrong = ApiError::Unauthorized("Invalid token.");
        let Some(token) = token else {
            return Err(wrong);
        };
        let client = app.sign_in_pool.get().await?;
        let sql = "select name, role, may_change, elt.account_time_zone(account_id) from elt.token_account($1)";
        let row = client.query_opt(sql, &[&Token::sha256(token)]).await?;
        let row = row.ok_or(wrong)?;
        let name: String = row.get(0);
        drop(client);
        Ok(Caller {
            _permit: app.permit(&name).await?,
            name,
            role: Role::parse(row.get(1)),
            may_change: row.get(2),
            zone: app.zone_of(row.get(3)),
        })
    }
}
