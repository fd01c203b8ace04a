//! Commands about a project and its views, and the help for shells.

use super::values::{column_type, folder, limit, time_zone};
use crate::init::{Mode, Type};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt init shop                            a project that runs, with a small file of its own
  elt init shop --from ~/orders.csv        one whose tables, rules, view and export fit that file
  elt init shop --from ~/customers.json    one source more, in the same project
  elt init shop --from ~/lines.csv --key order_no,line
                                           with a key of your choice
  elt init shop --rekey orders --no-key    another key for a source that is there
  elt --project shop run                   and it runs

Written are migrations/, sql/, data/ and README.md, to be read and changed; no file that is there is
touched, except by --rekey. Key and types are read off the whole file; each choice is printed.")]
pub(crate) struct InitArgs {
    /// Folder of the project; a new one, or one with a project in it
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,

    /// File whose columns the project is made for: CSV, JSON or NDJSON, also compressed
    #[arg(long, env = "ELT_FROM", value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,

    /// Name of the source [default: the file's]
    #[arg(long, env = "ELT_NAME", value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Columns that identify a row, separated by commas [default: read off the file]
    #[arg(long, env = "ELT_KEY", value_name = "COLUMNS", value_delimiter = ',')]
    pub(crate) key: Vec<String>,

    /// Identify rows by their place in the file: every row is kept
    #[arg(long, env = "ELT_NO_KEY", conflicts_with = "key", value_parser = FalseyValueParser::new())]
    pub(crate) no_key: bool,

    /// Give this source of the project another key, named by --key or --no-key
    #[arg(long, env = "ELT_REKEY", value_name = "SOURCE", conflicts_with_all = ["from", "name", "mode", "types", "dates", "decimal", "time_zone"])]
    pub(crate) rekey: Option<String>,

    /// What a file of the source holds
    #[arg(
        long,
        env = "ELT_MODE",
        value_name = "MODE",
        value_enum,
        default_value_t
    )]
    pub(crate) mode: Mode,

    /// Type of a column, instead of the one read off the file; may be repeated
    #[arg(long = "type", env = "ELT_TYPE", value_name = "COLUMN=TYPE", value_delimiter = ',', value_parser = column_type)]
    pub(crate) types: Vec<(String, Type)>,

    /// What dates such as 1/2/2024 begin with, if no other date of the file tells
    #[arg(long, env = "ELT_DATES", value_name = "ORDER")]
    pub(crate) dates: Option<DateOrder>,

    /// What numbers such as 12.345 have, if no other number of the file tells
    #[arg(long, env = "ELT_DECIMAL", value_name = "SIGN")]
    pub(crate) decimal: Option<Decimal>,

    /// Zone of times that have none, as in Europe/Berlin [default: they stay without]
    #[arg(long, env = "ELT_INIT_TIME_ZONE", value_name = "ZONE", value_parser = time_zone)]
    pub(crate) time_zone: Option<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum DateOrder {
    DayFirst,
    MonthFirst,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Decimal {
    Point,
    Comma,
}

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  elt views                              all views, functions, rules and queries, with their versions
  elt views show public.NAME             the text of one, as it is applied
  elt views show public.NAME --version 1 as it was
  elt views diff NAME                    what the file in the project would change in it
  elt views diff NAME --rows             the rows that come, go and change by that"
)]
pub(crate) struct ViewsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ViewsCommand>,
}

#[derive(Subcommand)]
pub(crate) enum ViewsCommand {
    /// The text of one view, function, rule or query
    #[command(after_help = "\
Examples:
  elt views show public.NAME
  elt views show NAME --version 1")]
    Show {
        /// Its name, with its schema where several have it
        #[arg(value_name = "NAME")]
        name: String,

        /// Version [default: the one that is applied]
        #[arg(long, env = "ELT_VERSION", value_name = "N")]
        version: Option<i64>,
    },
    /// What differs between two versions, or the applied one and the file in the project
    #[command(after_help = "\
Examples:
  elt views diff NAME            the applied version, and the file
  elt views diff NAME 1          version 1, and the applied one
  elt views diff NAME 1 2        version 1, and version 2
  elt views diff NAME --rows     both run over what is live: rows that come, go and change

With --rows both run in one transaction that is rolled back, as temporary views: nobody waits for them. Rows
are told apart by the primary key of the table that a core query fills, by columns that the grain of the
header names, as in \"one row per (a, b)\", or as whole rows.")]
    Diff(DiffArgs),
}

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// Its name, with its schema where several have it
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// Version to begin with [default: the one that is applied]
    #[arg(value_name = "A")]
    pub(crate) from: Option<i64>,

    /// Version to end with [default: the file in the project; with A, the one that is applied]
    #[arg(value_name = "B")]
    pub(crate) to: Option<i64>,

    /// Compare the rows instead of the texts
    #[arg(long, env = "ELT_ROWS", value_parser = FalseyValueParser::new())]
    pub(crate) rows: bool,

    /// Show at most this many rows of each kind
    #[arg(long, env = "ELT_LIMIT", default_value_t = 5, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt completions bash > /etc/bash_completion.d/elt
  elt completions zsh > ~/.zfunc/_elt
  elt completions fish > ~/.config/fish/completions/elt.fish")]
pub(crate) struct CompletionsArgs {
    /// Shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt docs                        the data dictionary, in out/docs
  elt docs --out dictionary       elsewhere: index.html and index.md, engine.html and engine.md

Pages of the database's own comments: sources, tables, views, columns, rules, exports, and what reads
what. They hold no rows, need no server and no scripts, and are the same bytes as long as the schema is.")]
pub(crate) struct DocsArgs {
    /// Folder to write to
    #[arg(long, env = "ELT_DOCS_OUT", value_name = "DIR", default_value = "out/docs", value_parser = folder("out/docs"))]
    pub(crate) out: PathBuf,
}
