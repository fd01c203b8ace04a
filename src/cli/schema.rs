//! Commands for the schema and the embedded server.

use super::ConfirmArgs;
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt migrate              apply pending migrations and views
  elt migrate --dry-run    print the SQL that would run, its locks, and the size of the locked tables
  elt migrate --sql > f    print a script for psql, with the ledger rows: psql -X -f f
  elt migrate --check      exit with code 6 if something is pending
  elt migrate --verify     exit with code 6 if the schema was changed by hand

--dry-run, --sql and --verify build the schema in a scratch database, which is dropped at the end. The locks
of each statement are measured there, so that no session has to wait. This needs a role with CREATEDB.
Without it, --dry-run and --sql omit the locks, and --verify compares only views and functions; they report
this. Data and grants are not verified.")]
pub(crate) struct MigrateArgs {
    /// Only report whether something is pending; exit with code 6 if so
    #[arg(long, group = "what", env = "ELT_MIGRATE_CHECK", value_parser = FalseyValueParser::new())]
    pub(crate) check: bool,

    /// Only print the SQL that would run and the locks it would take
    #[arg(long, group = "what", env = "ELT_MIGRATE_DRY_RUN", value_parser = FalseyValueParser::new())]
    dry_run: bool,

    /// Hidden alias of --dry-run, its name before
    #[arg(long, group = "what", env = "ELT_MIGRATE_PLAN", hide = true, value_parser = FalseyValueParser::new())]
    plan: bool,

    /// Only print an equivalent script for psql
    #[arg(long, group = "what", env = "ELT_MIGRATE_SQL", value_parser = FalseyValueParser::new())]
    pub(crate) sql: bool,

    /// Only compare the schema with the applied migrations and views; exit with code 6 if it differs
    #[arg(long, group = "what", env = "ELT_MIGRATE_VERIFY", value_parser = FalseyValueParser::new())]
    pub(crate) verify: bool,

    /// Only list applied and pending migrations and views
    #[arg(long, group = "what", env = "ELT_MIGRATE_STATUS", value_parser = FalseyValueParser::new())]
    pub(crate) status: bool,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt grants               print the statements, to read or to run in psql
  elt grants --yes         run the statements that are not in place yet")]
pub(crate) struct GrantsArgs {
    /// Run the statements that are not in place yet
    // It has no variable: one that was set for another command would change rights.
    #[arg(long)]
    yes: bool,

    /// Only print the statements (the default)
    #[arg(long, env = "ELT_DRY_RUN", value_parser = FalseyValueParser::new())]
    dry_run: bool,

    /// Hidden alias of --yes, its name before
    #[arg(long, env = "ELT_GRANTS_APPLY", hide = true, value_parser = FalseyValueParser::new())]
    apply: bool,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt distribute --dry-run    print the statements, and what they cost
  elt distribute              run the statements that are not in place yet
  elt distribute --undo       bring all tables back to the coordinator

Core tables are distributed if the header of their core query names a column: -- distribute: COLUMN. This needs
PostgreSQL servers with Citus, and a role that may change roles: see sql/elt/distribute/README.md.")]
pub(crate) struct DistributeArgs {
    /// Only print the statements
    #[arg(long, env = "ELT_DRY_RUN", value_parser = FalseyValueParser::new())]
    pub(crate) dry_run: bool,

    /// Bring the tables back to the coordinator
    #[arg(long, env = "ELT_DISTRIBUTE_UNDO", value_parser = FalseyValueParser::new())]
    pub(crate) undo: bool,
}

impl MigrateArgs {
    pub(crate) fn is_dry_run(&self) -> bool {
        self.dry_run || self.plan
    }
}

impl GrantsArgs {
    pub(crate) fn is_applied(&self) -> bool {
        (self.yes || self.apply) && !self.dry_run
    }
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  elt db psql                         open psql
  elt db psql -- -c 'table elt.help'  run one statement
  elt db start; elt db url            keep the server running and connect with another program")]
pub(crate) enum DbCommand {
    /// Start the server and keep it running
    #[command(after_help = "\
Examples:
  elt db start")]
    Start,
    /// Stop the server
    #[command(after_help = "\
Examples:
  elt db stop")]
    Stop,
    /// Show where the server is and whether it is running
    #[command(after_help = "\
Examples:
  elt db status
  elt db status --json")]
    Status,
    /// Print the connection URL, for psql and other programs
    #[command(after_help = "\
Examples:
  psql \"$(elt db url)\"")]
    Url,
    /// Open psql, or run it with the arguments after --
    #[command(after_help = "\
Examples:
  elt db psql
  elt db psql -- -c 'table elt.source_status'")]
    Psql {
        #[arg(last = true, value_name = "ARGS")]
        args: Vec<String>,
    },
    /// Delete the server and all its databases
    #[command(after_help = "\
Examples:
  elt db reset --dry-run   show the folder that would be deleted
  elt db reset --yes       delete it without asking")]
    Reset(ConfirmArgs),
}
