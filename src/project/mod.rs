//! A project is its SQL: two folders of migrations (the engine's and the project's own) and a tree
//! of queries and views. They are embedded in the binary, or read from the folder of `--project`.

mod condition;
mod files;
mod header;
mod layer;
mod limit;
mod migration_file;
mod sql_file;

use crate::failure::{Exit, Failure};
use anyhow::Result;
use files::{NamedFile, TextFile, embedded_files, files_in, outside_engine_folder, with_paths};
use include_dir::{Dir, include_dir};
use migration_file::migration_files;
use sql_file::sql_file;
use std::path::{Path, PathBuf};

pub(crate) use layer::Layer;
pub(crate) use migration_file::MigrationFile;
pub(crate) use sql_file::SqlFile;

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations");
static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql");

/// Folder of the engine's own files in both trees.
const ENGINE: &str = "elt";

#[derive(Debug)]
pub(crate) struct Project {
    /// The database that is used if the connection names none.
    pub(crate) database: String,
    /// The statement that creates this database.
    pub(crate) create_database: String,
    pub(crate) engine_migrations: Vec<MigrationFile>,
    pub(crate) project_migrations: Vec<MigrationFile>,
    /// The files of the engine and the project, by layer and name.
    pub(crate) sql: Vec<SqlFile>,
    /// The default of `--data`.
    pub(crate) data: PathBuf,
}

impl Project {
    pub(crate) fn open(dir: Option<&Path>) -> Result<Project> {
        let (migrations, sql) = (embedded_files(&MIGRATIONS)?, embedded_files(&SQL)?);
        let in_engine = |file: &TextFile| file.0.starts_with(&format!("{ENGINE}/"));
        let (engine_migrations, own_migrations) = migrations.into_iter().partition(in_engine);
        let (engine_sql, own_sql): (Vec<_>, Vec<_>) = sql.into_iter().partition(in_engine);
        match dir {
            None => Project::from_files(
                engine_migrations,
                engine_sql,
                outside_engine_folder(with_paths("migrations", own_migrations)),
                outside_engine_folder(with_paths("sql", own_sql)),
                PathBuf::from("data"),
            ),
            // This repository, whose two trees also contain the engine's files.
            Some(dir) if dir.join("sql").join(ENGINE).is_dir() => Project::from_files(
                engine_migrations,
                engine_sql,
                outside_engine_folder(files_in(&dir.join("migrations"))?),
                outside_engine_folder(files_in(&dir.join("sql"))?),
                dir.join("data"),
            ),
            Some(dir) => Project::from_files(
                engine_migrations,
                engine_sql,
                files_in(&dir.join("migrations"))?,
                files_in(&dir.join("sql"))?,
                dir.join("data"),
            ),
        }
    }

    fn from_files(
        engine_migrations: Vec<TextFile>,
        engine_sql: Vec<TextFile>,
        own_migrations: Vec<NamedFile>,
        own_sql: Vec<NamedFile>,
        data: PathBuf,
    ) -> Result<Project> {
        let mut sql = Vec::new();
        let mut create_database = None;
        for (path, text) in engine_sql {
            let below = &path[ENGINE.len() + 1..];
            // The folders tell the purpose of the files. Only the folder of the rules is a layer.
            let below = match below.rsplit_once('/') {
                Some((folder, name)) if folder != Layer::Quality.name() => name,
                _ => below,
            };
            sql.push(sql_file(format!("sql/{path}"), below, text)?);
        }
        for file in own_sql {
            if file.below == "database.sql" {
                create_database = Some((file.path, file.text));
            } else {
                sql.push(sql_file(file.path, &file.below, file.text)?);
            }
        }
        sql.sort_by(|one, other| (one.layer, &one.name).cmp(&(other.layer, &other.name)));
        let (path, create_database) = create_database.ok_or_else(|| {
            Failure::new(Exit::Usage, "the project has no file \"sql/database.sql\"")
                .hint("Write it with one statement: create database NAME;")
        })?;
        let engine_migrations = engine_migrations
            .into_iter()
            .map(|(path, text)| NamedFile {
                below: path[ENGINE.len() + 1..].to_string(),
                path: format!("migrations/{path}"),
                text,
            })
            .collect();
        Ok(Project {
            database: database_name(&path, &create_database)?,
            create_database,
            engine_migrations: migration_files(engine_migrations)?,
            project_migrations: migration_files(own_migrations)?,
            sql,
            data,
        })
    }

    /// The query of a view of the engine, for databases that may not have the view yet.
    pub(crate) fn engine_query(&self, view: &str) -> Option<&str> {
        let mut files = self.sql.iter().filter(|file| file.layer == Layer::Elt);
        files.find(|file| file.name == view)?.query()
    }

    pub(crate) fn exports(&self) -> impl Iterator<Item = &SqlFile> {
        self.sql.iter().filter(|file| file.layer == Layer::Export)
    }
}

/// The name in the one statement of `database.sql`.
fn database_name(path: &str, text: &str) -> Result<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("create database "))
        .filter_map(|rest| rest.split([' ', ';']).next())
        .find(|name| is_identifier(name))
        .map(str::to_string)
        .ok_or_else(|| {
            Failure::new(Exit::Usage, format!("file \"{path}\" creates no database"))
                .hint("Its statement is: create database NAME;")
                .into()
        })
}

fn is_identifier(name: &str) -> bool {
    name.len() <= 63
        && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name
            .chars()
            .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_')
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_equal_the_folders() -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (dir, embedded) in [("migrations", &MIGRATIONS), ("sql", &SQL)] {
            let mut on_disk: Vec<_> = files_in(&root.join(dir))?
                .into_iter()
                .map(|file| (file.below, file.text))
                .collect();
            let mut embedded = embedded_files(embedded)?;
            on_disk.sort();
            embedded.sort();
            assert_eq!(on_disk, embedded);
        }
        Ok(())
    }
}
