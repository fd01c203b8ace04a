//! Applies what is pending: migrations with their ledgers, then the files of `sql/` in their order.

pub(super) mod conditions;
pub(crate) mod ledger;
pub(crate) mod migrations;
pub(super) mod order;
pub(super) mod rebuild;
mod session;
pub(crate) mod versions;
pub(crate) mod views;
pub(super) mod without_transaction;
