//! The API in a browser: the same addresses answer with a page that has the records as a table, forms, the response as
//! programs get it, and a command for the shell. The request is executed as for a program, and its response is shown.

mod curl;
mod filters;
mod forms;
mod place;
mod pretty;
mod rows;
mod shown;

use super::ApiError;
use super::accept::{Format, accepted};
use super::extract::Params;
use crate::web::auth::Account;
use crate::web::error::WebError;
use crate::web::form::{Sent, given};
use crate::web::http::flash;
use crate::web::state::App;
use axum::body::to_bytes;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use filters::query;
use place::Place;
use shown::{Exchange, json_of_form, page_of};

/// Largest response of the API, in bytes: a page of records has at most 16 MiB.
const LARGEST: usize = 20 << 20;

/// Middleware for the addresses of lists, records and endpoints.
pub(crate) async fn browse(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let place = Place::parse(parts.uri.path());
    let params = Params::from_request_parts(&mut parts, &app).await;
    let (place, params) = match (place, params) {
        (Some(place), Ok(params)) if wants_page(&parts, &params) => (place, params),
        _ => return next.run(Request::from_parts(parts, body)).await,
    };
    let account = match Account::from_request_parts(&mut parts, &app).await {
        Ok(account) => account,
        Err(error) => return error.into_response(),
    };
    if let Some(query) = filters::chosen(&params) {
        return Redirect::to(&format!("{}?{query}", parts.uri.path())).into_response();
    }
    let Ok(sent) = Sent::from_request_parts(&mut parts, &app).await;
    let is_shown_again = sent.is_shown_again();
    if is_shown_again {
        parts.method = Method::GET;
    } else if sent.id.is_some()
        && let Some(method) = method_of_form(given(&sent.fields, "_method"))
    {
        parts.method = method;
    }
    let params = without_html(&mut parts, params);
    let sent_json = json_of_form(&app, &account.zone, &place, &parts.method, &sent).await;
    // The request runs with the permit of this account.
    parts.extensions.insert(account.clone());
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if response.status() == StatusCode::NO_CONTENT && asked.method == Method::DELETE {
        return deleted(&asked.uri);
    }
    if !is_json || response.status().is_redirection() {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return WebError::Busy("The response is too large to show.").into_response();
    };
    let exchange = Exchange {
        body: String::from_utf8_lossy(&body).into_owned(),
        place,
        asked,
        params,
        sent,
        sent_json,
        head,
        is_shown_again,
    };
    match page_of(&app, account, exchange).await {
        Ok(page) => page,
        // An address that names nothing has the error page of the site.
        Err(ApiError::Web(error)) => error.into_response(),
        Err(error) => error.into_response(),
    }
}

/// Whether a browser asks for a page. Programs send a token.
fn wants_page(parts: &Parts, params: &Params) -> bool {
    let offered = [Format::Json, Format::Csv, Format::Html];
    let format = accepted(&parts.headers, params, &offered);
    let is_program = parts.headers.contains_key(header::AUTHORIZATION);
    !is_program && format.is_ok_and(|format| format == Format::Html)
}

/// A form can only send GET and POST, so a page names the method in a field.
fn method_of_form(name: &str) -> Option<Method> {
    match name {
        "PUT" => Some(Method::PUT),
        "PATCH" => Some(Method::PATCH),
        "DELETE" => Some(Method::DELETE),
        "OPTIONS" => Some(Method::OPTIONS),
        _ => None,
    }
}

/// Removes `format=html`, which programs cannot ask for.
fn without_html(parts: &mut Parts, mut params: Params) -> Params {
    let count = params.0.len();
    params.0.retain(|(name, _)| name != "format");
    if params.0.len() < count {
        let address = format!("{}?{}", parts.uri.path(), query(&params.0));
        if let Ok(address) = address.parse::<PathAndQuery>() {
            parts.uri = Uri::from(address);
        }
    }
    params
}

/// Shows the list after a record was deleted.
fn deleted(uri: &Uri) -> Response {
    let path = uri.path().trim_end_matches('/');
    let (list, _) = path.rsplit_once('/').unwrap_or((path, ""));
    flash::redirect(&format!("{list}/"), "The record was deleted.")
}
