//! The folders that a worker may read. Arguments of jobs and locations of loads in the database name the files;
//! a role that can write these must not be able to read all files of the worker's machine.

use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::path::{Component, Path, PathBuf};

/// One or more folders, as named by the user.
pub(crate) struct Folders(Vec<PathBuf>);

impl Folders {
    pub(crate) fn new(folders: Vec<PathBuf>) -> Folders {
        Folders(folders)
    }

    /// The path in the first folder that has the file, or in the first folder if none has it.
    pub(super) fn find(&self, file: &str) -> Result<PathBuf> {
        let places = self.0.iter().map(|folder| folder.join(file));
        let places: Vec<PathBuf> = places.collect();
        let there = places.iter().find(|place| place.exists());
        let place = there.or(places.first());
        Ok(std::path::absolute(
            place.map_or(Path::new(file), PathBuf::as_path),
        )?)
    }

    /// Refuses a path that is not below one of the folders after links are resolved. The check does not reveal
    /// whether the path exists. `what`: the noun for messages, as in `file of source "x"`; `folder`: the folder
    /// that would allow the path.
    pub(crate) fn require(&self, what: &str, path: &Path, folder: &Path) -> Result<()> {
        if self.0.iter().any(|folder| is_below(path, folder)) {
            return Ok(());
        }
        let named: Vec<String> = self.0.iter().map(|folder| shown(folder)).collect();
        let message = format!(
            "{what} is outside the folders that this worker may read: \"{}\"",
            path.display()
        );
        Err(Failure::new(Exit::Usage, message)
            .detail(format!("It may read {}.", named.join(" and ")))
            .hint(format!(
                "To allow this folder too, start the worker with --data {} --data {}.",
                shown(folder),
                named.join(" --data "),
            ))
            .into())
    }
}

/// Whether the path is the folder or below it after links are resolved. For a path that does not exist yet, the
/// existing part counts.
pub(crate) fn is_below(path: &Path, folder: &Path) -> bool {
    match (resolved(path), resolved(folder)) {
        (Some(path), Some(folder)) => path.starts_with(folder),
        _ => false,
    }
}

fn resolved(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let existing = path
        .ancestors()
        .find(|part| part.symlink_metadata().is_ok())?;
    let rest = path.strip_prefix(existing).ok()?;
    // ".." in a part that does not exist cannot be resolved.
    let is_plain = rest
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    is_plain.then_some(existing.canonicalize().ok()?.join(rest))
}

fn shown(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    crate::failure::sentence::quoted(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_dots_lead_nowhere_else() -> Result<()> {
        let root = tempfile::tempdir()?;
        let [inside, outside] = ["data", "other"].map(|name| root.path().join(name));
        for folder in [&inside, &outside] {
            std::fs::create_dir(folder)?;
            std::fs::write(folder.join("x.csv"), "a\n")?;
        }
        std::os::unix::fs::symlink(&outside, inside.join("link"))?;
        for path in ["x.csv", "not/yet.csv", "../data/x.csv", "."] {
            assert!(is_below(&inside.join(path), &inside), "{path}");
        }
        for path in [
            "link/x.csv",
            "../other/x.csv",
            "not/../../other/x.csv",
            "..",
            "link/not.csv",
        ] {
            assert!(!is_below(&inside.join(path), &inside), "{path}");
        }
        let beside = root.path().join("data2");
        assert!(!is_below(&beside, &inside), "a name that begins the same");
        Ok(())
    }
}
