//! The command line: flags and commands, no behaviour.

use crate::load::rejects::MaxRejects;
use crate::terminal::{LogFormat, Verbosity};
use clap::builder::{FalseyValueParser, OsStringValueParser, TypedValueParser, ValueParser};
use clap::{Args, Parser, Subcommand};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};

/// Load raw files into PostgreSQL, compute with SQL views, export CSV.
///
/// Without --database-url, DATABASE_URL or PG* variables, elt uses a PostgreSQL server of its own.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  elt run                        load data/, check, export to out/
  elt load SOURCE                load one source of elt.source
  elt export --out results       write the exports of what is live
  elt db psql                    look at everything in psql

Exit codes: 0 done; 1 could not; 2 usage; 3 a rule of level error found rows;
4 too many rejects; 5 no connection; 6 schema not as expected; 130 interrupted."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args)]
pub(crate) struct Global {
    /// Server to use: postgresql://user@host/database, or key=value pairs
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) database_url: Option<String>,

    /// Project to run instead of the built-in one: a folder with migrations/ and sql/
    #[arg(long, global = true, env = "ELT_PROJECT", value_name = "DIR", value_parser = folder(""))]
    project: Option<PathBuf>,

    /// Print one JSON document instead of tables
    #[arg(long, global = true, env = "ELT_JSON", value_parser = FalseyValueParser::new())]
    pub(crate) json: bool,

    /// What is said on stderr: lines of text, or one JSON object a line
    #[arg(
        long,
        global = true,
        env = "ELT_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) log_format: LogFormat,

    /// Say nothing but warnings, errors, and what was asked for: no progress, no summaries
    #[arg(short, long, global = true, env = "ELT_QUIET", value_parser = FalseyValueParser::new(), conflicts_with = "verbose")]
    quiet: bool,

    /// Say each step
    #[arg(short, long, global = true, env = "ELT_VERBOSE", value_parser = FalseyValueParser::new())]
    verbose: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Load, check and export: the whole job
    Run(RunArgs),
    /// Load sources and publish them together
    Load(LoadArgs),
    /// Write the exports of what is live, all from one snapshot
    Export(ExportArgs),
    /// Run the quality rules on what is live
    Check,
    /// Sources, their live loads and their age
    Status,
    /// What could not be staged, with its bytes
    Rejects(RejectsArgs),
    /// Bring the database's schema up to date
    Migrate(MigrateArgs),
    /// Take jobs from the queue and do them
    Worker(WorkerArgs),
    /// Jobs: what waits, runs and is done
    Jobs(JobsArgs),
    /// The web application: overview, data, admin, jobs, and a REST API
    Serve(ServeArgs),
    /// Who may use the web application
    #[command(subcommand)]
    User(UserCommand),
    /// Tokens for programs that use its API
    #[command(subcommand)]
    Token(TokenCommand),
    /// The embedded server
    #[command(subcommand)]
    Db(DbCommand),
}

#[derive(Args)]
pub(crate) struct LoadArgs {
    /// Sources to load; all of them when none is named
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,

    /// Folder of the input files [default: data, or the project's data folder]
    #[arg(long, env = "ELT_DATA", value_name = "DIR", value_parser = folder(""))]
    data: Option<PathBuf>,

    /// Rows that may be rejected: N or P% [default: 1% of the rows, at least 10]
    #[arg(
        long,
        env = "ELT_MAX_REJECTS",
        value_name = "N|P%",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) max_rejects: MaxRejects,

    /// Pages of a REST API that are fetched at once, where they are numbered
    #[arg(long, env = "ELT_JOBS", value_name = "N", default_value_t = crate::load::USUAL_JOBS, value_parser = jobs)]
    pub(crate) jobs: usize,

    /// Add mended rejects to the live load of one source, and mark them as replaced: what elt rejects
    /// --out wrote
    #[arg(long, env = "ELT_REPLAY", value_name = "FILE", conflicts_with_all = ["force", "data"])]
    pub(crate) replay: Option<PathBuf>,

    /// Load even if the same bytes are live already
    #[arg(long, env = "ELT_FORCE", value_parser = FalseyValueParser::new())]
    pub(crate) force: bool,

    /// Wait for another load of the same source instead of giving up
    #[arg(long, env = "ELT_WAIT", value_parser = FalseyValueParser::new())]
    pub(crate) wait: bool,

    /// Apply pending migrations first, also on a server of your own
    #[arg(long, env = "ELT_MIGRATE", value_parser = FalseyValueParser::new())]
    pub(crate) migrate: bool,
}

