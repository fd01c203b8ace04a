//! A load that is held.

use super::{Database, Folder, HEADER};

/// Load 1 is live and load 2 is held: it removes row 2, adds row 3, and changes row 1 to a text that looks like HTML.
pub(crate) fn with_held_load() -> (Database, Folder) {
    let (database, data) = (Database::new(), Folder::new());
    let rows = "1,1,,4,4,,,2023-02-01\n1,2,,4,4,,,2023-02-01\n";
    load(&database, &data, rows, &[]);
    let rows = "1,1,,4,4,<b>x</b>,,2023-02-01\n1,3,,4,4,,,2023-02-01\n";
    load(&database, &data, rows, &["--hold"]);
    (database, data)
}

/// Loads appointments from a file with these rows.
pub(crate) fn load(database: &Database, data: &Folder, rows: &str, flags: &[&str]) {
    data.write("lab1_appointments.csv", format!("{HEADER}{rows}"));
    let load = database.elt().args(["load", "appointments"]).args(flags);
    load.path("--data", data.path()).run().ok();
}
