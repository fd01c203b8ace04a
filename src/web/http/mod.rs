//! The layer between connections and pages: limits, checks of requests, and headers of answers.

pub(crate) mod address;
pub(crate) mod assets;
pub(crate) mod flash;
pub(crate) mod guard;
pub(crate) mod host;
pub(crate) mod limiter;
pub(crate) mod listener;
pub(crate) mod mark_invisible;
pub(crate) mod network;
pub(crate) mod theme;
