//! The page of one account for admins, `/accounts/NAME`: its role, password, sessions and tokens.

use super::act::{Acted, act, action, require_admin};
use super::holdings::{Holdings, end};
use super::list::{GIVE, Listed, ONE_TIME, account_address, one_time};
use super::secret::Secret;
use crate::web::auth::{Account, Role};
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, given};
use crate::web::http::address::encoded;
use crate::web::http::flash;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "account_admin.html", config = "src/web/askama.toml")]
struct OnePage {
    page: Page,
    account: Listed,
    roles: [&'static str; 3],
    /// The account of the admin. Another admin can change it.
    is_own: bool,
    holdings: Holdings,
    /// The entries of the audit about the account.
    audit: String,
    /// Why a form was refused, or an empty text.
    message: String,
}

pub(crate) async fn one(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
) -> WebResult {
    page(&app, account, &name, String::new()).await
}

async fn page(app: &App, account: Account, name: &str, message: String) -> WebResult {
    require_admin(&account)?;
    if name.contains('\0') {
        return Err(WebError::NotFound);
    }
    let client = app.pool.get(&account.zone).await?;
    let mut found = Listed::read(&client, &account, Some(name)).await?;
    let shown = found.pop().ok_or(WebError::NotFound)?;
    let action = shown.address();
    Ok(render(&OnePage {
        is_own: shown.name == account.name,
        holdings: Holdings::read(&client, &account, &shown.name, action).await?,
        audit: format!("/audit?account={}", encoded(&shown.name)),
        page: Page::new(format!("Account {}", shown.name), "accounts", account),
        roles: Role::NAMES,
        account: shown,
        message,
    }))
}

const SET_ROLE: &str = action!("elt.admin_set_role($4, $5, $6)");
const RESET: &str = action!("elt.admin_reset_password($4, $5, $6, $7)");
const DISABLE: &str = action!("elt.admin_disable_account($4, $5)");
const ENABLE: &str = action!("elt.admin_enable_account($4, $5)");
const UNLOCK: &str = action!("elt.admin_unlock_account($4, $5)");

/// Executes a form of the page.
pub(crate) async fn change_one(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    sent: Sent,
) -> WebResult {
    require_admin(&account)?;
    if name.contains('\0') {
        return Err(WebError::NotFound);
    }
    let client = app.pool.get(&account.zone).await?;
    let role = given(&sent.fields, "role");
    let (acted, message) = match given(&sent.fields, "do") {
        "role" => (
            act(&client, &account, &sent, SET_ROLE, &[&name, &role]).await?,
            format!("{name} has the role {role}. Its sessions ended."),
        ),
        "disable" => (
            act(&client, &account, &sent, DISABLE, &[&name]).await?,
            format!("Disabled {name}."),
        ),
        "enable" => (
            act(&client, &account, &sent, ENABLE, &[&name]).await?,
            format!("Enabled {name}."),
        ),
        "unlock" => (
            act(&client, &account, &sent, UNLOCK, &[&name]).await?,
            format!("{name} can try to sign in again."),
        ),
        "reset" => {
            drop(client);
            return reset(&app, account, &name, &sent).await;
        }
        _ => {
            let done = end(&client, &account, &sent, &name).await?;
            let message =
                done.ok_or_else(|| WebError::Bad("The form asks for no known action.".into()))?;
            return Ok(flash::redirect(&account_address(&name), &message));
        }
    };
    drop(client);
    match acted {
        Acted::Done(done) if done == "false" => {
            let message = format!("{name} has the role {role} already.");
            Ok(flash::redirect(&account_address(&name), &message))
        }
        Acted::Done(_) | Acted::Before => Ok(flash::redirect(&account_address(&name), &message)),
        Acted::Refused(reason) => refuse(&app, account, &name, reason).await,
    }
}

/// Gives the account a one-time password.
async fn reset(app: &App, account: Account, name: &str, sent: &Sent) -> WebResult {
    let revokes = !given(&sent.fields, "revoke_tokens").is_empty();
    let (password, hash) = one_time(app).await?;
    let client = app.pool.get(&account.zone).await?;
    let acted = act(&client, &account, sent, RESET, &[&name, &hash, &revokes]).await?;
    drop(client);
    let secret = Secret {
        title: format!("New password of {name}"),
        place: "accounts",
        label: ONE_TIME,
        text: GIVE,
        back: account_address(name),
    };
    match acted {
        Acted::Done(_) => Ok(secret.page(account, password.text())),
        Acted::Before => Ok(secret.page_again(account)),
        Acted::Refused(reason) => refuse(app, account, name, reason).await,
    }
}

async fn refuse(app: &App, account: Account, name: &str, reason: String) -> WebResult {
    let page = page(app, account, name, reason).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
