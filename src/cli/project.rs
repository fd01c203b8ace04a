//! Commands for projects, views, documentation and shell completions.

use super::layout::LayoutArgs;
use super::values::{column_type, column_value, folder, limit, time_zone};
use crate::init::{Mode, ReadAs, Type};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt init shop                            create a project with a small example file
  elt init shop --from ~/orders.csv        create tables, rules, a view and an export for that file
  elt init shop --from ~/customers.json    add another source to the same project
  elt init shop --from https://example.org/lines.csv.gz
  elt init shop --from s3://bucket/2026/lines.csv.gz
  elt init shop --from 'https://api.example.org/v1/orders?status=open'
                                           add an API; ELT_ORDERS_TOKEN is its token, if it needs one
  elt init shop --from ~/lines.csv --key order_no,line
                                           choose the key
  elt init shop --rekey orders --no-key    change the key of an existing source
  elt --project shop run                   run the project

elt init writes migrations/, sql/, data/ and README.md, which you can edit. It changes existing files only
with --rekey. It reads the whole file, or the first pages of an API, to choose the key and the types, and prints
each choice.")]
pub(crate) struct InitArgs {
    /// Folder of the project, new or existing
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,

    /// File to create the source for (CSV, JSON or NDJSON, optionally compressed), pattern of several files in quotes,
    /// or address of a file or of an API of JSON pages
    #[arg(long, env = "ELT_FROM", value_name = "FILE|URL")]
    pub(crate) from: Option<PathBuf>,

    /// What an address is [default: a file if its path ends like one or if it does not return JSON]
    #[arg(long = "as", env = "ELT_AS", value_name = "KIND", value_enum)]
    pub(crate) read_as: Option<ReadAs>,

    /// Name of the source [default: the file name, or the last word of the address]
    #[arg(long, env = "ELT_NAME", value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Columns that identify a row, separated by commas [default: detected]
    #[arg(long, env = "ELT_KEY", value_name = "COLUMNS", value_delimiter = ',')]
    pub(crate) key: Vec<String>,

    /// Identify rows by their position in the file, which keeps every row
    #[arg(long, env = "ELT_NO_KEY", conflicts_with = "key", value_parser = FalseyValueParser::new())]
    pub(crate) no_key: bool,

    /// Change the key of this source; needs --key or --no-key
    #[arg(long, env = "ELT_REKEY", value_name = "SOURCE", conflicts_with_all = ["from", "name", "mode", "types", "dates", "decimal", "time_zone", "flatten", "set", "read_as", "LayoutArgs"])]
    pub(crate) rekey: Option<String>,

    /// What a file of the source contains
    #[arg(
        long,
        env = "ELT_MODE",
        value_name = "MODE",
        value_enum,
        default_value_t
    )]
    pub(crate) mode: Mode,

    /// Type of a column, instead of the detected type; may be repeated
    #[arg(long = "type", env = "ELT_TYPE", value_name = "COLUMN=TYPE", value_delimiter = ',', value_parser = column_type)]
    pub(crate) types: Vec<(String, Type)>,

    /// Order of ambiguous dates such as 1/2/2024
    #[arg(long, env = "ELT_DATES", value_name = "ORDER")]
    pub(crate) dates: Option<DateOrder>,

    /// Decimal separator of ambiguous numbers such as 12.345
    #[arg(long, env = "ELT_DECIMAL", value_name = "SIGN")]
    pub(crate) decimal: Option<Decimal>,

    /// Time zone of times without one, such as Europe/Berlin [default: no time zone]
    #[arg(long, env = "ELT_INIT_TIME_ZONE", value_name = "ZONE", value_parser = time_zone)]
    pub(crate) time_zone: Option<String>,

    /// Make columns of nested JSON objects: customer.name becomes customer_name
    #[arg(long, env = "ELT_FLATTEN", value_parser = FalseyValueParser::new())]
    pub(crate) flatten: bool,

    /// Column of elt.rest_source, for an API, instead of the inferred or default value; the value is text, JSON or
    /// null. For files: order_by, settle_seconds or keep_loads of elt.source. May be repeated
    #[arg(long, env = "ELT_SET", value_name = "COLUMN=VALUE", value_parser = column_value)]
    pub(crate) set: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) layout: LayoutArgs,
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
  elt views                              list views, functions, rules and queries with their versions
  elt views show public.NAME             show the applied text
  elt views show public.NAME --version 1 show an earlier text
  elt views diff NAME                    show what the file in the project would change
  elt views diff NAME --rows             show the rows that this would add, remove and change"
)]
pub(crate) struct ViewsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ViewsCommand>,
}

#[derive(Subcommand)]
pub(crate) enum ViewsCommand {
    /// Show the text of a view, function, rule or query
    #[command(after_help = "\
Examples:
  elt views show public.NAME
  elt views show NAME --version 1")]
    Show {
        /// Name; with the schema if it is ambiguous
        #[arg(value_name = "NAME")]
        name: String,

        /// Version to show [default: the applied version]
        #[arg(long, env = "ELT_VERSION", value_name = "N")]
        version: Option<i64>,
    },
    /// Compare two versions, or the applied version and the file in the project
    #[command(after_help = "\
Examples:
  elt views diff NAME            compare the applied version with the file
  elt views diff NAME 1          compare version 1 with the applied version
  elt views diff NAME 1 2        compare version 1 with version 2
  elt views diff NAME --rows     run both on the live data; show added, removed and changed rows

With --rows, both versions run as temporary views in one transaction that is rolled back. This blocks no
other session. Rows are matched by the primary key of the table that a core query fills, by the columns
that the header names as the grain, as in \"one row per (a, b)\", or as whole rows.")]
    Diff(DiffArgs),
}

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// Name; with the schema if it is ambiguous
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// First version [default: the applied version]
    #[arg(value_name = "A")]
    pub(crate) from: Option<i64>,

    /// Second version [default: the file in the project; with A, the applied version]
    #[arg(value_name = "B")]
    pub(crate) to: Option<i64>,

    /// Compare rows instead of texts
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
    /// Shell to complete commands in
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt docs                        write the data dictionary to out/docs
  elt docs --out dictionary       write to another folder: index.html, index.md, engine.html, engine.md

The pages describe sources, tables, views, columns, rules and exports, and their dependencies, from the
comments in the database. They contain no rows and no scripts. The same schema gives the same bytes.")]
pub(crate) struct DocsArgs {
    /// Folder to write to
    #[arg(long, env = "ELT_DOCS_OUT", value_name = "DIR", default_value = "out/docs", value_parser = folder("out/docs"))]
    pub(crate) out: PathBuf,
}
