//! Signing in and out, and changing one's password.

use super::{Account, Attempt, attempt};
use crate::accounts::{Password, Token};
use crate::web::app::{App, Asker};
use crate::web::error::{WebError, WebResult};
use crate::web::page::{Page, render};
use anyhow::Context;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/web/askama.toml")]
struct SignInPage {
    page: Page,
    next: String,
    name: String,
    said: String,
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
    page(query.next, String::new(), String::new())
}

fn page(next: String, name: String, said: String) -> Response {
    render(&SignInPage {
        page: Page::bare("Sign in"),
        next,
        name,
        said,
    })
}

pub(crate) async fn submit(
    State(app): State<App>,
    asker: Asker,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> WebResult {
    let (sign_in, account) = match attempt(&app, &asker, &form.name, form.password).await? {
        Attempt::Right { sign_in, account } => (sign_in, account),
        Attempt::Wrong => {
            let said = "That name and password do not fit, or the account is disabled.";
            let page = page(form.next, form.name, said.into());
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Attempt::Wait(seconds) => {
            let minutes = (seconds + 59) / 60;
            let said = format!("Too many attempts. Try again in {minutes} minutes.");
            let page = page(form.next, form.name, said);
            let wait = [(header::RETRY_AFTER, seconds)];
            return Ok((StatusCode::TOO_MANY_REQUESTS, wait, page).into_response());
        }
    };
    let token = Token::new("")?;
    let agent = headers.get(header::USER_AGENT);
    let agent = agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let sql = "select elt.open_session($1, $2, $3, $4, $5)";
    let client = app.pool.get().await?;
    client
        .query(
            sql,
            &[
                &sign_in,
                &account,
                &Token::sha256(token.text()),
                &asker.address,
                &agent,
            ],
        )
        .await?;
    let cookie = app.cookies.set(token.text());
    Ok((
        [(header::SET_COOKIE, cookie)],
        Redirect::to(own_path(&form.next)),
    )
        .into_response())
}

/// Only addresses of this site: `//elsewhere` and `/\elsewhere` are others.
fn own_path(next: &str) -> &str {
    let is_own = next.starts_with('/')
        && !next[1..].starts_with(['/', '\\'])
        && !next.contains(|letter: char| letter.is_control());
    if is_own { next } else { "/" }
}

pub(crate) async fn sign_out(State(app): State<App>, account: Account) -> WebResult {
    let client = app.pool.get().await?;
    let sql = "select elt.close_sessions($1, $2)";
    client
        .query(sql, &[&account.id, &account.session_id])
        .await?;
    let cookie = app.cookies.set("");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}

#[derive(Template)]
#[template(path = "password.html", config = "src/web/askama.toml")]
struct PasswordPage {
    page: Page,
    said: String,
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

pub(crate) async fn password(account: Account) -> Response {
    password_page(account, String::new())
}

fn password_page(account: Account, said: String) -> Response {
    render(&PasswordPage {
        page: Page::new("Password", "password", account),
        said,
    })
}

pub(crate) async fn change(
    State(app): State<App>,
    account: Account,
    asker: Asker,
    Form(form): Form<PasswordForm>,
) -> WebResult {
    let refuse = |account, said: String| {
        let page = password_page(account, said);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    if form.new != form.again {
        return refuse(account, "The two new passwords are not the same.".into());
    }
    // Throttled as signing in is: a session alone is no proof.
    match attempt(&app, &asker, &account.name, form.old).await? {
        Attempt::Right { .. } => {}
        Attempt::Wrong => return refuse(account, "The old password is another.".into()),
        Attempt::Wait(_) => return refuse(account, "Too many attempts. Try again later.".into()),
    }
    let password = match Password::new(form.new, &account.name) {
        Ok(password) => password,
        Err(error) => return refuse(account, format!("{error}.")),
    };
    let hash = app.hash(move || password.hash()).await??;
    let client = app.pool.get().await?;
    let sql = "select elt.change_password($1, $2)";
    let changed = client.query(sql, &[&account.session, &hash]).await;
    changed
        .context("could not change the password")
        .map_err(WebError::Failed)?;
    // All sessions have ended, this one too.
    Ok(Redirect::to("/sign-in").into_response())
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn after_signing_in_one_stays_here() {
        for (next, path) in [
            ("/jobs?state=dead", "/jobs?state=dead"),
            ("//elsewhere", "/"),
            ("/\\elsewhere", "/"),
            ("https://elsewhere", "/"),
            ("", "/"),
            ("/x\r\nSet-Cookie: a", "/"),
        ] {
            assert_eq!(own_path(next), path);
        }
    }
}
