//! Commands as one would type them here: where `--project` names a project, it belongs to each.

use std::path::Path;
use std::sync::OnceLock;

static PROJECT: OnceLock<String> = OnceLock::new();

/// Called once, where the project is named on the command line.
pub(crate) fn commands_need_project(dir: &Path) {
    // It is set once; a second call would say the same.
    let _ = PROJECT.set(quoted(&dir.to_string_lossy()));
}

/// A text with commands in it: `elt load` becomes `elt --project DIR load`, if that is needed.
pub(crate) fn typed(text: &str) -> String {
    match PROJECT.get() {
        None => text.to_string(),
        Some(dir) => with_project(text, dir),
    }
}

/// Commands that messages propose.
const PROPOSED: [&str; 15] = [
    "check", "db", "export", "gc", "grants", "jobs", "load", "loads", "migrate", "purge",
    "rejects", "rollback", "status", "views", "worker",
];

fn with_project(text: &str, dir: &str) -> String {
    let mut parts = text.split("elt ");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let word = part.split(|each: char| !each.is_ascii_lowercase()).next();
        let is_command = word.is_some_and(|word| PROPOSED.contains(&word))
            && !out.ends_with(|before: char| before.is_alphanumeric());
        out.push_str("elt ");
        if is_command {
            out.push_str(&format!("--project {dir} "));
        }
        out.push_str(part);
    }
    out
}

/// A word for a shell.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |each: char| each.is_alphanumeric() || "/._-+~".contains(each);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_string(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_given_their_project() {
        let text = "see elt rejects 7, then elt load x; what elt does, and felt load";
        assert_eq!(
            with_project(text, "'my shop'"),
            "see elt --project 'my shop' rejects 7, then elt --project 'my shop' load x; what elt does, and felt load"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("a/b-c.d"), "a/b-c.d");
    }
}
