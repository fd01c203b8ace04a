//! Encoding of values in the addresses of this site.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that need no encoding in a query string.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// The address that runs a query on the page `/sql`.
pub(crate) fn sql_link(sql: &str) -> String {
    format!("/sql?sql={}", encoded(sql))
}

pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The address if it is on this site, else `/`. Browsers take `//elsewhere` and `/\elsewhere` for other sites.
pub(crate) fn own_path(next: &str) -> &str {
    let is_own = next.starts_with('/')
        && !next[1..].starts_with(['/', '\\'])
        && !next.contains(|letter: char| letter.is_control());
    if is_own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn after_signing_in_one_stays_here() {
        for (next, path) in [
            ("/jobs?state=dead", "/jobs?state=dead"),
            ("//elsewhere", "/"),
            ("/\\elsewhere", "/"),
            ("https://elsewhere", "/"),
            ("", "/"),
            ("/x\r\nSet-Cookie: a", "/"),
        ] {
            assert_eq!(own_path(next), path);
        }
    }
}
