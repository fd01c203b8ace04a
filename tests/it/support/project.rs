//! A copy of a project as a folder, for tests that change it.

use super::{Folder, copy_folder, repository};
use std::path::Path;

pub(crate) struct ProjectCopy(Folder);

impl ProjectCopy {
    pub(crate) fn new() -> ProjectCopy {
        let folder = Folder::new();
        for (from, to) in [
            ("migrations/epion", "migrations"),
            ("sql/epion", "sql"),
            ("data", "data"),
        ] {
            copy_folder(&repository().join(from), &folder.path().join(to));
        }
        ProjectCopy(folder)
    }

    /// Copies another project, a folder of this repository.
    pub(crate) fn of(project: &str) -> ProjectCopy {
        let folder = Folder::new();
        copy_folder(&repository().join(project), folder.path());
        ProjectCopy(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.0.write(name, text);
    }

    /// Adds the next migration, or leaves out `skip` numbers before it. Returns its file's name.
    pub(crate) fn add_migration(&self, skip: i64, name: &str, text: &str) -> String {
        let number = migrations("epion") + 1 + skip;
        let file = format!("V{number:04}__{name}.sql");
        self.0.write(&format!("migrations/{file}"), text);
        file
    }

    /// Removes the migrations from a number on, for `write` to bring back. Returns their names and texts, in order.
    pub(crate) fn remove_migrations(&self, from: usize) -> Vec<(String, String)> {
        let names = std::fs::read_dir(self.path().join("migrations")).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let first = format!("V{from:04}");
        let mut names: Vec<String> = names.filter(|name| *name > first).collect();
        names.sort();
        let removed = names.into_iter().map(|name| {
            let name = format!("migrations/{name}");
            let text = self.0.read(&name);
            self.remove(&name);
            (name, text)
        });
        removed.collect()
    }

    /// Replaces a text, which the file must have.
    pub(crate) fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.0.read(name);
        assert!(text.contains(from), "{name} has no {from}");
        self.0.write(name, text.replace(from, to));
    }

    /// Renames a column of `public.valid_appointments`, so that the view and its readers are created again.
    pub(crate) fn rename_a_column(&self) {
        const VALID: &str = "sql/mart/valid_appointments.sql";
        let (from, to) = ("valid_appointments.is_epion", "valid_appointments.is_live");
        self.replace(VALID, "as is_epion,", "as is_live,");
        self.replace(VALID, &format!("{from} is"), &format!("{to} is"));
        for reader in [
            "epion_appointments",
            "epion_utilization",
            "appointment_funnel",
            "department_reasons",
        ] {
            self.replace(&format!("sql/mart/{reader}.sql"), from, to);
        }
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path().join(name)).unwrap();
    }
}

/// The number of migrations of `elt` or `epion`.
pub(crate) fn migrations(folder: &str) -> i64 {
    let folder = repository().join("migrations").join(folder);
    i64::try_from(std::fs::read_dir(folder).unwrap().count()).unwrap()
}
