//! A project is its SQL: two folders of migrations (the engine's and the project's own) and a tree
//! of queries and views. They are embedded in the binary, or read from the folder of `--project`.

use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations");
static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql");

/// Folder of the engine's own files in both trees.
const ENGINE: &str = "elt";

/// Which kind of thing a file of `sql/` is, in the order in which they are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// Functions and views of the engine.
    Elt,
    /// Core queries, and the views that they share.
    Core,
    /// What people query.
    Mart,
    /// Rules.
    Quality,
    /// Queries of exported files.
    Export,
}

impl Layer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Layer::Elt => "elt",
            Layer::Core => "core",
            Layer::Mart => "mart",
            Layer::Quality => "quality",
            Layer::Export => "export",
        }
    }

    /// Where its objects live; exports are no objects, and only carry the name.
    fn schema(self) -> &'static str {
        match self {
            Layer::Elt => "elt",
            Layer::Core => "core",
            Layer::Mart => "public",
            Layer::Quality => "quality",
            Layer::Export => "export",
        }
    }

    fn of_folder(folder: &str) -> Option<Layer> {
        match folder {
            "" => Some(Layer::Elt),
            "core" => Some(Layer::Core),
            "mart" => Some(Layer::Mart),
            "quality" => Some(Layer::Quality),
            "export" => Some(Layer::Export),
            _ => None,
        }
    }
}

/// One file of `migrations/`.
#[derive(Clone, Debug)]
pub(crate) struct MigrationFile {
    /// For messages.
    pub(crate) path: String,
    /// `V0001__verb_object`.
    pub(crate) stem: String,
    pub(crate) text: String,
}

/// One file of `sql/`: one view, function, rule or query.
#[derive(Clone, Debug)]
pub(crate) struct SqlFile {
    /// For messages.
    pub(crate) path: String,
    pub(crate) layer: Layer,
    /// `schema.name`; `export.name` for an export.
    pub(crate) name: String,
    /// Keys of the comment at its head.
    pub(crate) header: BTreeMap<String, String>,
    pub(crate) text: String,
    /// In hexadecimal.
    pub(crate) sha256: String,
}

impl SqlFile {
    /// What the header's `reads` lists.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &str> {
        self.header
            .get("reads")
            .into_iter()
            .flat_map(|reads| reads.split(','))
            .map(str::trim)
    }

    pub(crate) fn stem(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

#[derive(Debug)]
pub(crate) struct Project {
    /// Database to use where the connection names none.
    pub(crate) database: String,
    /// The statement that makes that database.
    pub(crate) create_database: String,
    pub(crate) engine_migrations: Vec<MigrationFile>,
    pub(crate) project_migrations: Vec<MigrationFile>,
    /// Engine's and project's, by layer and name.
    pub(crate) sql: Vec<SqlFile>,
    /// Default of `--data`.
    pub(crate) data: PathBuf,
}

/// A file's path below its root, and its text.
type TextFile = (String, String);

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
                in_only_folder(own_migrations),
                in_only_folder(own_sql),
                PathBuf::from("data"),
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
            let below = path[ENGINE.len() + 1..].to_string();
            sql.push(sql_file(format!("sql/{path}"), &below, text)?);
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

    pub(crate) fn exports(&self) -> impl Iterator<Item = &SqlFile> {
        self.sql.iter().filter(|file| file.layer == Layer::Export)
    }
}

/// A file of the project: its path for messages, and its path below the project's folder.
struct NamedFile {
    path: String,
    below: String,
    text: String,
}

fn embedded_files(dir: &Dir<'_>) -> Result<Vec<TextFile>> {
    let mut files = Vec::new();
    for entry in dir.entries() {
        match entry {
            include_dir::DirEntry::Dir(dir) => files.extend(embedded_files(dir)?),
            include_dir::DirEntry::File(file) => {
                let path = file.path().to_string_lossy().into_owned();
                if path.ends_with(".sql") {
                    let text = file.contents_utf8().context(path.clone())?;
                    files.push((path, text.to_string()));
                }
            }
        }
    }
    Ok(files)
}

