//! `POST /api-token-auth` returns a token for a name and password. caller.rs reads the token of a request.

use super::{ApiResult, answer};
use crate::accounts::Token;
use crate::web::auth::{Attempt, Reason, attempt, report};
use crate::web::state::{App, ClientAddress};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

/// Lifetime of a token, for programs that sign in each time they run.
const LIFETIME: &str = "1 day";

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

/// Responds like Django REST framework, so that its clients work.
pub(crate) async fn sign_in(
    State(app): State<App>,
    client_address: ClientAddress,
    body: Bytes,
) -> ApiResult {
    let Ok(given) = serde_json::from_slice::<Credentials>(&body) else {
        let message = json!({ "detail": "Send {\"username\": ..., \"password\": ...} as JSON." });
        return Ok(answer(StatusCode::BAD_REQUEST, &message));
    };
    let attempted = attempt(&app, &client_address, None, &given.username, given.password);
    let proof = match attempted.await? {
        Attempt::Begun(proof) => proof,
        Attempt::Wait(seconds) => {
            report(&client_address, &given.username, Reason::TooMany);
            let message =
                format!("Request was throttled. Expected available in {seconds} seconds.");
            let refused = answer(StatusCode::TOO_MANY_REQUESTS, &json!({ "detail": message }));
            return Ok(([(header::RETRY_AFTER, seconds)], refused).into_response());
        }
    };
    let token = Token::new("elt_")?;
    let client = app.sign_in_pool.get().await?;
    let sql = "select elt.open_token($1, $2, $3, $4::text::interval)";
    let sha256 = Token::sha256(token.text());
    let row = client
        .query_one(sql, &[&proof.sign_in, &proof.hash, &sha256, &LIFETIME])
        .await?;
    if !row.get::<_, bool>(0) {
        report(&client_address, &given.username, Reason::Wrong);
        let message = ["Unable to log in with provided credentials."];
        let message = json!({ "non_field_errors": message });
        return Ok(answer(StatusCode::BAD_REQUEST, &message));
    }
    Ok(answer(StatusCode::OK, &json!({ "token": token.text() })))
}
