//! What is between a connection and a page: who may connect and ask, and what every answer has.

pub(crate) mod address;
pub(crate) mod assets;
pub(crate) mod flash;
pub(crate) mod guard;
pub(crate) mod host;
pub(crate) mod listener;
pub(crate) mod network;
pub(crate) mod turns;
pub(crate) mod visible;
