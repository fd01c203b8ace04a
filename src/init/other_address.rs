//! Texts after `--from` that look like addresses but are not.

use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::path::Path;

/// Refuses an address of another scheme, and one without its scheme.
pub(super) fn refuse_other_address(from: &Path) -> Result<()> {
    let text = from.to_string_lossy();
    let hint = "An address begins with https://, http:// or s3://.";
    if let Some((scheme, _)) = text.split_once("://") {
        let message = format!(
            "--from does not read addresses of {}",
            scheme.escape_debug()
        );
        return Err(Failure::new(Exit::Usage, message).hint(hint).into());
    }
    let is_host =
        |first: &str| first.contains(':') || (first.contains('.') && !first.starts_with('.'));
    match text.split_once('/') {
        Some((first, _)) if is_host(first) && !Path::new(first).exists() => {
            let message = format!("file \"{text}\" does not exist");
            let spelling = "Check the spelling and the folder that you run elt from.";
            Err(Failure::new(Exit::Failed, message)
                .hint(format!("{spelling} {hint}"))
                .into())
        }
        _ => Ok(()),
    }
}
