//! Commands of the queue and its workers.

use super::values::{jobs, limit};
use super::{OutArgs, WorkerDataArgs};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt worker                      until Ctrl-C or SIGTERM
  elt worker --until-empty        do what waits, then end
  elt worker --queue nightly --concurrency 2

The first signal lets running jobs go on for --grace seconds; what is not done by then is handed back
to the queue. A second one leaves at once.")]
pub(crate) struct WorkerArgs {
    /// Jobs at once
    #[arg(long, env = "ELT_CONCURRENCY", value_name = "N", default_value_t = 2, value_parser = jobs)]
    pub(crate) concurrency: usize,

    /// Queues to take jobs from: several with commas, or the flag again
    #[arg(
        long = "queue",
        env = "ELT_QUEUE",
        value_name = "Q",
        default_value = "default",
        value_delimiter = ','
    )]
    pub(crate) queues: Vec<String>,

    /// Do one job, if one can run now, and end
    #[arg(long, group = "until", env = "ELT_ONCE", value_parser = FalseyValueParser::new())]
    pub(crate) once: bool,

    /// End when no job can run now
    #[arg(long, group = "until", env = "ELT_UNTIL_EMPTY", value_parser = FalseyValueParser::new())]
    pub(crate) until_empty: bool,

    /// Seconds that running jobs get after the first signal
    #[arg(long, env = "ELT_GRACE", value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub(crate) grace: u64,

    /// Look for new jobs once a second instead of being woken, where notifications do not arrive
    #[arg(long, env = "ELT_NO_LISTEN", value_parser = FalseyValueParser::new())]
    pub(crate) no_listen: bool,

    /// Write a sign of life into this file every 5 seconds
    #[arg(long, env = "ELT_HEALTH_FILE", value_name = "FILE")]
    pub(crate) health_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) data: WorkerDataArgs,

    #[command(flatten)]
    pub(crate) out: OutArgs,

    /// As root: go on as this user, without root's rights
    #[arg(long, env = "ELT_USER", value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// Apply pending migrations first, also on a server of your own
    #[arg(long, env = "ELT_MIGRATE", value_parser = FalseyValueParser::new())]
    pub(crate) migrate: bool,
}

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  elt jobs                           the latest
  elt jobs --state dead              those that failed for the last time
  elt jobs show 7                    one, with its attempts and errors
  elt jobs enqueue pipeline          load, check and export, in the background"
)]
pub(crate) struct JobsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<JobsCommand>,

    #[command(flatten)]
    pub(crate) list: ListArgs,
}

#[derive(Args)]
pub(crate) struct ListArgs {
    /// Only those in this state
    #[arg(long, env = "ELT_STATE", value_name = "STATE", value_parser = ["queued", "running", "succeeded", "dead", "cancelled"])]
    pub(crate) state: Option<String>,

    /// Show at most this many, the latest first
    #[arg(long, env = "ELT_LIMIT", default_value_t = 20, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,
}

#[derive(Subcommand)]
pub(crate) enum JobsCommand {
    /// The latest jobs, as without a command
    #[command(after_help = "\
Examples:
  elt jobs list --state queued --limit 50")]
    List(ListArgs),
    /// One job: its attempts, progress, errors and result
    #[command(after_help = "\
Examples:
  elt jobs show 7")]
    Show {
        /// Number of the job
        #[arg(value_name = "JOB")]
        job: i64,
    },
    /// Cancel jobs, all of them or none: those that wait at once, those that run by their workers
    #[command(after_help = "\
Examples:
  elt jobs cancel 7 8")]
    Cancel {
        /// Numbers of jobs
        #[arg(value_name = "JOB", required = true)]
        jobs: Vec<i64>,
    },
    /// Let dead or cancelled jobs wait again, all of them or none, with all their attempts
    #[command(after_help = "\
Examples:
  elt jobs retry 7")]
    Retry {
        /// Numbers of jobs
        #[arg(value_name = "JOB", required = true)]
        jobs: Vec<i64>,
    },
    /// Enqueue a job
    Enqueue(EnqueueArgs),
    /// Jobs that come again and again
    #[command(after_help = "\
Examples:
  elt jobs schedules")]
    Schedules,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt jobs enqueue pipeline
  elt jobs enqueue pipeline --args '{\"sources\": [\"SOURCE\"], \"force\": true}' --dedup-key nightly")]
pub(crate) struct EnqueueArgs {
    /// What is to be done: a row of elt.job_kind
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,

    /// Arguments, a JSON object
    #[arg(long, env = "ELT_JOB_ARGS", value_name = "JSON", default_value = "{}")]
    pub(crate) args: String,

    /// Queue
    #[arg(
        long,
        env = "ELT_JOB_QUEUE",
        value_name = "Q",
        default_value = "default"
    )]
    pub(crate) queue: String,

    /// Higher ones first
    #[arg(
        long,
        env = "ELT_JOB_PRIORITY",
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub(crate) priority: i64,

    /// Key of which only one job is queued at a time: if there is one, no other is enqueued
    #[arg(long, env = "ELT_JOB_DEDUP_KEY", value_name = "KEY")]
    pub(crate) dedup_key: Option<String>,
}
