//! The files of `migrations/`, in order of their versions.

use super::files::NamedFile;
use super::is_identifier;
use crate::failure::{Exit, Failure};
use anyhow::Result;

/// One file of `migrations/`.
#[derive(Clone, Debug)]
pub(crate) struct MigrationFile {
    /// For messages.
    pub(crate) path: String,
    /// `V0001__verb_object`.
    pub(crate) stem: String,
    pub(crate) text: String,
}

impl MigrationFile {
    /// Whether its header says `-- transaction: none`, for statements that PostgreSQL refuses in a transaction, such
    /// as `create index concurrently`.
    pub(crate) fn is_outside_transaction(&self) -> bool {
        self.text
            .lines()
            .take_while(|line| line.starts_with("--"))
            .filter_map(|line| line.strip_prefix("-- transaction:"))
            .any(|value| value.trim() == "none")
    }
}

/// Versions must be gapless, because refinery ignores files whose name it cannot parse.
pub(super) fn migration_files(mut files: Vec<NamedFile>) -> Result<Vec<MigrationFile>> {
    files.sort_by(|one, other| one.below.cmp(&other.below));
    let mut migrations = Vec::new();
    for (index, file) in files.into_iter().enumerate() {
        let expected = format!("V{:04}__", index + 1);
        let stem = file.below.trim_end_matches(".sql").to_string();
        let good = stem.strip_prefix(&expected).is_some_and(is_identifier);
        if !good {
            return Err(Failure::new(
                Exit::Usage,
                format!("migration \"{}\" is out of order", file.path),
            )
            .hint(format!(
                "Name it {expected}verb_object.sql: numbers have no gap. If that file was applied and is lost, the \
                 database has its text: psql -XAtc \"select left(applied_text, -1) from elt.project_migration \
                 where version = {}\"",
                index + 1
            ))
            .into());
        }
        migrations.push(MigrationFile {
            path: file.path,
            stem,
            text: file.text,
        });
    }
    Ok(migrations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_in_the_versions_is_refused() {
        let file = |below: &str| NamedFile {
            path: below.into(),
            below: below.into(),
            text: String::new(),
        };
        assert!(migration_files(vec![file("V0001__a.sql"), file("V0002__b.sql")]).is_ok());
        assert!(migration_files(vec![file("V0001__a.sql"), file("V0003__b.sql")]).is_err());
        assert!(migration_files(vec![file("V1__a.sql")]).is_err());
    }
}
