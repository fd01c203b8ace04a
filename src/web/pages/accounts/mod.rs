//! Pages of accounts: `/account` is for everyone's own password, time zone, sessions and tokens, `/accounts` for admins.

mod act;
mod audit;
mod device;
mod holdings;
mod list;
mod one;
mod own;
mod secret;
mod time_zone;

pub(crate) use audit::audit;
pub(crate) use list::{accounts, add_account};
pub(crate) use one::{change_one, one};
pub(crate) use own::{change_own, own};
