//! The command line: flags and commands, no behaviour.

mod data;
mod history;
mod jobs;
mod project;
mod schema;
mod values;
mod web;

pub(crate) use data::{
    CheckArgs, ExportArgs, LoadArgs, OutArgs, RejectsArgs, RunArgs, WorkerDataArgs,
};
pub(crate) use history::{GcArgs, LoadsArgs, PurgeCommand, RollbackArgs};
pub(crate) use jobs::{EnqueueArgs, JobsArgs, JobsCommand, ListArgs, WorkerArgs};
pub(crate) use project::{
    CompletionsArgs, DateOrder, Decimal, DiffArgs, DocsArgs, InitArgs, ViewsArgs, ViewsCommand,
};
pub(crate) use schema::{DbCommand, GrantsArgs, MigrateArgs};
pub(crate) use web::{PasswordArgs, ServeArgs, TokenCommand, UserCommand};

use crate::terminal::{LogFormat, Verbosity};
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use values::{folder, one_of};

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
  elt status                     what is live, how old it is, and the space it takes
  elt db psql                    look at everything in psql: table elt.help;
  elt init shop --from o.csv     a project for a file of your own

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
#[command(next_help_heading = "For all commands")]
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
        value_parser = one_of::<LogFormat>
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
    Check(CheckArgs),
    /// Sources, their live loads, their age and space; jobs
    #[command(after_help = "\
Examples:
  elt status               what is live, and what waits
  elt status --json")]
    Status,
    /// What could not be staged, with its bytes
    Rejects(RejectsArgs),
    /// Loads that were: what became of them, and the space they take
    Loads(LoadsArgs),
    /// Make an earlier load of a source live again
    Rollback(RollbackArgs),
    /// Drop from staging what is no longer needed
    Gc(GcArgs),
    /// Remove a load, or one key, everywhere
    #[command(subcommand)]
    Purge(PurgeCommand),
    /// Write a project that runs, made for a file of yours
    Init(InitArgs),
    /// Bring the database's schema up to date
    Migrate(MigrateArgs),
    /// Roles for migrating, loading, reading, pages and jobs, with what each may do
    Grants(GrantsArgs),
    /// What is well, what could be better and what is wrong, with what fixes it
    #[command(after_help = "\
Examples:
  elt doctor               exit code 1 if there is a problem
  elt doctor --json")]
    Doctor,
    /// Views, functions, rules and queries, with their versions
    Views(ViewsArgs),
    /// Write the data dictionary, from the database's comments
    Docs(DocsArgs),
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
    /// Print a script that completes commands and flags in a shell
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
            // What cannot be undone is asked for each time.
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
