//! The page of the signed-in account, `/account`: its password, time zone, sessions and tokens.

use super::act::{Acted, act, action};
use super::holdings::{Holdings, end};
use super::secret::Secret;
use super::time_zone::{ZoneForm, ZoneNames, set_zone, zone_names};
use crate::accounts::Token;
use crate::web::auth::Account;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, given};
use crate::web::http::flash;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio_postgres::types::ToSql;

const ADDRESS: &str = "/account";
/// Longest name of a token, in characters, as in elt.api_token.
const LONGEST_NAME: usize = 150;
/// Days for which a token is valid, unless the user writes another number.
const DAYS: &str = "90";

#[derive(Template)]
#[template(path = "account.html", config = "src/web/askama.toml")]
struct AccountPage {
    page: Page,
    name: String,
    role: &'static str,
    zone: ZoneForm,
    zone_names: Arc<ZoneNames>,
    /// The time zone of accounts without their own.
    application_zone: String,
    holdings: Holdings,
    token: TokenForm,
}

/// The values of the form for a new token.
struct TokenForm {
    name: String,
    days: String,
    may_change: bool,
    /// Error of the values, or an empty text.
    message: String,
}

impl TokenForm {
    fn new() -> TokenForm {
        TokenForm {
            name: String::new(),
            days: DAYS.into(),
            may_change: false,
            message: String::new(),
        }
    }
}

pub(crate) async fn own(State(app): State<App>, account: Account) -> WebResult {
    let zone = ZoneForm::new(&account);
    page(&app, account, zone, TokenForm::new()).await
}

async fn page(app: &App, account: Account, zone: ZoneForm, token: TokenForm) -> WebResult {
    let client = app.pool.get(&account.zone).await?;
    let name = account.name.clone();
    Ok(render(&AccountPage {
        holdings: Holdings::read(&client, &account, &name, ADDRESS.into()).await?,
        zone_names: zone_names(&client).await?,
        application_zone: app.zone_of(None).name().into(),
        role: account.role.name(),
        page: Page::new(format!("Account {name}"), "account", account),
        name,
        zone,
        token,
    }))
}

const NEW_TOKEN: &str = action!("elt.new_token($4, $5, $6, $7, $8)");

/// Executes a form of the page.
pub(crate) async fn change_own(State(app): State<App>, account: Account, sent: Sent) -> WebResult {
    if given(&sent.fields, "do") == "new-token" {
        return new_token(&app, account, &sent).await;
    }
    if given(&sent.fields, "do") == "time-zone" {
        return match set_zone(&app, &account, &sent).await? {
            Ok(message) => Ok(flash::redirect(ADDRESS, &message)),
            Err(zone) => refuse(&app, account, zone, TokenForm::new()).await,
        };
    }
    let client = app.pool.get(&account.zone).await?;
    let done = end(&client, &account, &sent, &account.name).await?;
    let message = done.ok_or_else(|| WebError::Bad("The form asks for no known action.".into()))?;
    Ok(flash::redirect(ADDRESS, &message))
}

async fn new_token(app: &App, account: Account, sent: &Sent) -> WebResult<Response> {
    let mut form = TokenForm {
        name: given(&sent.fields, "name").trim().into(),
        days: given(&sent.fields, "days").trim().into(),
        may_change: given(&sent.fields, "access") == "write",
        message: String::new(),
    };
    let length = form.name.chars().count();
    let days = form.days.parse::<i32>().ok();
    let Some(days) = days.filter(|days| (1..=3660).contains(days)) else {
        form.message = "A token is valid for 1 to 3660 days.".into();
        return refuse_token(app, account, form).await;
    };
    if !(1..=LONGEST_NAME).contains(&length) || form.name.contains('\0') {
        form.message = format!("The name of a token has 1 to {LONGEST_NAME} letters.");
        return refuse_token(app, account, form).await;
    }
    let token = Token::new("elt_")?;
    let client = app.pool.get(&account.zone).await?;
    let sha256 = Token::sha256(token.text());
    let values: &[&(dyn ToSql + Sync)] = &[&form.name, &sha256, &form.may_change, &days];
    let acted = act(&client, &account, sent, NEW_TOKEN, values).await?;
    drop(client);
    let secret = Secret {
        title: format!("Token “{}”", form.name),
        place: "account",
        label: "Token",
        text: "Copy the token now. It is shown only once, and the server keeps only its hash.",
        back: ADDRESS.into(),
    };
    match acted {
        Acted::Done(_) => Ok(secret.page(account, token.text())),
        Acted::Before => Ok(secret.page_again(account)),
        Acted::Refused(reason) => {
            form.message = reason;
            refuse_token(app, account, form).await
        }
    }
}

async fn refuse_token(app: &App, account: Account, form: TokenForm) -> WebResult {
    let zone = ZoneForm::new(&account);
    refuse(app, account, zone, form).await
}

/// Shows the page with the values of the forms.
async fn refuse(app: &App, account: Account, zone: ZoneForm, token: TokenForm) -> WebResult {
    let page = page(app, account, zone, token).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
