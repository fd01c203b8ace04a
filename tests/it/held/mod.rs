//! Dry runs, and loads that are held until they are published or discarded. `modes/previews.rs` has random sequences.

mod dry_runs;
mod kills;
mod several;
mod waiting;

use crate::support::{Database, Elt, Folder, Outcome};
use serde_json::Value;

/// Loads by number, with their states.
const STATES: &str =
    "select coalesce(string_agg(load_id || ' ' || state, ', ' order by load_id), '') from elt.load";

/// The project's own load, and folders with other files for it.
struct Lab {
    database: Database,
    data: Folder,
}

impl Lab {
    /// With live data of a row or two for each source; `data` are the project's files.
    fn loaded() -> Lab {
        let database = Database::new();
        database.load(&Folder::with_other_data()).ok();
        Lab {
            database,
            data: Folder::with_data(),
        }
    }

    fn load(&self, line: &str) -> Elt {
        let args = line.split_whitespace();
        let elt = self.database.elt().args(["load"]).args(args);
        elt.path("--data", self.data.path())
    }

    fn elt(&self, line: &str) -> Outcome {
        self.database.elt().args(line.split_whitespace()).run()
    }
}

/// The part of a report about a relation.
fn relation<'a>(report: &'a Value, name: &str) -> &'a Value {
    let relations = report["load"]["preview"]["relations"].as_array().unwrap();
    let found = relations.iter().find(|relation| relation["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {report:#}"))
}

/// Requires texts in what a command prints.
fn shows(outcome: &Outcome, texts: &[&str]) {
    for text in texts {
        assert!(
            outcome.stdout.contains(text),
            "lacks {text}: {}",
            outcome.stdout
        );
    }
}
