//! The parts of a request. What cannot be read is answered as JSON, like all errors of the API.

use super::{ApiError, ApiResult};
use crate::web::data::edit::Problems;
use crate::web::error::WebError;
use crate::web::form::Pairs;
use crate::web::state::App;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The values of an address. An address that is not UTF-8 names nothing.
pub(crate) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Named<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Named<T>> {
        let path = Path::<T>::from_request_parts(parts, app).await;
        let Path(value) = path.map_err(|_| WebError::NotFound)?;
        Ok(Named(value))
    }
}

/// The query string.
#[derive(Clone, Default)]
pub(crate) struct Params(pub(super) Pairs);

impl Params {
    /// Refuses all parameters but these.
    pub(super) fn only(&self, allowed: &[&str]) -> ApiResult<()> {
        let mut problems = Problems::default();
        for (name, _) in &self.0 {
            if !allowed.contains(&name.as_str()) {
                let message = match allowed {
                    [] => "This address takes no parameters.".into(),
                    allowed => {
                        format!("There is no such parameter. Known: {}.", allowed.join(", "))
                    }
                };
                problems.at(name, message);
            }
        }
        problems.into_result()
    }

    /// Refuses all parameters but `format`, for addresses that programs get as JSON only.
    pub(super) fn none_but_format(&self) -> ApiResult<()> {
        self.only(&["format"])?;
        let formats = self.0.iter().map(|(_, value)| value.as_str());
        let mut problems = Problems::default();
        for format in formats.filter(|format| !["json", "html"].contains(format)) {
            problems.at(
                "format",
                format!("There is no format {format:?}. Known: json."),
            );
        }
        problems.into_result()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(key, _)| key == name);
        pair.map(|(_, value)| value.as_str())
    }
}

impl FromRequestParts<App> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Params> {
        let query = Query::<Pairs>::from_request_parts(parts, app).await;
        let Query(pairs) = query.map_err(|error| WebError::Bad(error.body_text()))?;
        Ok(Params(pairs))
    }
}

/// The body.
pub(crate) struct Body(pub(super) Bytes);

impl FromRequest<App> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Body> {
        match Bytes::from_request(request, app).await {
            Ok(bytes) => Ok(Body(bytes)),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiError::Status(error.status(), TOO_LARGE.into()))
            }
            Err(error) => Err(ApiError::Status(error.status(), error.body_text())),
        }
    }
}

/// The message for a body over the limit.
pub(super) const TOO_LARGE: &str = "The body is larger than 256 KiB.";
