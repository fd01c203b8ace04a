//! Shows what would change or has changed: locks of pending statements, a script for psql, rows of two
//! definitions, and objects that were changed by hand. Nothing here changes the database of the user.

mod cluster_wide;
pub(crate) mod compare_publishes;
pub(crate) mod compare_rows;
mod core_at;
pub(crate) mod drift;
mod live_loads;
pub(crate) mod locks;
mod objects;
pub(crate) mod psql_script;
pub(crate) mod publishes;
mod recorded;
pub(crate) mod rehearsal;
mod views_to_make;
