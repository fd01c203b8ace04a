//! The page for a failed request, with the menu of the account and the values of the form.

use crate::web::auth::{self, Account};
use crate::web::error::{ErrorText, TOO_SLOW, WebError, log_failure};
use crate::web::form::{Kept, KeptPage, form_page};
use crate::web::http::address::encoded;
use crate::web::page::{Page, render};
use crate::web::state::App;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let (status, title, message) = match self {
            WebError::SignIn(next) => {
                let mut response = to_sign_in(&next);
                response.extensions_mut().insert(NotSignedIn);
                return response;
            }
            WebError::ChangePassword => return Redirect::to("/password").into_response(),
            WebError::NotFound => (
                StatusCode::NOT_FOUND,
                "Not found",
                "There is nothing at this address.".into(),
            ),
            WebError::Forbidden(message) => (StatusCode::FORBIDDEN, "Not allowed", message.into()),
            WebError::Busy(message) => (StatusCode::SERVICE_UNAVAILABLE, "Not now", message.into()),
            WebError::Gone(message) => (StatusCode::GONE, "Gone", message.into()),
            WebError::Bad(message) => (StatusCode::BAD_REQUEST, "That cannot be", message),
            WebError::TooSlow => (StatusCode::SERVICE_UNAVAILABLE, "Not now", TOO_SLOW.into()),
            WebError::Failed(error) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Failed",
                log_failure(&error),
            ),
        };
        let text = ErrorText { title, message };
        let mut response = (status, page_of_error(&text, Page::bare(title), None)).into_response();
        response.extensions_mut().insert(text);
        response
    }
}

/// Marks the response to a request without a session.
#[derive(Clone)]
struct NotSignedIn;

fn to_sign_in(next: &str) -> Response {
    Redirect::to(&format!("/sign-in?next={}", encoded(next))).into_response()
}

fn page_of_error(text: &ErrorText, page: Page, kept: Option<Kept>) -> Response {
    let message = text.message.clone();
    render(&KeptPage {
        page,
        message,
        kept,
    })
}

/// Renders an error page again, with the menu of the signed-in account and the values of the form.
pub(crate) async fn with_menu(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let kept = parts.extensions.get::<Kept>().cloned();
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<NotSignedIn>().is_some() && !asked.method.is_safe() {
        return match kept {
            Some(kept) => auth::ask_again(kept),
            None => to_sign_in(form_page(asked.uri.path())),
        };
    }
    let Some(text) = response.extensions().get::<ErrorText>() else {
        return response;
    };
    let page = match Account::from_request_parts(&mut asked, &app).await {
        Ok(account) => Page::new(text.title, "none", account),
        Err(_) => Page::bare(text.title),
    };
    (response.status(), page_of_error(text, page, kept)).into_response()
}
