//! Signs accounts in and out.

use super::refused::{Reason, report};
use super::{Attempt, PasswordOwner, attempt};
use crate::accounts::Token;
use crate::web::error::WebResult;
use crate::web::form::Kept;
use crate::web::http::address::own_path;
use crate::web::page::{Page, render};
use crate::web::state::{App, ClientAddress};
use askama::Template;
use axum::extract::{Extension, Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/web/askama.toml")]
struct SignInPage {
    page: Page,
    next: String,
    name: String,
    message: String,
    /// The form that was sent without a session, carried until after the sign-in.
    kept: Option<Kept>,
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct SignInForm {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn sign_in(Query(query): Query<Next>) -> Response {
    page(query.next, String::new(), String::new(), None)
}

/// Shows the sign-in form instead of executing a form. Its values are shown again after the sign-in.
pub(crate) fn ask_again(kept: Kept) -> Response {
    let next = kept.action.clone();
    let page = page(next, String::new(), String::new(), Some(kept));
    (StatusCode::FORBIDDEN, page).into_response()
}

fn page(next: String, name: String, message: String, kept: Option<Kept>) -> Response {
    render(&SignInPage {
        page: Page::bare("Sign in"),
        next,
        name,
        message,
        kept,
    })
}

pub(crate) async fn submit(
    State(app): State<App>,
    client_address: ClientAddress,
    headers: HeaderMap,
    kept: Option<Extension<Kept>>,
    Form(form): Form<SignInForm>,
) -> WebResult {
    let kept = kept.map(|Extension(kept)| kept);
    let old_device = app.cookies.device(&headers);
    let device = old_device.as_deref();
    let proof = match attempt(&app, &client_address, device, &form.name, form.password).await? {
        Attempt::Begun(proof) => proof,
        Attempt::Wait(seconds) => {
            report(&client_address, &form.name, Reason::TooMany);
            let minutes = (seconds + 59) / 60;
            let message = format!("Too many attempts. Try again in {minutes} minutes.");
            let page = page(form.next, form.name, message, kept);
            let wait = [(header::RETRY_AFTER, seconds)];
            return Ok((StatusCode::TOO_MANY_REQUESTS, wait, page).into_response());
        }
    };
    let token = Token::new("")?;
    let agent = headers.get(header::USER_AGENT);
    let agent = agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let device = Token::new("")?;
    let sql = "select elt.open_session($1, $2, $3, $4, $5, $6, $7)";
    let client = app.sign_in_pool.get().await?;
    let row = client
        .query_one(
            sql,
            &[
                &proof.sign_in,
                &proof.hash,
                &Token::sha256(token.text()),
                &client_address.address(),
                &agent,
                &old_device,
                &Token::sha256(device.text()),
            ],
        )
        .await?;
    if !row.get::<_, bool>(0) {
        report(&client_address, &form.name, Reason::Wrong);
        let message = "The name or password is wrong, or the account is disabled.";
        let page = page(form.next, form.name, message.into(), kept);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let cookies = AppendHeaders([
        (header::SET_COOKIE, app.cookies.set(token.text())),
        (header::SET_COOKIE, app.cookies.set_device(device.text())),
    ]);
    Ok((cookies, Redirect::to(own_path(&form.next))).into_response())
}

/// Also for a session that must change its password first.
pub(crate) async fn sign_out(
    State(app): State<App>,
    PasswordOwner(account): PasswordOwner,
) -> WebResult {
    let client = app.sign_in_pool.get().await?;
    let sql = "select elt.close_session($1)";
    client.query(sql, &[&account.session]).await?;
    let cookie = app.cookies.set("");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}
