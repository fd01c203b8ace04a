//! Background jobs. The queue is in the database (`sql/elt/queue`); a worker runs its jobs. A job is an SQL function
//! or the pipeline of this program.

mod pipeline_job;
mod queue;
pub(crate) mod requests;
mod worker;

pub(crate) use worker::{Options, Until, stop_on_signal, work};
