//! Rows of the tables of elt.admin_table, read and written for pages and programs alike. What may be
//! written is said by PostgreSQL: its catalogue tells what to ask for, its constraints what is wrong.

mod key;
mod problems;
mod table;
mod write;

pub(crate) use key::Key;
pub(crate) use problems::{Problems, REQUIRED, find, why_not_deleted};
pub(crate) use table::{Field, Registered, Table, Widget, is_usual_time, tables};
pub(crate) use write::{Row, Written, delete, delete_keys, delete_listed, insert, row, update};

/// Columns and what they are to hold, as PostgreSQL reads it; None is null.
pub(crate) type Values = Vec<(String, Option<String>)>;
