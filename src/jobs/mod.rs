//! Work in the background: the queue is in the database (sql/elt), and a worker here does what it
//! says. A job is done by its own SQL function, or by the program (pipeline).

mod pipeline;
mod queue;
pub(crate) mod requests;
mod worker;

pub(crate) use worker::{Options, Until, stop_on_signal, work};
