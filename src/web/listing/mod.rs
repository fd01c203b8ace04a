//! Rows of a table or view: which, in which order, and how they are asked for.

mod check;
mod facet;
mod period;
mod query;
mod request;

pub(super) use check::{Wrong, sentence, why_unreadable};
pub(super) use facet::{Facet, Step, facets, steps};
pub(super) use query::{
    COUNTED, Listed, Listing, PAGE_ROWS, Where, of_values, qualified, shortened,
};
pub(super) use request::{Filter, Operator, Request};
