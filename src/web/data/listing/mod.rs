//! Lists the rows of a table or view with filters and order.

mod check;
mod facet;
mod period;
mod query;
mod request;

pub(crate) use check::{Wrong, sentence, why_unreadable};
pub(crate) use facet::{Facet, Step, facets, steps};
pub(crate) use query::{
    COUNTED, Listed, Listing, PAGE_ROWS, Where, of_values, qualified, shortened,
};
pub(crate) use request::{Filter, Operator, Request};
