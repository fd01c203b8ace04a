//! A database with the engine's schema, for tests of other projects than the built-in one. Applying the engine's
//! migrations takes longer than most of these tests.

use super::{Database, Folder};
use std::sync::OnceLock;

impl Database {
    /// Without the schema of a project.
    pub(crate) fn with_engine() -> Database {
        static TEMPLATE: OnceLock<Database> = OnceLock::new();
        Database::copy_of(TEMPLATE.get_or_init(|| {
            let (database, project) = (Database::empty(), Folder::new());
            std::fs::create_dir(project.path().join("migrations")).unwrap();
            project.write("sql/database.sql", "create database nothing;\n");
            let migrate = database.elt_with(project.path(), &["migrate"]);
            migrate.run().ok();
            database
        }))
    }
}
