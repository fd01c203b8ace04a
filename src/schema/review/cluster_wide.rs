//! Statements that act on the whole server: on roles, databases, tablespaces and settings. They cannot be run
//! in a scratch database.

use crate::project::MigrationFile;
use crate::schema::sql_text::{folded_words, statements};

/// Decides by the first words of a statement. A code block is searched for any such words, because it may run
/// statements from strings.
pub(super) fn is_cluster_wide(statement: &str) -> bool {
    let parts = folded_words(statement);
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    if words.first() != Some(&"do") {
        return begins_cluster_wide(&words);
    }
    let code = statement.to_ascii_lowercase().replace(';', " ; ");
    let words: Vec<&str> = code
        .split(|each: char| !each.is_alphanumeric() && each != '_' && each != ';')
        .filter(|word| !word.is_empty())
        .collect();
    (0..words.len()).any(|index| begins_cluster_wide(&words[index..]))
}

fn begins_cluster_wide(words: &[&str]) -> bool {
    match words {
        ["create" | "alter" | "drop", "user", "mapping", ..] => false,
        [
            "create" | "alter" | "drop",
            "role" | "user" | "group" | "database" | "tablespace" | "subscription",
            ..,
        ]
        | ["alter", "system", ..]
        | ["reassign" | "drop", "owned", ..] => true,
        ["comment", rest @ ..] | ["security", "label", rest @ ..] => {
            matches!(object_kind(rest), Some("role" | "database" | "tablespace"))
        }
        // A grant without "on" grants a role to a role.
        ["grant" | "revoke", rest @ ..] => matches!(
            object_kind(rest),
            None | Some("database" | "tablespace" | "parameter")
        ),
        _ => false,
    }
}

/// The kind of object that a statement acts on.
fn object_kind<'a>(words: &[&'a str]) -> Option<&'a str> {
    let mut words = words.iter().copied().take_while(|word| *word != ";");
    words.find(|word| *word == "on").and(words.next())
}

/// The file with those statements as comments.
pub(super) fn without_cluster_wide(file: &MigrationFile) -> MigrationFile {
    let statements = statements(&file.text);
    if !statements.iter().any(|each| is_cluster_wide(each)) {
        return file.clone();
    }
    let mut text = String::new();
    for statement in statements {
        for line in statement.lines() {
            // Header comments are kept.
            if is_cluster_wide(statement) && !line.starts_with("--") {
                text.push_str("-- ");
            }
            text.push_str(line);
            text.push('\n');
        }
        text.push_str(";\n");
    }
    MigrationFile {
        text,
        ..file.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_the_whole_server_is_told_from_what_does_not() {
        for statement in [
            "-- why\nCREATE ROLE reporting nologin",
            "drop user if exists ann",
            "alter database shop set application_name to 'x'",
            "alter /* all */ system set work_mem = '1GB'",
            "grant a, b to c",
            "revoke admin option for a from b",
            "grant connect on database shop to a",
            "comment on role a is 'on table'",
            "drop owned by a",
            "do $$ begin if not exists (select from pg_roles) then create role a; end if; end $$",
            "do $$ begin execute 'alter role ' || 'a'; end $$",
        ] {
            assert!(is_cluster_wide(statement), "{statement}");
        }
        for statement in [
            "grant select on core.orders to a",
            "create user mapping for a server b",
            "comment on table core.orders is 'role'",
            "drop table core.role",
            "select 'create role a'",
            "create policy a on core.orders to b",
            "do $$ begin grant select on core.orders to a; end $$",
        ] {
            assert!(!is_cluster_wide(statement), "{statement}");
        }
    }

    #[test]
    fn what_is_left_out_leaves_the_header_and_the_rest() {
        let file = MigrationFile {
            path: String::new(),
            stem: String::new(),
            text: "-- transaction: none\ncreate role a\n    login;\nselect 1".into(),
        };
        assert_eq!(
            without_cluster_wide(&file).text,
            "-- transaction: none\n-- create role a\n--     login\n;\nselect 1\n;\n"
        );
    }
}
