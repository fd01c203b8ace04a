//! Responses that are not a complete page.

use super::api::{Api, answer};
use super::fault::Kind;
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

impl Api {
    /// The response of a fault that replaces the page.
    pub(super) fn failure(
        &self,
        strikes: &impl Fn(Kind) -> bool,
        token: &str,
        authorization: &str,
        uri: &Uri,
    ) -> Option<Response> {
        let later = |status| {
            let wait = [(header::RETRY_AFTER, self.options.retry_after.to_string())];
            (status, wait, "{}").into_response()
        };
        let detail = |status, text: &str| {
            answer(
                status,
                serde_json::json!({ "detail": text }).to_string().into(),
            )
        };
        let to = |place: String| {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response()
        };
        let query = uri.query().unwrap_or_default();
        if strikes(Kind::Expire) {
            self.tokens.lock().unwrap().remove(token);
            return Some(detail(StatusCode::UNAUTHORIZED, "Token expired."));
        }
        if strikes(Kind::Throttle) {
            return Some(later(StatusCode::TOO_MANY_REQUESTS));
        }
        if strikes(Kind::Unavailable) {
            return Some(later(StatusCode::SERVICE_UNAVAILABLE));
        }
        if strikes(Kind::Error) {
            return Some(answer(StatusCode::INTERNAL_SERVER_ERROR, "{}".into()));
        }
        if strikes(Kind::Forbid) {
            return Some(detail(StatusCode::FORBIDDEN, "Not for you.\u{1b}[2J"));
        }
        if strikes(Kind::Echo) {
            return Some(detail(
                StatusCode::BAD_REQUEST,
                &format!("got {authorization}"),
            ));
        }
        if strikes(Kind::Html) {
            return Some(axum::response::Html("<html>Under construction</html>").into_response());
        }
        if strikes(Kind::Huge) {
            return Some(endless(Duration::ZERO, 64 * 1024));
        }
        if strikes(Kind::Redirect) {
            let place = format!(
                "{}/appointments/?secret=marker&{query}",
                self.options.elsewhere
            );
            return Some(to(place));
        }
        if uri.path() != "/moved/" && strikes(Kind::Moved) {
            return Some(to(format!("/moved/?{query}")));
        }
        if strikes(Kind::SeeOther) {
            let place = [(header::LOCATION, "/moved/")];
            return Some((StatusCode::SEE_OTHER, place).into_response());
        }
        if strikes(Kind::Drip) {
            return Some(endless(Duration::from_millis(20), 1));
        }
        None
    }
}

/// Half of the body. Then the connection breaks, or nothing follows.
pub(super) fn partial(body: Vec<u8>, is_slow: bool) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
        let _ = sender.send(Ok(half)).await;
        if is_slow {
            sender.closed().await;
        } else {
            let _ = sender
                .send(Err(std::io::Error::other("broken on purpose")))
                .await;
        }
    });
    answer(StatusCode::OK, Body::from_stream(Chunks(receiver)))
}

/// Endless spaces: `count` of them after each pause.
fn endless(pause: Duration, count: usize) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        let spaces = Bytes::from(vec![b' '; count]);
        while sender.send(Ok(spaces.clone())).await.is_ok() {
            tokio::time::sleep(pause).await;
        }
    });
    answer(StatusCode::OK, Body::from_stream(Chunks(receiver)))
}

struct Chunks(tokio::sync::mpsc::Receiver<std::io::Result<Bytes>>);

impl futures_core::Stream for Chunks {
    type Item = std::io::Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
