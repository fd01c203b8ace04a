//! What pages and the API show and change: connections, the catalogue, lists, rows and charts.

pub(crate) mod cache;
pub(crate) mod catalogue;
pub(crate) mod chart;
pub(crate) mod edit;
pub(crate) mod listing;
pub(crate) mod pool;
