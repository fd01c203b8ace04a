//! Changes the password of the signed-in account.

use super::refused::{Reason, report};
use super::{Attempt, PasswordOwner, attempt};
use crate::accounts::Password;
use crate::web::auth::Account;
use crate::web::error::WebResult;
use crate::web::form::Sent;
use crate::web::page::{Page, render};
use crate::web::state::{App, ClientAddress};
use askama::Template;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "password.html", config = "src/web/askama.toml")]
struct PasswordPage {
    page: Page,
    /// The account signed in with a one-time password.
    is_one_time: bool,
    message: String,
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    old: String,
    new: String,
    again: String,
    /// A checkbox.
    revoke_tokens: Option<String>,
}

pub(crate) async fn password(PasswordOwner(account): PasswordOwner) -> Response {
    password_page(account, String::new())
}

fn password_page(account: Account, message: String) -> Response {
    render(&PasswordPage {
        is_one_time: account.owes_password,
        page: Page::new("Password", "account", account),
        message,
    })
}

pub(crate) async fn change(
    State(app): State<App>,
    PasswordOwner(account): PasswordOwner,
    client_address: ClientAddress,
    headers: HeaderMap,
    sent: Sent,
    Form(form): Form<PasswordForm>,
) -> WebResult {
    let refuse = |account, message: String| {
        let page = password_page(account, message);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    if form.new != form.again {
        return refuse(account, "The two new passwords differ.".into());
    }
    if form.new == form.old {
        return refuse(account, "The new password is the old one.".into());
    }
    // The new password is checked first, so that an invalid one does not count as a failed sign-in.
    let password = match Password::new(form.new, &account.name) {
        Ok(password) => password,
        Err(error) => return refuse(account, format!("{error}.")),
    };
    // Limited like a sign-in, because a session may be stolen.
    let device = app.cookies.device(&headers);
    let attempted = attempt(
        &app,
        &client_address,
        device.as_deref(),
        &account.name,
        form.old,
    );
    let proof = match attempted.await? {
        Attempt::Begun(proof) => proof,
        Attempt::Wait(_) => {
            report(&client_address, &account.name, Reason::TooMany);
            return refuse(account, "Too many attempts. Try again later.".into());
        }
    };
    let hash = app.hash(move || password.hash()).await??;
    let client = app.sign_in_pool.get().await?;
    let sql = "select done.is_changed, case when done.is_changed \
               then elt.note_form($6::text::uuid, $7, decode($8::text, 'hex'), null, '')::text end \
               from (select elt.change_password($1, $2, $3, $4, $5) as is_changed) as done";
    let revokes = form.revoke_tokens.is_some();
    let (number, content) = sent.id_and_content();
    let changed = client
        .query_one(
            sql,
            &[
                &account.session,
                &proof.sign_in,
                &proof.hash,
                &hash,
                &revokes,
                &number,
                &account.name,
                &content,
            ],
        )
        .await?;
    // If the form was sent twice, the first request has changed the password and ended the session.
    let is_done = changed.get(0) || sent.outcome(&client, &account).await?.is_some();
    if !is_done {
        report(&client_address, &account.name, Reason::Wrong);
        return refuse(account, "The old password is wrong.".into());
    }
    // The change has ended all sessions, including this one.
    Ok(Redirect::to("/sign-in").into_response())
}
