//! Routes and middleware.

use super::error::WebError;
use super::http::{assets, guard, theme};
use super::pages::error_page;
use super::state::App;
use super::{api, auth, form, pages};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

/// Time until a response must begin. A download may take longer.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// Time between two chunks of a request's body.
const BODY_LIMIT: Duration = Duration::from_secs(15);

async fn not_found(uri: Uri) -> Response {
    if guard::is_api(&uri) {
        api::ApiError::Web(WebError::NotFound).into_response()
    } else {
        WebError::NotFound.into_response()
    }
}

/// Pages that users may type with a slash at the end.
const PAGES: [&str; 9] = [
    "admin", "explore", "jobs", "lineage", "loads", "metrics", "password", "sign-in", "sql",
];

/// Routes of the API. Addresses of resources end with a slash; reads without it are redirected.
fn resources() -> Router<App> {
    let list = |read: MethodRouter<App>| read.post(api::create).options(api::about_list);
    let record = |read: MethodRouter<App>| {
        read.put(api::change)
            .patch(api::change)
            .delete(api::delete)
            .options(api::about_record)
    };
    let slash = || get(api::add_slash);
    let cancel = || post(api::cancel).options(api::about_action);
    let retry = || post(api::retry).options(api::about_action);
    let sign_in = || post(api::sign_in).options(api::about_sign_in);
    let mut router = Router::new();
    for page in PAGES {
        let to = format!("/{page}");
        let redirect = get(async move || Redirect::permanent(&to));
        router = router.route(&format!("/{page}/"), redirect);
    }
    router
        .route("/api", slash().options(api::about_index))
        .route("/api/", get(api::index).options(api::about_index))
        .route(
            "/api/openapi.json",
            get(api::document).options(api::about_document),
        )
        .route("/api/{resource}", list(slash()))
        .route("/api/{resource}/", list(get(api::list)))
        .route("/api/{resource}/{key}", record(slash()))
        .route("/api/{resource}/{key}/", record(get(api::retrieve)))
        .route("/api/jobs/{job}/cancel", cancel())
        .route("/api/jobs/{job}/cancel/", cancel())
        .route("/api/jobs/{job}/retry", retry())
        .route("/api/jobs/{job}/retry/", retry())
        .route("/api-token-auth", sign_in())
        .route("/api-token-auth/", sign_in())
        .route(
            "/{endpoint}/",
            get(api::endpoint).options(api::about_endpoint),
        )
        .method_not_allowed_fallback(api::no_such_method)
        .route("/{endpoint}", get(api::endpoint_without_slash))
}

pub(crate) fn router(app: App) -> Router {
    let (is_https, cookies, hosts) = (app.is_https, app.cookies, app.hosts.clone());
    let routes = Router::new()
        .route("/", get(pages::dashboard))
        .route("/explore", get(pages::tables))
        .route("/explore/{relation}", get(pages::table))
        .route("/explore/{relation}/rows.csv", get(pages::rows_csv))
        .route("/explore/{relation}/rows.json", get(pages::rows_json))
        .route("/admin", get(pages::admin::index))
        .route(
            "/admin/{table}",
            get(pages::admin::list).post(pages::admin::delete_selected),
        )
        .route("/admin/{table}/rows.csv", get(pages::listed_csv))
        .route(
            "/admin/{table}/add",
            get(pages::admin::add).post(pages::admin::save_new),
        )
        .route(
            "/admin/{table}/change",
            get(pages::admin::change).post(pages::admin::save),
        )
        .route(
            "/admin/{table}/delete",
            get(pages::admin::ask_delete).post(pages::admin::delete),
        )
        .route("/admin/{table}/history", get(pages::admin::history))
        .route("/sql", get(pages::sql))
        .route("/sql/rows.csv", get(pages::sql_csv))
        .route("/sql/rows.json", get(pages::sql_json))
        .route("/lineage", get(pages::lineage))
        .route("/loads", get(pages::loads))
        .route("/loads/{load}", get(pages::load))
        .route("/loads/{load}/publish", post(pages::publish))
        .route("/loads/{load}/discard", post(pages::discard))
        .route("/jobs", get(pages::jobs))
        .route("/jobs/selected", post(pages::act_on_selected))
        .route("/jobs/results/{form}", get(pages::results))
        .route(
            "/jobs/start/{kind}",
            get(pages::start_form).post(pages::start),
        )
        .route("/jobs/{job}", get(pages::job))
        .route("/jobs/{job}/cancel", post(pages::cancel))
        .route("/jobs/{job}/retry", post(pages::retry))
        .route("/jobs/{job}/files/{file}", get(pages::file))
        .route("/schedules/{schedule}/run", post(pages::run))
        .route("/live", get(pages::job_events))
        .route("/account", get(pages::own).post(pages::change_own))
        .route("/accounts", get(pages::accounts).post(pages::add_account))
        .route("/accounts/{name}", get(pages::one).post(pages::change_one))
        .route("/audit", get(pages::audit))
        .route("/password", get(auth::password).post(auth::change))
        .route("/sign-in", get(auth::sign_in).post(auth::submit))
        .route("/sign-out", post(auth::sign_out))
        .route("/theme", post(theme::choose))
        .merge(resources())
        .route("/assets/{name}", get(assets::get))
        .route("/metrics", get(api::metrics))
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback(not_found)
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .with_state(app.clone());
    // This wraps the routes, because the form of a page may be for another method than POST.
    let routes = Router::new()
        .fallback_service(routes)
        .layer(from_fn_with_state(app.clone(), api::browse))
        .layer(from_fn_with_state(app, error_page::with_menu))
        .layer(DefaultBodyLimit::max(form::LARGEST_CARRIED))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER_LIMIT,
        ))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(cookies, guard::forms_of_this_site));
    // These wrap the routes, so that a form can be shown again at its own address.
    Router::new()
        .fallback_service(routes)
        .layer(from_fn(form::receive))
        .layer(from_fn_with_state(hosts, guard::allowed_hosts))
        .layer(RequestBodyTimeoutLayer::new(BODY_LIMIT))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(is_https, guard::headers))
}
