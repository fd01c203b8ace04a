//! Reads and writes rows of the tables of elt.admin_table, for pages and the API. The catalogue of PostgreSQL
//! defines the fields, and its constraints define the errors.

mod key;
mod problems;
mod table;
mod write;

pub(crate) use key::Key;
pub(crate) use problems::{Problems, REQUIRED, find, why_not_deleted};
pub(crate) use table::{Field, Registered, Table, Widget, is_usual_time, tables};
pub(crate) use write::{Row, Written, delete, delete_keys, delete_listed, insert, row, update};

/// Columns and their new values as PostgreSQL text. `None` is null.
pub(crate) type Values = Vec<(String, Option<String>)>;
