//! Whether an address is that of a file or of an API.

use super::file_format::has_json_extension;
use super::layout::LayoutOptions;
use super::names::plain_name;
use super::{ReadAs, Request};
use reqwest::Url;
use serde::Serialize;
use std::path::Path;

/// Endings of names of files, besides those of JSON.
const ENDINGS: [&str; 4] = [".csv", ".tsv", ".tab", ".txt"];

/// How an address is read, for the user.
#[derive(Clone, Serialize)]
pub(crate) struct ReadAsChoice {
    /// `file` or `api`.
    pub(crate) kind: &'static str,
    pub(crate) reason: String,
    /// The option that overrides the choice.
    pub(crate) option: &'static str,
}

impl ReadAsChoice {
    pub(super) fn new(kind: ReadAs, reason: impl Into<String>) -> ReadAsChoice {
        let (kind, option) = match kind {
            ReadAs::File => ("file", "--as api"),
            ReadAs::Api => ("api", "--as file"),
        };
        ReadAsChoice {
            kind,
            reason: reason.into(),
            option,
        }
    }
}

/// What the options and the address say. None if the server must be asked.
pub(super) fn guess(request: &Request<'_>, url: &Url) -> Option<(ReadAs, ReadAsChoice)> {
    let choose = |kind, reason: String| Some((kind, ReadAsChoice::new(kind, reason)));
    if let Some(kind) = request.read_as {
        return choose(kind, "chosen with --as".into());
    }
    if !request.set.is_empty() {
        let reason = "--set names columns of elt.rest_source";
        return choose(ReadAs::Api, reason.into());
    }
    let name = url.path().to_lowercase();
    let plain = plain_name(&name);
    let ending = ENDINGS.iter().find(|ending| plain.ends_with(**ending));
    let is_packed = plain != name;
    if ending.is_some() || is_packed || has_json_extension(Path::new(&name)) {
        let dot = name
            .rfind('/')
            .and_then(|slash| name[slash..].find('.').map(|dot| slash + dot));
        let ending = dot.map_or("", |dot| &name[dot..]);
        let last = ending.rsplit('.').next().unwrap_or_default();
        return choose(ReadAs::File, format!("the path ends in .{last}"));
    }
    let about_files = LayoutOptions {
        records_at: None,
        ..request.layout.clone()
    };
    if about_files != LayoutOptions::default() {
        let reason = "options say how the file is written";
        return choose(ReadAs::File, reason.into());
    }
    None
}
