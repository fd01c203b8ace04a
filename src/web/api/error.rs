//! Errors of the API in the format of Django REST framework: `{"detail"}`, or messages by field.

use super::answer;
use crate::web::data::edit::Problems;
use crate::web::error::{TOO_SLOW, WebError, log_failure};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

pub(crate) enum ApiError {
    /// The caller is not signed in, or the session or token has expired.
    Unauthorized(&'static str),
    /// The values are invalid.
    Problems(Problems),
    /// The values of some records are invalid. The problems are in the order of the records.
    ProblemsOfEach(Vec<Problems>),
    /// The resource does not have the method. The value lists its methods.
    Method(String),
    /// A status and its message.
    Status(StatusCode, String),
    Web(WebError),
}

impl From<Problems> for ApiError {
    fn from(problems: Problems) -> ApiError {
        ApiError::Problems(problems)
    }
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
        let (status, message) = match self {
            ApiError::Unauthorized(message) => {
                let refused = answer(StatusCode::UNAUTHORIZED, &json!({ "detail": message }));
                return ([(header::WWW_AUTHENTICATE, "Token")], refused).into_response();
            }
            ApiError::Problems(problems) => {
                return answer(StatusCode::BAD_REQUEST, &by_field(problems));
            }
            ApiError::ProblemsOfEach(all) => {
                let all = all.into_iter().map(by_field).collect();
                return answer(StatusCode::BAD_REQUEST, &Value::Array(all));
            }
            ApiError::Method(allowed) => {
                let message = json!({ "detail": "The resource does not have this method." });
                let refused = answer(StatusCode::METHOD_NOT_ALLOWED, &message);
                return ([(header::ALLOW, allowed)], refused).into_response();
            }
            ApiError::Status(status, message) => (status, message),
            ApiError::Web(WebError::NotFound) => (StatusCode::NOT_FOUND, "Not found.".into()),
            ApiError::Web(WebError::Forbidden(message)) => (StatusCode::FORBIDDEN, message.into()),
            ApiError::Web(WebError::Busy(message)) => {
                (StatusCode::SERVICE_UNAVAILABLE, message.into())
            }
            ApiError::Web(WebError::Gone(message)) => (StatusCode::GONE, message.into()),
            ApiError::Web(WebError::Bad(message)) => (StatusCode::BAD_REQUEST, message),
            ApiError::Web(WebError::SignIn(_)) => {
                return ApiError::Unauthorized("Sign in first.").into_response();
            }
            ApiError::Web(WebError::ChangePassword) => {
                return ApiError::Unauthorized("Change the one-time password first.")
                    .into_response();
            }
            ApiError::Web(WebError::TooSlow) => (StatusCode::SERVICE_UNAVAILABLE, TOO_SLOW.into()),
            ApiError::Web(WebError::Failed(error)) => {
                let message = log_failure(&error);
                (StatusCode::INTERNAL_SERVER_ERROR, message)
            }
        };
        answer(status, &json!({ "detail": message }))
    }
}

/// Messages by field.
fn by_field(problems: Problems) -> Value {
    let mut body = Map::new();
    for (field, message) in problems.fields {
        body.insert(field, json!(message));
    }
    if !problems.general.is_empty() {
        body.insert("non_field_errors".into(), json!(problems.general));
    }
    Value::Object(body)
}

/// The response for an existing address without this method.
pub(crate) async fn no_such_method() -> Response {
    let message = json!({ "detail": "The resource does not have this method." });
    answer(StatusCode::METHOD_NOT_ALLOWED, &message)
}