/// The built-in project is the one folder beside the engine's.
fn in_only_folder(files: Vec<TextFile>) -> Vec<NamedFile> {
    files
        .into_iter()
        .filter_map(|(path, text)| {
            let below = path.split_once('/')?.1.to_string();
            Some(NamedFile { path, below, text })
        })
        .collect()
}

fn files_in(dir: &Path) -> Result<Vec<NamedFile>> {
    fn collect(dir: &Path, below: &str, files: &mut Vec<NamedFile>) -> Result<()> {
        let entries = std::fs::read_dir(dir).map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("could not read folder \"{}\": {error}", dir.display()),
            )
            .hint("A project is a folder with migrations/ and sql/.")
        })?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            if path.is_dir() {
                collect(&path, &format!("{below}{name}/"), files)?;
            } else if name.ends_with(".sql") {
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("could not read file \"{}\"", path.display()))?;
                files.push(NamedFile {
                    path: path.display().to_string(),
                    below: format!("{below}{name}"),
                    text,
                });
            }
        }
        Ok(())
    }
    let mut files = Vec::new();
    collect(dir, "", &mut files)?;
    Ok(files)
}

/// Names must be gapless versions, since refinery passes over what it cannot read.
fn migration_files(mut files: Vec<NamedFile>) -> Result<Vec<MigrationFile>> {
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
                "Name it {expected}verb_object.sql: numbers have no gap."
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

fn sql_file(path: String, below: &str, text: String) -> Result<SqlFile> {
    let (folder, name) = below.rsplit_once('/').unwrap_or(("", below));
    let stem = name.trim_end_matches(".sql");
    let layer = Layer::of_folder(folder).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("file \"{path}\" is in no layer"))
            .hint("sql/ has the folders core, mart, quality and export.")
    })?;
    let header = header(&text);
    let refuse = |reason: &str, hint: String| -> anyhow::Error {
        Failure::new(Exit::Usage, format!("file \"{path}\" {reason}"))
            .hint(hint)
            .into()
    };
    if !is_identifier(stem) {
        return Err(refuse(
            "is not named like an SQL object",
            "Use lower case letters, digits and _.".into(),
        ));
    }
    let name = format!("{}.{stem}", layer.schema());
    let level = header.get("level").map(String::as_str);
    if layer == Layer::Quality && !matches!(level, Some("warning" | "error")) {
        return Err(refuse(
            "has no level",
            "Add to its header: -- level: warning, or -- level: error.".into(),
        ));
    }
    let creates = |kind: &str| text.contains(&format!("create or replace {kind} {name}"));
    if layer != Layer::Export && !creates("view") && !creates("function") {
        return Err(refuse(
            &format!("does not create \"{name}\""),
            format!("Its statement is: create or replace view {name} as ..."),
        ));
    }
    let sha256 = hex(&Sha256::digest(text.as_bytes()));
    Ok(SqlFile {
        path,
        layer,
        name,
        header,
        text,
        sha256,
    })
}

/// `-- key:  value` lines at the head of a file; lines indented below a key continue it.
fn header(text: &str) -> BTreeMap<String, String> {
    let mut header: BTreeMap<String, String> = BTreeMap::new();
    let mut last = None;
    for line in text.lines() {
        let Some(comment) = line.strip_prefix("--") else {
            break;
        };
        let key = comment
            .strip_prefix(' ')
            .filter(|rest| rest.starts_with(|first: char| first.is_ascii_lowercase()))
            .and_then(|rest| rest.split_once(':'));
        match (key, &last) {
            (Some((key, value)), _) => {
                header.insert(key.to_string(), value.trim().to_string());
                last = Some(key.to_string());
            }
            (None, Some(last)) => {
                if let Some(value) = header.get_mut(last) {
                    value.push(' ');
                    value.push_str(comment.trim());
                }
            }
            (None, None) => {}
        }
    }
    header
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
    fn header_keys_may_go_on_over_lines() {
        let header =
            header("-- grain:  one row\n-- reads:  a.b,\n--         c.d\nselect 1 -- x: y\n");
        assert_eq!(header["grain"], "one row");
        assert_eq!(header["reads"], "a.b, c.d");
        assert_eq!(header.len(), 2);
    }

    #[test]
    fn the_embedded_project_holds_what_the_folders_hold() -> Result<()> {
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
