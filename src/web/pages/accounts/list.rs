//! The list of accounts, `/accounts`, and the form that adds one. For admins.

use super::act::{Acted, act, action, refused, require_admin};
use super::secret::Secret;
use crate::accounts::Password;
use crate::web::auth::{Account, Role};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::form::{Sent, given};
use crate::web::http::address::encoded;
use crate::web::page::{Page, render};
use crate::web::pages::Moment;
use crate::web::state::App;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use tokio_postgres::Row;

#[derive(Template)]
#[template(path = "accounts.html", config = "src/web/askama.toml")]
struct AccountsPage {
    page: Page,
    accounts: Vec<Listed>,
    roles: [&'static str; 3],
    /// The values of the form that was refused.
    name: String,
    role: String,
    /// Error of the form, or an empty text.
    message: String,
}

/// An account as admins see it (elt.list_accounts).
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) created: Option<Moment>,
    pub(super) password_set: Option<Moment>,
    pub(super) signed_in: Option<Moment>,
    pub(super) is_disabled: bool,
    pub(super) owes_password: bool,
    pub(super) sessions: i64,
    pub(super) tokens: i64,
    /// Until then, some network must wait before it tries to sign in again.
    pub(super) locked_until: Option<Moment>,
}

impl Listed {
    pub(super) fn address(&self) -> String {
        account_address(&self.name)
    }

    /// The account of this name, or all accounts.
    pub(super) async fn read(
        client: &Client,
        account: &Account,
        name: Option<&str>,
    ) -> WebResult<Vec<Listed>> {
        let sql = "select account_name, role, created_at::text, password_set_at::text, last_signed_in_at::text, \
                   disabled_at is not null, must_change_password, session_count, token_count, \
                   case when locked_until > now() then locked_until end::text \
                   from elt.list_accounts($1, $2)";
        let rows = client.query(sql, &[&account.session, &name]).await;
        Ok(rows.map_err(refused)?.iter().map(listed).collect())
    }
}

fn listed(row: &Row) -> Listed {
    Listed {
        name: row.get(0),
        role: row.get(1),
        created: Moment::new(row.get(2)),
        password_set: Moment::new(row.get(3)),
        signed_in: Moment::new(row.get(4)),
        is_disabled: row.get(5),
        owes_password: row.get(6),
        sessions: row.get(7),
        tokens: row.get(8),
        locked_until: Moment::new(row.get(9)),
    }
}

/// The address of the page of an account.
pub(super) fn account_address(name: &str) -> String {
    format!("/accounts/{}", encoded(name))
}

pub(crate) async fn accounts(State(app): State<App>, account: Account) -> WebResult {
    page(&app, account, ("", ""), String::new()).await
}

/// `asked`: the name and the role in the form.
async fn page(app: &App, account: Account, asked: (&str, &str), message: String) -> WebResult {
    require_admin(&account)?;
    let client = app.pool.get(&account.zone).await?;
    Ok(render(&AccountsPage {
        accounts: Listed::read(&client, &account, None).await?,
        page: Page::new("Accounts", "accounts", account),
        roles: Role::NAMES,
        name: asked.0.into(),
        role: asked.1.into(),
        message,
    }))
}

const ADD: &str = action!("elt.admin_add_account($4, $5, $6, $7)");

/// Adds an account with a one-time password.
pub(crate) async fn add_account(State(app): State<App>, account: Account, sent: Sent) -> WebResult {
    require_admin(&account)?;
    let (name, role) = (
        given(&sent.fields, "name").trim(),
        given(&sent.fields, "role"),
    );
    let reason = if name.is_empty() || name.contains('\0') {
        "An account has a name."
    } else if !Role::NAMES.contains(&role) {
        "Choose a role."
    } else {
        ""
    };
    if !reason.is_empty() {
        let page = page(&app, account, (name, role), reason.into()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let (password, hash) = one_time(&app).await?;
    let client = app.pool.get(&account.zone).await?;
    let acted = act(&client, &account, &sent, ADD, &[&name, &role, &hash]).await?;
    drop(client);
    let secret = Secret {
        title: format!("Account {name}"),
        place: "accounts",
        label: ONE_TIME,
        text: GIVE,
        back: account_address(name),
    };
    match acted {
        Acted::Done(_) => Ok(secret.page(account, password.text())),
        Acted::Before => Ok(secret.page_again(account)),
        Acted::Refused(reason) => {
            let page = page(&app, account, (name, role), reason).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub(super) const ONE_TIME: &str = "One-time password";
pub(super) const GIVE: &str = "Give the user this password. It is shown only once, is valid for a week, and serves only to \
     choose a new password.";

/// A one-time password and its hash.
pub(super) async fn one_time(app: &App) -> WebResult<(Password, String)> {
    let password = Password::one_time()?;
    Ok(app
        .hash(move || password.hash().map(|hash| (password, hash)))
        .await??)
}
