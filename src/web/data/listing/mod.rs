//! Lists the rows of a table or view with filters and order.

mod check;
mod conditions;
mod counting;
mod facet;
mod filter;
mod keyset;
mod names;
mod order;
mod page;
mod parse;
mod period;
mod period_links;
mod query;
mod request;
mod shown_sql;
mod sort;

pub(crate) use check::{sentence, why_unreadable};
pub(crate) use conditions::Where;
pub(crate) use facet::{Facet, FacetState, facets, is_day};
pub(crate) use filter::{Filter, Operator};
pub(crate) use keyset::Order;
pub(crate) use page::{COUNTED, Listed, shortened};
pub(crate) use parse::{FORM, is_form};
pub(crate) use period_links::{PeriodLink, period_links};
pub(crate) use query::{Listing, qualified, value_error};
pub(crate) use request::{PAGE_ROWS, Request, SIZES};
pub(crate) use shown_sql::with_literals;
pub(crate) use sort::{Sort, add as add_sort};
