//! Rows of a table or view: which, in which order, and how they are asked for.

mod query;
mod request;

pub(super) use query::{COUNTED, PAGE_ROWS, count, of_values, page, qualified, stream_sql};
pub(super) use request::{Filter, Operator, Request};
