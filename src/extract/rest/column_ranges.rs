//! The values that the checks of `elt.rest_source` allow, for values that users give before there is a row.

use serde_json::Value;

/// The columns with a range, and its limits. Those of intervals are in seconds.
const RANGES: [(&str, f64, f64); 9] = [
    ("connect_timeout", 0.001, 3_600.0),
    ("max_attempts", 1.0, 100.0),
    ("max_response_bytes", 1.0, 1_073_741_824.0),
    ("max_restarts", 0.0, 100.0),
    ("max_retry_delay", 0.0, 86_400.0),
    ("page_size", 1.0, f64::INFINITY),
    ("requests_per_second", 0.001, 1_000_000.0),
    ("response_timeout", 0.001, 86_400.0),
    ("retry_delay", 0.0, 3_600.0),
];

/// The allowed values, if this one is not allowed: `from 1 to 100`.
pub(super) fn allowed_instead(name: &str, value: &Value) -> Option<String> {
    let begins_with_slash = || value.as_str().is_some_and(|path| path.starts_with('/'));
    if matches!(name, "path" | "sign_in_path") && !begins_with_slash() {
        return Some("a path that begins with a slash".into());
    }
    let (_, least, most) = RANGES.iter().find(|(column, _, _)| *column == name)?;
    let number = value.as_f64()?;
    if (*least..=*most).contains(&number) {
        return None;
    }
    let unit = if name.contains("timeout") || name.contains("delay") {
        " seconds"
    } else {
        ""
    };
    Some(if most.is_finite() {
        format!("from {least} to {most}{unit}")
    } else {
        format!("{least} or more")
    })
}
