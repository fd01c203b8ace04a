//! `.pgpass`: passwords by host, port, database and user.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The fields by which a password is found.
pub(super) struct Login<'a> {
    /// The host's name, or its address if it has no name, or the folder of its socket.
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) database: &'a str,
    pub(super) user: &'a str,
}

/// Why the file is not used. `None` if it is used or does not exist.
pub(super) fn problem(file: &Path) -> Option<&'static str> {
    let found = std::fs::metadata(file).ok()?;
    match (found.is_file(), found.permissions().mode() & 0o077) {
        (false, _) => Some("is not a plain file"),
        (true, 0) => None,
        (true, _) => Some(
            "has group or world access and is ignored; permissions should be u=rw (0600) or less",
        ),
    }
}

/// The password in the first line that matches, if only the owner may read the file.
pub(super) fn find(file: &Path, login: &Login<'_>) -> Option<String> {
    if problem(file).is_some() {
        return None;
    }
    let text = std::fs::read(file).ok()?;
    search(&String::from_utf8_lossy(&text), login)
}

fn search(text: &str, login: &Login<'_>) -> Option<String> {
    let host = if super::hosts::is_default_socket(login.host) {
        "localhost"
    } else {
        login.host
    };
    let port = login.port.to_string();
    let wanted = [host, &port, login.database, login.user];
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.find_map(|line| {
        let fields = wanted
            .iter()
            .try_fold(line, |rest, value| after(rest, value));
        fields.map(|rest| field(rest).0)
    })
}

/// The rest of a line whose first field is this value, or `*`.
fn after<'a>(line: &'a str, value: &str) -> Option<&'a str> {
    if let Some(rest) = line.strip_prefix("*:") {
        return Some(rest);
    }
    let (found, rest) = field(line);
    rest.filter(|_| found == value)
}

/// The text up to the next colon without a backslash before it, and the rest after the colon.
fn field(line: &str) -> (String, Option<&str>) {
    let mut text = String::new();
    let mut characters = line.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            ':' => return (text, Some(&line[at + 1..])),
            // A backslash at the end of the line is a character of the value.
            '\\' => text.push(characters.next().map_or('\\', |(_, escaped)| escaped)),
            other => text.push(other),
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn password(text: &str) -> Option<String> {
        let login = Login {
            host: "db.example",
            port: 5432,
            database: "sales",
            user: "me",
        };
        search(text, &login)
    }

    #[test]
    fn finds_the_first_line_that_matches() {
        let text = "#db.example:5432:sales:me:no\nother:*:*:*:no\n*:5432:*:me:yes\n*:*:*:*:no\n";
        assert_eq!(password(text).as_deref(), Some("yes"));
        assert_eq!(password("db.example:5432:sales\n"), None);
        assert_eq!(password("**:5432:sales:me:no\n"), None);
    }

    proptest! {
        #[test]
        fn finds_escaped_names(names in prop::array::uniform4("[^\n\r]{1,8}")) {
            let [host, database, user, wanted] = &names;
            prop_assume!(!host.starts_with(['/', '#']));
            let escape = |text: &str| text.replace('\\', "\\\\").replace(':', "\\:");
            let line = format!("{}:*:{}:{}:{}", escape(host), escape(database), escape(user), escape(wanted));
            let login = Login { host, port: 1, database, user };
            prop_assert_eq!(search(&line, &login), Some(wanted.clone()));
        }
    }
}
