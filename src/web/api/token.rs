//! Who asks: `POST /api-token-auth` gives a token for name and password, and each request brings one.

use super::answer;
use crate::accounts::Token;
use crate::terminal;
use crate::web::app::{App, Asker};
use crate::web::auth::{Attempt, attempt};
use crate::web::error::{WebError, WebResult};
use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

/// For programs that sign in anew each time they run.
const HOLDS: &str = "1 day";

/// Somebody with a token that holds.
pub(crate) struct Holder;

/// Why there is no answer.
pub(crate) enum Refusal {
    NoToken,
    WrongToken,
    Failed(WebError),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let detail = match self {
            Refusal::NoToken => "Authentication credentials were not provided.",
            Refusal::WrongToken => "Invalid token.",
            Refusal::Failed(WebError::Failed(error)) => {
                terminal::warn(&crate::db::explain::one_line(&error));
                let said = json!({ "detail": "A server error occurred." });
                return answer(StatusCode::INTERNAL_SERVER_ERROR, &said);
            }
            Refusal::Failed(error) => return error.into_response(),
        };
        let refused = answer(StatusCode::UNAUTHORIZED, &json!({ "detail": detail }));
        ([(header::WWW_AUTHENTICATE, "Token")], refused).into_response()
    }
}

impl FromRequestParts<App> for Holder {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Holder, Refusal> {
        let given = parts.headers.get(header::AUTHORIZATION);
        let given = given.and_then(|value| value.to_str().ok());
        let token = given
            .and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                let is_token = ["token", "bearer"].contains(&scheme.to_ascii_lowercase().as_str());
                is_token.then_some(token.trim())
            })
            .ok_or(Refusal::NoToken)?;
        let client = app.pool.get().await;
        let client = client.map_err(Refusal::Failed)?;
        let sql = "select 1 from elt.token_account($1)";
        let row = client.query_opt(sql, &[&Token::sha256(token)]).await;
        let row = row.map_err(|error| Refusal::Failed(error.into()))?;
        row.map(|_| Holder).ok_or(Refusal::WrongToken)
    }
}

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

/// As Django REST framework answers, so that its clients understand.
pub(crate) async fn sign_in(State(app): State<App>, asker: Asker, body: Bytes) -> WebResult {
    let Ok(given) = serde_json::from_slice::<Credentials>(&body) else {
        let said = json!({ "detail": "Send {\"username\": ..., \"password\": ...} as JSON." });
        return Ok(answer(StatusCode::BAD_REQUEST, &said));
    };
    let (sign_in, account) = match attempt(&app, &asker, &given.username, given.password).await? {
        Attempt::Right { sign_in, account } => (sign_in, account),
        Attempt::Wrong => {
            let said = ["Unable to log in with provided credentials."];
            let said = json!({ "non_field_errors": said });
            return Ok(answer(StatusCode::BAD_REQUEST, &said));
        }
        Attempt::Wait(seconds) => {
            let said = format!("Request was throttled. Expected available in {seconds} seconds.");
            let refused = answer(StatusCode::TOO_MANY_REQUESTS, &json!({ "detail": said }));
            return Ok(([(header::RETRY_AFTER, seconds)], refused).into_response());
        }
    };
    let token = Token::new("elt_")?;
    let client = app.pool.get().await?;
    let sql = "select elt.open_token($1, $2, $3, $4::text::interval)";
    let sha256 = Token::sha256(token.text());
    client
        .query(sql, &[&sign_in, &account, &sha256, &HOLDS])
        .await?;
    Ok(answer(StatusCode::OK, &json!({ "token": token.text() })))
}
