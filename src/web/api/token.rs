//! `POST /api-token-auth` returns a token for a name and password. caller.rs reads the token of a request.

use super::accept::{Format, accepted};
use super::body::texts;
use super::extract::{Body, Params};
use super::{ApiError, ApiResult, answer};
use crate::accounts::Token;
use crate::web::auth::{Attempt, Reason, attempt, report};
use crate::web::data::edit::{Problems, REQUIRED};
use crate::web::form::given;
use crate::web::state::{App, ClientAddress};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Lifetime of a token, for programs that sign in each time they run.
const LIFETIME: &str = "1 day";

/// Responds like Django REST framework, so that its clients work.
pub(crate) async fn sign_in(
    State(app): State<App>,
    client_address: ClientAddress,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    params.none_but_format()?;
    accepted(&headers, &params, &[Format::Json])?;
    let fields = texts(&headers, &body)?;
    let mut problems = Problems::default();
    for name in ["username", "password"] {
        if given(&fields, name).is_empty() {
            problems.at(name, REQUIRED);
        }
    }
    problems.into_result::<ApiError>()?;
    let (name, password) = (given(&fields, "username"), given(&fields, "password"));
    if name.contains('\0') {
        return Ok(refused());
    }
    let attempted = attempt(&app, &client_address, None, name, password.into());
    let proof = match attempted.await? {
        Attempt::Begun(proof) => proof,
        Attempt::Wait(seconds) => {
            report(&client_address, name, Reason::TooMany);
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
        report(&client_address, name, Reason::Wrong);
        return Ok(refused());
    }
    Ok(answer(StatusCode::OK, &json!({ "token": token.text() })))
}

fn refused() -> Response {
    let message = ["Unable to log in with provided credentials."];
    let message = json!({ "non_field_errors": message });
    answer(StatusCode::BAD_REQUEST, &message)
}
