//! A stream of events that updates open pages when jobs change.

use crate::web::auth::Account;
use crate::web::error::{WebError, WebResult};
use crate::web::state::App;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt};
use std::convert::Infallible;

/// Sends an event for each change of a job.
pub(crate) async fn job_events(
    State(app): State<App>,
    account: Account,
) -> WebResult<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>> {
    let permit = app.event_streams.take(&account.name).ok_or(WebError::Busy(
        "Too many pages of your account are live already.",
    ))?;
    let numbers = app
        .job_events
        .watch()
        .ok_or(WebError::Busy("Too many pages are live already."))?;
    let events = numbers.map(move |number| {
        // Keeps the permit as long as the stream.
        let _ = &permit;
        Ok(Event::default().event("jobs").data(number.to_string()))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
