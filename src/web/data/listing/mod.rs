//! Lists the rows of a table or view with filters and order.

mod check;
mod conditions;
mod facet;
mod filter;
mod period;
mod query;
mod request;
mod step;

pub(crate) use check::{RequestErrors, sentence, why_unreadable};
pub(crate) use conditions::Where;
pub(crate) use facet::{Facet, facets};
pub(crate) use filter::{Filter, Operator};
pub(crate) use query::{COUNTED, Listed, Listing, PAGE_ROWS, qualified, shortened, value_error};
pub(crate) use request::Request;
pub(crate) use step::{Step, steps};
