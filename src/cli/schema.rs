//! Commands of the database: its schema, and the embedded server.

use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt migrate              apply what is pending
  elt migrate --plan       the SQL that would run, its locks, and how large what it locks is
  elt migrate --sql > f    a script for psql, ledgers included: psql -X -f f
  elt migrate --check      exit code 6 if something is pending
  elt migrate --verify     exit code 6 if somebody changed the schema by hand

For --plan, --sql and --verify the schema is built once more in a database of its own, which is dropped
at the end: there the locks of each statement are read, and nobody waits. The role has to have CREATEDB;
without it --plan and --sql leave locks away, --verify compares views and functions only, and they
say so. Data and grants are not verified.")]
pub(crate) struct MigrateArgs {
    /// Only say whether something is pending: exit 6 if so
    #[arg(long, group = "what", env = "ELT_MIGRATE_CHECK", value_parser = FalseyValueParser::new())]
    pub(crate) check: bool,

    /// Only print the SQL that would run, with the locks that it takes
    #[arg(long, group = "what", env = "ELT_MIGRATE_PLAN", value_parser = FalseyValueParser::new())]
    pub(crate) plan: bool,

    /// Only print a script for psql that does the same
    #[arg(long, group = "what", env = "ELT_MIGRATE_SQL", value_parser = FalseyValueParser::new())]
    pub(crate) sql: bool,

    /// Only compare the schema with what was applied: exit 6 if it differs
    #[arg(long, group = "what", env = "ELT_MIGRATE_VERIFY", value_parser = FalseyValueParser::new())]
    pub(crate) verify: bool,

    /// Only list what is applied and what is pending
    #[arg(long, group = "what", env = "ELT_MIGRATE_STATUS", value_parser = FalseyValueParser::new())]
    pub(crate) status: bool,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt grants               the statements, to read or to run in psql; changes nothing
  elt grants --apply       run those that are not in place yet")]
pub(crate) struct GrantsArgs {
    /// Run the statements that are not in place yet, all or none
    #[arg(long, env = "ELT_GRANTS_APPLY", value_parser = FalseyValueParser::new())]
    pub(crate) apply: bool,
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  elt db psql                         look at everything
  elt db psql -- -c 'table elt.help'  one statement
  elt db start; elt db url            keep the server running, and connect by other means")]
pub(crate) enum DbCommand {
    /// Start the server and keep it running
    #[command(after_help = "\
Examples:
  elt db start")]
    Start,
    /// Stop it
    #[command(after_help = "\
Examples:
  elt db stop")]
    Stop,
    /// Where it is and whether it runs
    #[command(after_help = "\
Examples:
  elt db status
  elt db status --json")]
    Status,
    /// Print what psql takes to connect
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
    /// Delete the server with all its databases
    #[command(after_help = "\
Examples:
  elt db reset --yes")]
    Reset {
        /// Yes, delete everything
        // No variable: one that was set for another command would delete data.
        #[arg(long)]
        yes: bool,
    },
}
