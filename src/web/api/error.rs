//! Errors of the API in the format of Django REST framework: `{"detail"}`, or messages by field.

use super::answer;
use crate::web::data::edit::Problems;
use crate::web::error::{TOO_SLOW, WebError, noted};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

pub(crate) enum ApiError {
    /// The caller is not signed in, or the session or token has expired.
    Unauthorized(&'static str),
    /// The values are wrong.
    Problems(Problems),
    /// The resource does not have the method; those that it has.
    Method(String),
    Said(StatusCode, String),
    Web(WebError),
}

impl From<WebError> for ApiError {
    fn from(error: WebError) -> ApiError {
        ApiError::Web(error)
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> ApiError {
        ApiError::Web(error.into())
    }
}

impl From<tokio_postgres::Error> for ApiError {
    fn from(error: tokio_postgres::Error) -> ApiError {
        ApiError::Web(error.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, said) = match self {
            ApiError::Unauthorized(said) => {
                let refused = answer(StatusCode::UNAUTHORIZED, &json!({ "detail": said }));
                return ([(header::WWW_AUTHENTICATE, "Token")], refused).into_response();
            }
            ApiError::Problems(problems) => {
                let mut body = Map::new();
                for (field, said) in problems.fields {
                    body.insert(field, json!(said));
                }
                if !problems.general.is_empty() {
                    body.insert("non_field_errors".into(), json!(problems.general));
                }
                return answer(StatusCode::BAD_REQUEST, &Value::Object(body));
            }
            ApiError::Method(allowed) => {
                let said = json!({ "detail": "The resource does not have this method." });
                let refused = answer(StatusCode::METHOD_NOT_ALLOWED, &said);
                return ([(header::ALLOW, allowed)], refused).into_response();
            }
            ApiError::Said(status, said) => (status, said),
            ApiError::Web(WebError::NotFound) => (StatusCode::NOT_FOUND, "Not found.".into()),
            ApiError::Web(WebError::Forbidden(said)) => (StatusCode::FORBIDDEN, said.into()),
            ApiError::Web(WebError::Busy(said)) => (StatusCode::SERVICE_UNAVAILABLE, said.into()),
            ApiError::Web(WebError::Gone(said)) => (StatusCode::GONE, said.into()),
            ApiError::Web(WebError::Bad(said)) => (StatusCode::BAD_REQUEST, said),
            ApiError::Web(WebError::SignIn(_)) => {
                return ApiError::Unauthorized("Sign in first.").into_response();
            }
            ApiError::Web(WebError::TooSlow) => (StatusCode::SERVICE_UNAVAILABLE, TOO_SLOW.into()),
            ApiError::Web(WebError::Failed(error)) => {
                let said = noted(&error);
                (StatusCode::INTERNAL_SERVER_ERROR, said)
            }
        };
        answer(status, &json!({ "detail": said }))
    }
}

/// Of an address that is there, with other methods.
pub(crate) async fn no_such_method() -> Response {
    let said = json!({ "detail": "The resource does not have this method." });
    answer(StatusCode::METHOD_NOT_ALLOWED, &said)
}
