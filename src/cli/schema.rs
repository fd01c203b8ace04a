//! Commands of the database: its schema, and the embedded server.

use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt migrate              apply what is pending
  elt migrate --plan       the SQL that would run, to read or to keep
  elt migrate --check      exit code 6 if something is pending")]
pub(crate) struct MigrateArgs {
    /// Only say whether something is pending: exit 6 if so
    #[arg(long, group = "what", env = "ELT_MIGRATE_CHECK", value_parser = FalseyValueParser::new())]
    pub(crate) check: bool,

    /// Only print the SQL that would run
    #[arg(long, group = "what", env = "ELT_MIGRATE_PLAN", value_parser = FalseyValueParser::new())]
    pub(crate) plan: bool,

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
        #[arg(long, env = "ELT_YES", value_parser = FalseyValueParser::new())]
        yes: bool,
    },
}
