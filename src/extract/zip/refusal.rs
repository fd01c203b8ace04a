//! The errors of archives.

use crate::failure::{Exit, Failure};
use std::io::{Error, ErrorKind};

/// Names that are shown if an archive has several files.
const SHOWN: usize = 20;

pub(super) fn several(names: &[String]) -> Error {
    let message = format!("the archive has {} files", names.len());
    let more = if names.len() > SHOWN { ", ..." } else { "" };
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let failure = Failure::new(Exit::Failed, message)
        .detail(format!("They are: {}{more}.", shown.join(", ")))
        .hint("Name one: elt init --member NAME, or elt.source.member.");
    Error::other(failure)
}

pub(super) fn refused(message: String) -> Error {
    let failure = Failure::new(Exit::Failed, message).hint("Unpack it first with unzip.");
    Error::other(failure)
}

/// The error for a damaged archive.
pub(super) fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidData, message.to_string())
}
