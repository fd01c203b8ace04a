//! Whether a file is JSON or CSV.

use super::input_path::InputPath;
use super::names::plain_name;
use crate::failure::{Exit, Failure};
use serde_json::Value;
use std::path::Path;

/// The error if options about JSON are given for another file.
pub(super) fn not_json(path: &InputPath) -> anyhow::Error {
    let message = format!("file \"{}\" is not JSON", path.display());
    Failure::new(Exit::Usage, message)
        .detail("--records-at and --flatten are about JSON files.")
        .into()
}

/// Whether the file name or the first character says JSON.
pub(super) fn is_json(path: &Path, start: &[u8]) -> bool {
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    has_json_extension(path) || first.is_some_and(|first| [b'[', b'{'].contains(first))
}

/// Whether the text is one object like those that servers answer instead of data.
pub(super) fn is_error_message(start: &[u8]) -> bool {
    let Ok(Value::Object(answer)) = serde_json::from_slice(start) else {
        return false;
    };
    let has_records = answer
        .values()
        .any(|value| value.as_array().is_some_and(|list| list.len() > 1));
    let names = ["error", "errors", "fault", "message", "error_description"];
    !has_records && names.iter().any(|name| answer.contains_key(*name))
}

/// Whether the file name says JSON, whatever the content looks like.
pub(super) fn has_json_extension(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    let name = plain_name(&name);
    [".json", ".ndjson", ".jsonl", ".geojson", ".geojsonl"]
        .iter()
        .any(|ending| name.ends_with(ending))
}