#[derive(Args)]
pub(crate) struct ExportArgs {
    /// Exports to write; all of them when none is named
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,

    #[command(flatten)]
    pub(crate) out: OutArgs,
}

#[derive(Args)]
pub(crate) struct OutArgs {
    /// Folder to write to
    #[arg(long, env = "ELT_OUT", value_name = "DIR", default_value = "out", value_parser = folder("out"))]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) load: LoadArgs,
    #[command(flatten)]
    pub(crate) out: OutArgs,
}

#[derive(Args)]
pub(crate) struct RejectsArgs {
    /// Load to show [default: the live load of each source, and those that failed since]
    #[arg(value_name = "LOAD")]
    pub(crate) load: Option<i64>,

    /// Show at most this many
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: i64,
}

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
    #[arg(long, group = "until")]
    pub(crate) once: bool,

    /// End when no job can run now
    #[arg(long, group = "until")]
    pub(crate) until_empty: bool,

    /// Seconds that running jobs get after the first signal
    #[arg(long, env = "ELT_GRACE", value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub(crate) grace: u64,

    /// Look for jobs once a second instead of being woken: for a server behind a pooler
    #[arg(long, env = "ELT_NO_LISTEN", value_parser = FalseyValueParser::new())]
    pub(crate) no_listen: bool,

    /// Write a sign of life into this file every 5 seconds
    #[arg(long, env = "ELT_HEALTH_FILE", value_name = "FILE")]
    pub(crate) health_file: Option<PathBuf>,

    /// Folder of input files that were never loaded; others are read where they were [default: data]
    #[arg(long, env = "ELT_DATA", value_name = "DIR", value_parser = folder(""))]
    pub(crate) data: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) out: OutArgs,

    /// Apply pending migrations first, also on a server of your own
    #[arg(long, env = "ELT_MIGRATE", value_parser = FalseyValueParser::new())]
    pub(crate) migrate: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct JobsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<JobsCommand>,

    #[command(flatten)]
    pub(crate) list: ListArgs,
}

#[derive(Args)]
pub(crate) struct ListArgs {
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = ["queued", "running", "succeeded", "dead", "cancelled"])]
    pub(crate) state: Option<String>,

    /// Show at most this many, the latest first
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) limit: i64,
}

#[derive(Subcommand)]
pub(crate) enum JobsCommand {
    /// The latest jobs, as without a command
    List(ListArgs),
    /// One job: its attempts, progress, errors and result
    Show {
        /// Number of the job
        #[arg(value_name = "JOB")]
        job: i64,
    },
    /// Cancel jobs, all of them or none: those that wait at once, those that run by their workers
    Cancel {
        /// Numbers of jobs
        #[arg(value_name = "JOB", required = true)]
        jobs: Vec<i64>,
    },
    /// Let dead or cancelled jobs wait again, all of them or none, with all their attempts
    Retry {
        /// Numbers of jobs
        #[arg(value_name = "JOB", required = true)]
        jobs: Vec<i64>,
    },
    /// Enqueue a job
    Enqueue(EnqueueArgs),
    /// Jobs that come again and again
    Schedules,
}

#[derive(Args)]
pub(crate) struct EnqueueArgs {
    /// What is to be done: a row of elt.job_kind
    #[arg(value_name = "KIND")]
    pub(crate) kind: String,

    /// Arguments, a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) args: String,

    /// Queue
    #[arg(long, value_name = "Q", default_value = "default")]
    pub(crate) queue: String,

    /// Higher ones first
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub(crate) priority: i64,

    /// Key of which only one job waits or runs at a time
    #[arg(long, value_name = "KEY")]
    pub(crate) dedup_key: Option<String>,
}

#[derive(Args)]
pub(crate) struct MigrateArgs {
    /// Only say whether something is pending: exit 6 if so
    #[arg(long, group = "what")]
    pub(crate) check: bool,

    /// Only print the SQL that would run
    #[arg(long, group = "what")]
    pub(crate) plan: bool,

    /// Only list what is applied and what is pending
    #[arg(long, group = "what")]
    pub(crate) status: bool,
}

#[derive(Subcommand)]
pub(crate) enum DbCommand {
    /// Start the server and keep it running
    Start,
    /// Stop it
    Stop,
    /// Where it is and whether it runs
    Status,
    /// Print what psql takes to connect
    Url,
    /// Open psql, or run it with the arguments after --
    Psql {
        #[arg(last = true, value_name = "ARGS")]
        args: Vec<String>,
    },
    /// Delete the server with all its databases
    Reset {
        /// Yes, delete everything
        #[arg(long)]
        yes: bool,
    },
}

