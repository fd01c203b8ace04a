//! Lists the rows of a table or view with filters and order.

mod check;
mod conditions;
mod facet;
mod filter;
mod names;
mod period;
mod period_links;
mod query;
mod request;
mod shown_sql;
mod sort;

pub(crate) use check::{RequestErrors, sentence, why_unreadable};
pub(crate) use conditions::Where;
pub(crate) use facet::{Facet, facets};
pub(crate) use filter::{Filter, Operator};
pub(crate) use period_links::{PeriodLink, period_links};
pub(crate) use query::{COUNTED, Listed, Listing, PAGE_ROWS, qualified, shortened, value_error};
pub(crate) use request::Request;
pub(crate) use shown_sql::with_literals;
pub(crate) use sort::{Sort, add as add_sort};
