//! Background jobs. The queue is in the database (`sql/elt/queue`); a worker runs its jobs. A job is an SQL function
//! or of this program: the pipeline, and decisions about held loads.

mod decision_job;
mod pipeline_job;
mod progress;
mod queue;
pub(crate) mod requests;
mod violated_rules;
mod worker;

pub(crate) use worker::{Options, Until, stop_on_signal, work};
