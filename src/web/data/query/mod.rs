//! Queries of users: one read-only statement in a session of role elt_query, with limits on time, rows and bytes.

mod login;
mod refused;
mod rows;
mod saved;
mod session;
mod text;
mod token;

pub(crate) use login::{QueryLogin, ZonedLogin};
pub(crate) use refused::{QueryError, Refused};
pub(crate) use rows::{Format, QueryColumn, RowLimits, Rows, Table};
pub(crate) use saved::{SavedQuery, saved_queries, saved_query};
pub(crate) use text::{ParameterType, Query};
