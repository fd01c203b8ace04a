//! Commands of the queue and its workers.

use super::values::{jobs, limit};
use super::{OutArgs, WorkerDataArgs};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt worker                      run jobs until Ctrl-C or SIGTERM
  elt worker --until-empty        run the queued jobs, then exit
  elt worker --queue nightly --concurrency 2

After the first signal, running jobs have --grace seconds to finish; jobs that do not finish return to
the queue. A second signal ends the worker at once.")]
pub(crate) struct WorkerArgs {
    /// Number of jobs to run in parallel
    #[arg(long, env = "ELT_CONCURRENCY", value_name = "N", default_value_t = 2, value_parser = jobs)]
    pub(crate) concurrency: usize,

    /// Queues to take jobs from, separated by commas; may be repeated
    #[arg(
        long = "queue",
        env = "ELT_QUEUE",
        value_name = "Q",
        default_value = "default",
        value_delimiter = ','
    )]
    pub(crate) queues: Vec<String>,

    /// Run at most one job, then exit
    #[arg(long, group = "until", env = "ELT_ONCE", value_parser = FalseyValueParser::new())]
    pub(crate) once: bool,

    /// Exit when no job can run now
    #[arg(long, group = "until", env = "ELT_UNTIL_EMPTY", value_parser = FalseyValueParser::new())]
    pub(crate) until_empty: bool,

    /// Seconds that running jobs have to finish after the first signal
    #[arg(long, env = "ELT_GRACE", value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub(crate) grace: u64,

    /// Poll for new jobs once a second, for connections without LISTEN/NOTIFY
    #[arg(long, env = "ELT_NO_LISTEN", value_parser = FalseyValueParser::new())]
    pub(crate) no_listen: bool,

    /// Write a heartbeat to this file every 5 seconds
    #[arg(long, env = "ELT_HEALTH_FILE", value_name = "FILE")]
    pub(crate) health_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

/// Flags of `elt worker` and `elt serve`.
#[derive(Args)]
pub(crate) struct ServiceArgs {
    #[command(flatten)]
    pub(crate) data: WorkerDataArgs,

    #[command(flatten)]
    pub(crate) out: OutArgs,

    /// When started as root, switch to this user
    #[arg(long, env = "ELT_USER", value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// Apply pending migrations first, even on an external server
    #[arg(long, env = "ELT_MIGRATE", value_parser = FalseyValueParser::new())]
    pub(crate) migrate: bool,
}

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  elt jobs                           list the latest jobs
  elt jobs --state dead              list jobs that failed and are not retried
  elt jobs show 7                    show one job with its attempts and errors
  elt jobs enqueue pipeline          load, check and export in the background"
)]
pub(crate) struct JobsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<JobsCommand>,

    #[command(flatten)]
    pub(crate) list: ListArgs,
}

#[derive(Args)]
pub(crate) struct ListArgs {
    /// Show only jobs in this state
    #[arg(long, env = "ELT_STATE", value_name = "STATE", value_parser = ["queued", "running", "succeeded", "dead", "cancelled"])]
    pub(crate) state: Option<String>,

    /// Show at most this many jobs, the latest first
    #[arg(long, env = "ELT_LIMIT", default_value_t = 20, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,
}

#[derive(Subcommand)]
pub(crate) enum JobsCommand {
    /// List the latest jobs (the default)
    #[command(after_help = "\
Examples:
  elt jobs list --state queued --limit 50")]
    List(ListArgs),
    /// Show one job: its attempts, progress, errors and result
    #[command(after_help = "\
Examples:
  elt jobs show 7")]
    Show {
        /// Number of the job
        #[arg(value_name = "JOB")]
        job: i64,
    },
    /// Cancel jobs, all or none: queued jobs at once, running jobs through their workers
    #[command(after_help = "\
Examples:
  elt jobs cancel 7 8")]
    Cancel {
        /// Numbers of jobs
        #[arg(value_name = "JOB", required = true)]
        jobs: Vec<i64>,
    },
    /// Queue dead or cancelled jobs again, all or none, with all their attempts
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
    /// List the kinds of jobs with their arguments
    #[command(after_help = "\
Examples:
  elt jobs kinds")]
    Kinds,
    /// List schedules
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
    /// Kind of job: a row of elt.job_kind
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,

    /// Catches arguments without --args, for a better error message
    #[arg(value_name = "JSON", hide = true)]
    pub(crate) misplaced: Option<String>,

    /// Arguments of the job: a JSON object; see elt jobs kinds
    #[arg(long, env = "ELT_JOB_ARGS", value_name = "JSON", default_value = "{}")]
    pub(crate) args: String,

    /// Queue to put the job in
    #[arg(
        long,
        env = "ELT_JOB_QUEUE",
        value_name = "Q",
        default_value = "default"
    )]
    pub(crate) queue: String,

    /// Priority; jobs with a higher number run first
    #[arg(
        long,
        env = "ELT_JOB_PRIORITY",
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub(crate) priority: i64,

    /// Enqueue nothing if a job with this key is already queued
    #[arg(long, env = "ELT_JOB_DEDUP_KEY", value_name = "KEY")]
    pub(crate) dedup_key: Option<String>,
}
