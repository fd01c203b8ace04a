//! The command line: flags and commands, no behaviour.

mod confirm;
mod data;
mod history;
mod jobs;
mod layout;
mod project;
mod schema;
mod values;
mod web;

pub(crate) use confirm::ConfirmArgs;
pub(crate) use data::{
    CheckArgs, DiscardArgs, ExportArgs, LoadArgs, LoadCommandArgs, OutArgs, PublishArgs,
    RejectsArgs, RunArgs, WorkerDataArgs,
};
pub(crate) use history::{CompareArgs, GcArgs, LOADS_LIMIT, LoadsArgs, PurgeCommand, RollbackArgs};
pub(crate) use jobs::{EnqueueArgs, JobsArgs, JobsCommand, ListArgs, WorkerArgs};
pub(crate) use project::{
    CompletionsArgs, DateOrder, Decimal, DiffArgs, DocsArgs, InitArgs, ViewsArgs, ViewsCommand,
};
pub(crate) use schema::{DbCommand, DistributeArgs, GrantsArgs, MigrateArgs};
pub(crate) use web::{PasswordArgs, ServeArgs, TokenCommand, UserCommand};

use crate::terminal::{LogFormat, Verbosity};
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use values::{folder, one_of};

/// Load raw files into PostgreSQL, compute with SQL views, export CSV.
///
/// Without --database-url, DATABASE_URL or PG* variables, elt uses its embedded PostgreSQL server.
#[derive(Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  elt run                        load data/, check, export to out/
  elt load SOURCE                load one source of elt.source
  elt export --out results       export the live data to another folder
  elt status                     show the live loads, their age and their size
  elt db psql                    open psql; start with: table elt.help;
  elt init shop --from o.csv     create a project for your file

Exit codes: 0 success; 1 failed; 2 usage error; 3 a rule of level error has violations;
4 too many rejects; 5 could not connect, or the connection was lost;
6 the schema is not as expected; 130 interrupted."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args)]
#[command(next_help_heading = "For all commands")]
pub(crate) struct Global {
    /// Database to use: postgresql://user@host/database, or key=value pairs
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) database_url: Option<String>,

    /// Project to use instead of the built-in one: a folder with migrations/ and sql/
    #[arg(long, global = true, env = "ELT_PROJECT", value_name = "DIR", value_parser = folder(""))]
    project: Option<PathBuf>,

    /// Print one JSON document instead of tables
    #[arg(long, global = true, env = "ELT_JSON", value_parser = FalseyValueParser::new())]
    pub(crate) json: bool,

    /// Format of messages on stderr: text, or json with one object per line
    #[arg(
        long,
        global = true,
        env = "ELT_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true,
        value_parser = one_of::<LogFormat>
    )]
    pub(crate) log_format: LogFormat,

    /// Print only results, warnings and errors: no progress, no summaries
    #[arg(short, long, global = true, env = "ELT_QUIET", value_parser = FalseyValueParser::new(), conflicts_with = "verbose")]
    quiet: bool,

    /// Print each step
    #[arg(short, long, global = true, env = "ELT_VERBOSE", value_parser = FalseyValueParser::new())]
    verbose: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Load, check and export
    Run(RunArgs),
    /// Load sources and publish them together
    Load(LoadCommandArgs),
    /// Make held loads live together
    Publish(PublishArgs),
    /// Give up held loads
    Discard(DiscardArgs),
    /// Export the live data, all files from one snapshot
    Export(ExportArgs),
    /// Check the live data against the quality rules
    Check(CheckArgs),
    /// Show sources, their live loads, age and size, and jobs
    #[command(after_help = "\
Examples:
  elt status               show sources and jobs
  elt status --json")]
    Status,
    /// Show or export rejected records
    Rejects(RejectsArgs),
    /// Show the load history
    Loads(LoadsArgs),
    /// Compare two loads of a source, or an export between two publishes
    Diff(CompareArgs),
    /// Make an earlier load of a source live again
    Rollback(RollbackArgs),
    /// Drop staged rows that are no longer needed
    Gc(GcArgs),
    /// Delete the rows of a load or of a key
    #[command(subcommand)]
    Purge(PurgeCommand),
    /// Create a project, or add a source for a file or an API
    Init(InitArgs),
    /// Apply pending migrations and update views
    Migrate(MigrateArgs),
    /// Print or apply roles and grants
    Grants(GrantsArgs),
    /// Distribute large core tables over several servers with Citus
    Distribute(DistributeArgs),
    /// Diagnose problems and suggest fixes
    #[command(after_help = "\
Examples:
  elt doctor               exit with code 1 if there is a problem
  elt doctor --json")]
    Doctor,
    /// Show and compare versions of views, functions, rules and queries
    Views(ViewsArgs),
    /// Write the data dictionary from the comments in the database
    Docs(DocsArgs),
    /// Run jobs from the queue
    Worker(WorkerArgs),
    /// List, enqueue, cancel and retry jobs
    Jobs(JobsArgs),
    /// Start the web application and its REST API
    Serve(ServeArgs),
    /// Manage accounts of the web application
    #[command(subcommand)]
    User(UserCommand),
    /// Manage API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Manage the embedded PostgreSQL server
    #[command(subcommand)]
    Db(DbCommand),
    /// Print a shell completion script
    Completions(CompletionsArgs),
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Command, CommandFactory};

    fn all_commands(command: &Command, path: &str, visit: &mut impl FnMut(&str, &Command)) {
        visit(path, command);
        for each in command
            .get_subcommands()
            .filter(|each| each.get_name() != "help")
        {
            all_commands(each, &format!("{path} {}", each.get_name()), visit);
        }
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_a_variable_and_every_command_examples() {
        let mut missing = Vec::new();
        all_commands(&Cli::command(), "elt", &mut |path, command| {
            let flags = command.get_arguments().filter(|each| {
                each.get_long()
                    .is_some_and(|name| !["help", "version"].contains(&name))
            });
            // --yes must be typed each time.
            let flags = flags.filter(|flag| flag.get_id() != "yes");
            for flag in flags.filter(|flag| flag.get_env().is_none()) {
                missing.push(format!("{path} --{}", flag.get_id()));
            }
            let help = command.get_after_help().map(ToString::to_string);
            if !help.is_some_and(|help| help.starts_with("Examples:\n  ")) {
                missing.push(format!("{path}: examples"));
            }
        });
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }
}
