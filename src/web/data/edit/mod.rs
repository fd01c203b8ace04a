//! Reads and writes rows of the tables of elt.admin_table, for pages and the API. The catalogue of PostgreSQL
//! defines the fields, and its constraints define the errors.

mod constraint;
mod field;
mod key;
mod problems;
mod row;
mod table;
mod write;
mod write_all;

pub(crate) use field::{Field, Widget, is_usual_time};
pub(crate) use key::Key;
pub(crate) use problems::{Problems, REQUIRED, find_problems, why_not_deleted};
pub(crate) use row::{Row, row};
pub(crate) use table::{Registered, Table, tables};
pub(crate) use write::{WriteOutcome, delete, delete_keys, delete_listed, insert, update};
pub(crate) use write_all::{AllOutcome, insert_all};

/// Columns and their new values as PostgreSQL text. `None` is null.
pub(crate) type Values = Vec<(String, Option<String>)>;
