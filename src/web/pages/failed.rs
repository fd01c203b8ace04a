//! The page for a failed request, with the menu of the account and the values of the form.

use crate::web::auth::{self, Account};
use crate::web::error::{TOO_SLOW, Told, WebError, noted};
use crate::web::form::{Kept, KeptPage, page_of};
use crate::web::http::address::encoded;
use crate::web::page::{Page, render};
use crate::web::state::App;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let (status, title, said) = match self {
            WebError::SignIn(next) => {
                let mut response = to_sign_in(&next);
                response.extensions_mut().insert(NotSignedIn);
                return response;
            }
            WebError::NotFound => (
                StatusCode::NOT_FOUND,
                "Not found",
                "There is nothing at this address.".into(),
            ),
            WebError::Forbidden(said) => (StatusCode::FORBIDDEN, "Not allowed", said.into()),
            WebError::Busy(said) => (StatusCode::SERVICE_UNAVAILABLE, "Not now", said.into()),
            WebError::Gone(said) => (StatusCode::GONE, "Gone", said.into()),
            WebError::Bad(said) => (StatusCode::BAD_REQUEST, "That cannot be", said),
            WebError::TooSlow => (StatusCode::SERVICE_UNAVAILABLE, "Not now", TOO_SLOW.into()),
            WebError::Failed(error) => (StatusCode::INTERNAL_SERVER_ERROR, "Failed", noted(&error)),
        };
        let told = Told { title, said };
        let mut response = (status, page_of_error(&told, Page::bare(title), None)).into_response();
        response.extensions_mut().insert(told);
        response
    }
}

/// The request has no session, and a sign-in form is needed.
#[derive(Clone)]
struct NotSignedIn;

fn to_sign_in(next: &str) -> Response {
    Redirect::to(&format!("/sign-in?next={}", encoded(next))).into_response()
}

fn page_of_error(told: &Told, page: Page, kept: Option<Kept>) -> Response {
    let said = told.said.clone();
    render(&KeptPage { page, said, kept })
}

/// An error page keeps the menu for who is signed in, and what was typed for every user.
pub(crate) async fn with_menu(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let kept = parts.extensions.get::<Kept>().cloned();
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<NotSignedIn>().is_some() && !asked.method.is_safe() {
        return match kept {
            Some(kept) => auth::ask_again(kept),
            None => to_sign_in(page_of(asked.uri.path())),
        };
    }
    let Some(told) = response.extensions().get::<Told>() else {
        return response;
    };
    let page = match Account::from_request_parts(&mut asked, &app).await {
        Ok(account) => Page::new(told.title, "none", account),
        Err(_) => Page::bare(told.title),
    };
    (response.status(), page_of_error(told, page, kept)).into_response()
}
