//! The data of pages and the API: connections, the catalogue, lists, rows and charts.

pub(crate) mod audit;
pub(crate) mod cache;
pub(crate) mod catalogue;
pub(crate) mod chart;
pub(crate) mod edit;
pub(crate) mod listing;
pub(crate) mod login;
pub(crate) mod pool;
pub(crate) mod query;
mod session;
pub(crate) mod words;
pub(crate) mod zone;