fn jobs(text: &str) -> Result<usize, String> {
    let jobs = text.parse().ok().filter(|jobs| (1..=64).contains(jobs));
    jobs.ok_or_else(|| "it is a number from 1 to 64".to_string())
}

/// An address of this machine, or a name that stands for one.
fn socket_address(text: &str) -> Result<SocketAddr, String> {
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| "it is an address and a port, as 127.0.0.1:8000".to_string())
}

/// A folder; an empty one, as from a variable that is set to nothing, is the default.
fn folder(default: &'static str) -> ValueParser {
    OsStringValueParser::new()
        .map(move |value| match value.is_empty() {
            true => PathBuf::from(default),
            false => PathBuf::from(value),
        })
        .into()
}

impl Global {
    pub(crate) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Usual,
        }
    }

    pub(crate) fn project(&self) -> Option<&Path> {
        self.project
            .as_deref()
            .filter(|path| !path.as_os_str().is_empty())
    }
}

impl LoadArgs {
    pub(crate) fn data(&self) -> Option<&Path> {
        self.data
            .as_deref()
            .filter(|path| !path.as_os_str().is_empty())
    }
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt user add ann --role admin    first somebody who may sign in
  elt serve                        http://127.0.0.1:8000/
  elt serve --bind 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem")]
pub(crate) struct ServeArgs {
    /// Where to listen
    #[arg(
        long,
        env = "ELT_BIND",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8000",
        value_parser = socket_address
    )]
    pub(crate) bind: SocketAddr,

    /// Certificate and those above it (PEM), to serve HTTPS
    #[arg(long, env = "ELT_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// Its private key (PEM)
    #[arg(long, env = "ELT_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Behind a proxy on this machine that serves HTTPS: cookies are for HTTPS only, and the proxy's
    /// X-Forwarded-For says who asks
    #[arg(long, env = "ELT_BEHIND_PROXY", value_parser = FalseyValueParser::new(), conflicts_with = "tls_cert")]
    pub(crate) behind_proxy: bool,

    /// Time zone of the pages: what they show, and what is typed into them
    #[arg(
        long,
        env = "ELT_TIME_ZONE",
        value_name = "ZONE",
        default_value = "UTC"
    )]
    pub(crate) time_zone: String,

    /// Take no jobs: workers run elsewhere
    #[arg(long, env = "ELT_NO_WORKER", value_parser = FalseyValueParser::new())]
    pub(crate) no_worker: bool,

    /// Folder of input files that were never loaded; others are read where they were [default: data]
    #[arg(long, env = "ELT_DATA", value_name = "DIR", value_parser = folder(""))]
    pub(crate) data: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) out: OutArgs,

    /// Apply pending migrations first, also on a server of your own
    #[arg(long, env = "ELT_MIGRATE", value_parser = FalseyValueParser::new())]
    pub(crate) migrate: bool,
}

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Make an account; its password, of at least 15 characters, is asked for
    Add {
        /// Name to sign in with
        #[arg(value_name = "NAME")]
        name: String,

        /// What the account may do: viewer, operator (changes data, starts jobs) or admin
        #[arg(long, value_name = "ROLE", value_parser = ["viewer", "operator", "admin"])]
        role: String,

        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Set the password of an account, end its sessions, and let it in again if it was disabled or had tried
    /// too often
    Passwd {
        /// Name of the account
        #[arg(value_name = "NAME")]
        name: String,

        #[command(flatten)]
        password: PasswordArgs,
    },
    /// All accounts
    List,
    /// Keep an account out: its password, sessions and tokens hold no more
    Disable {
        /// Name of the account
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Args)]
pub(crate) struct PasswordArgs {
    /// Read the password from stdin instead of asking for it
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token of an account, and print it: it is not shown again
    New {
        /// Name of the account
        #[arg(value_name = "ACCOUNT")]
        account: String,

        /// What the token is for
        #[arg(long, value_name = "TEXT")]
        name: String,

        /// Let it change what the account may change, and not only read
        #[arg(long)]
        change: bool,

        /// Days that it holds
        #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(i32).range(1..=3660))]
        days: i32,
    },
    /// All tokens
    List,
    /// End a token
    Revoke {
        /// Number of the token
        #[arg(value_name = "TOKEN")]
        token: i64,
    },
}
