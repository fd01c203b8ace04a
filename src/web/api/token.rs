//! `POST /api-token-auth` gives a token for name and password; requests bring it (caller.rs).

use super::{ApiResult, answer};
use crate::accounts::Token;
use crate::web::auth::{Attempt, attempt};
use crate::web::state::{App, Asker};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

/// For programs that sign in anew each time they run.
const HOLDS: &str = "1 day";

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

/// As Django REST framework answers, so that its clients understand.
pub(crate) async fn sign_in(State(app): State<App>, asker: Asker, body: Bytes) -> ApiResult {
    let Ok(given) = serde_json::from_slice::<Credentials>(&body) else {
        let said = json!({ "detail": "Send {\"username\": ..., \"password\": ...} as JSON." });
        return Ok(answer(StatusCode::BAD_REQUEST, &said));
    };
    let attempted = attempt(&app, &asker, None, &given.username, given.password);
    let proof = match attempted.await? {
        Attempt::Begun(proof) => proof,
        Attempt::Wait(seconds) => {
            let said = format!("Request was throttled. Expected available in {seconds} seconds.");
            let refused = answer(StatusCode::TOO_MANY_REQUESTS, &json!({ "detail": said }));
            return Ok(([(header::RETRY_AFTER, seconds)], refused).into_response());
        }
    };
    let token = Token::new("elt_")?;
    let client = app.doors.get().await?;
    let sql = "select elt.open_token($1, $2, $3, $4::text::interval)";
    let sha256 = Token::sha256(token.text());
    let row = client
        .query_one(sql, &[&proof.sign_in, &proof.hash, &sha256, &HOLDS])
        .await?;
    if !row.get::<_, bool>(0) {
        let said = ["Unable to log in with provided credentials."];
        let said = json!({ "non_field_errors": said });
        return Ok(answer(StatusCode::BAD_REQUEST, &said));
    }
    Ok(answer(StatusCode::OK, &json!({ "token": token.text() })))
}
