//! Core tables distributed by Citus. `stand_ins.sql` stands in for its functions; `cluster.rs` needs a real one.

mod cluster;
mod distribute;
mod statements;
