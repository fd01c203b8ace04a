//! APIs: init infers how their pages are read, reports each choice, and the project loads them.

mod inference;
mod overrides;
mod refused;
mod shapes;
mod walks;

use super::{init, run, run_on, types};
use crate::rest::given::{Answer, Given, Received};
use crate::support::Folder;
use serde_json::{Value, json};
use std::path::Path;

/// Records whose ids are in this range.
fn records(ids: std::ops::Range<usize>) -> Vec<Value> {
    ids.map(|id| json!({"id": id, "name": format!("n{id}"), "paid_on": "2026-01-05"}))
        .collect()
}

/// The export of those records.
fn exported(ids: std::ops::Range<usize>) -> String {
    let rows = ids.map(|id| format!("{id},n{id},2026-01-05\n"));
    "id,name,paid_on\n".to_string() + &rows.collect::<String>()
}

/// `setting=value` of each choice.
fn choices(document: &Value) -> String {
    let choices = document["project"]["layout"].as_array().unwrap().iter();
    let text = |choice: &Value, key: &str| choice[key].as_str().unwrap().to_string();
    let choices = choices.map(|choice| text(choice, "setting") + "=" + &text(choice, "value"));
    choices.collect::<Vec<_>>().join(" ")
}

/// Creates a project for the address. Returns the document.
fn init_api(project: &Path, address: &str, args: &[&str]) -> Value {
    let init = init(project, &["--json", "--from", address]).args(args);
    init.run().ok().json()
}

/// The choices for a server that gives this answer to every request. The settings are not tested with further pages.
fn choices_for(answer: &Answer, path: &str, args: &[&str]) -> String {
    let (folder, answer) = (Folder::new(), answer.clone());
    let server = Given::start(move |_, _| answer.clone());
    let project = folder.path().join("project");
    choices(&init_api(&project, &server.at(path), args))
}

/// A server of 25 records in pages of 10. `page`: the answer for the records of a page, their first id and the request.
fn paged(
    first: impl Fn(&Received) -> usize + Send + Sync + 'static,
    page: impl Fn(Vec<Value>, usize, &Received) -> Answer + Send + Sync + 'static,
) -> Given {
    Given::start(move |request, _| {
        let first = first(request).min(25);
        let last = (first + 10).min(25);
        page(records(first..last), last, request)
    })
}

/// The address of a path on the server that got the request.
fn address(request: &Received, path: &str) -> String {
    format!("http://{}{path}", request.headers["host"].to_str().unwrap())
}

fn with_type(content_type: &str, body: &str) -> Answer {
    Answer::json(body).with("content-type", content_type)
}
