//! A database with the project `tests/projects/bikes`, which has a source of each mode.

use super::{Database, Elt, Folder, ProjectCopy};

pub(crate) struct Bikes {
    pub(crate) database: Database,
    pub(crate) project: ProjectCopy,
    pub(crate) data: Folder,
}

impl Bikes {
    /// Nothing is loaded.
    pub(crate) fn new() -> Bikes {
        let bikes = Bikes {
            database: Database::with_engine(),
            project: ProjectCopy::of("tests/projects/bikes"),
            data: Folder::new(),
        };
        bikes.elt("migrate").run().ok();
        bikes
    }

    pub(crate) fn elt(&self, line: &str) -> Elt {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.database.elt_with(self.project.path(), &args)
    }

    /// Writes the file of a source, which has two columns.
    pub(crate) fn write(&self, source: &str, rows: &[&str]) {
        let header = match source {
            "stations" => "station_id,name",
            "bikes" => "bike_id,station",
            "trips" => "trip_id,bike",
            _ => "bike_id,place",
        };
        let text = format!("{header}\n{}\n", rows.join("\n"));
        self.data.write(&format!("{source}.csv"), text);
    }

    /// A load from the folder of the files.
    pub(crate) fn loading(&self, line: &str) -> Elt {
        self.elt(&format!("load {line}"))
            .path("--data", self.data.path())
    }

    /// Writes the file of a source, which the command then loads.
    pub(crate) fn file(&self, source: &str, rows: &[&str]) -> Elt {
        self.write(source, rows);
        self.loading(&format!("{source} --json"))
    }

    /// Loads rows of a source, even if they are the same as before. Returns the load's number.
    pub(crate) fn load(&self, source: &str, rows: &[&str]) -> i64 {
        let outcome = self.file(source, rows).args(["--force"]).run().ok();
        let report = &outcome.json()["load"]["sources"][0];
        report["load_id"].as_i64().unwrap()
    }
}
