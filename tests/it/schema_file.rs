//! expected/schema.sql: the whole schema in one file, so that a DBA can review each change of a migration or of `sql/`
//! as a difference.

use crate::support::{Database, difference, repository, schema_of};

const RENEW: &str = "RENEW_SCHEMA=1 cargo test --test it schema_file";

#[test]
fn migrations_and_sql_make_the_expected_schema() {
    let schema = schema_of(&Database::new());
    let path = repository().join("tests/expected/schema.sql");
    if std::env::var_os("RENEW_SCHEMA").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    if let Some(difference) = difference(&schema, &expected) {
        panic!(
            "tests/expected/schema.sql is another schema: {difference}\nIf the change is meant: {RENEW}"
        );
    }
}
