//! Background jobs. The queue is in the database (sql/elt), and a worker here runs its jobs. A job is run by an SQL
//! function or by this program (pipeline).

mod pipeline;
mod queue;
pub(crate) mod requests;
mod worker;

pub(crate) use worker::{Options, Until, stop_on_signal, work};
