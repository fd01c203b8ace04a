//! Commands that list, roll back and delete earlier loads.

use super::ConfirmArgs;
use super::values::{key_part, limit, load_state};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Number of loads that `elt loads` shows by default.
pub(crate) const LOADS_LIMIT: i64 = 20;

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt loads                              list the latest loads of all sources
  elt loads SOURCE                       list the loads of one source
  elt loads SOURCE --state failed        list its loads that failed
  elt loads --file 2026-11 --since yesterday
  elt loads --before 81                  list the loads before load 81
  elt loads 7                            show all that is known of load 7

States: live, published (and later replaced), rolled-back, refused, failed, interrupted, purged, copying,
staged. Times are in UTC unless they name a zone, such as 2026-11-30T17:30+01:00.")]
pub(crate) struct LoadsArgs {
    /// Source whose loads to list, or number of the load to show
    #[arg(value_name = "SOURCE|LOAD")]
    pub(crate) selection: Option<String>,

    /// Only loads in this state
    #[arg(long, env = "ELT_LOAD_STATE", value_name = "STATE", value_parser = load_state)]
    pub(crate) state: Option<String>,

    /// Only loads whose file, or file of corrected rejects, has this text in its path
    #[arg(long, env = "ELT_LOAD_FILE", value_name = "TEXT")]
    pub(crate) file: Option<String>,

    /// Only loads that started at this time or later
    #[arg(long, env = "ELT_SINCE", value_name = "TIME")]
    pub(crate) since: Option<String>,

    /// Only loads that started before this time; a day includes its loads
    #[arg(long, env = "ELT_UNTIL", value_name = "TIME")]
    pub(crate) until: Option<String>,

    /// Only loads with a lower number: the next page
    #[arg(long, env = "ELT_BEFORE", value_name = "LOAD")]
    pub(crate) before: Option<i64>,

    /// Show at most this many loads, the latest first
    #[arg(long, env = "ELT_LIMIT", default_value_t = LOADS_LIMIT, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,
}

#[derive(Args)]
#[command(
    override_usage = "elt diff [OPTIONS] <SOURCE> [LOAD [LOAD]]\n       elt diff [OPTIONS] --export <NAME> [PUBLISH [PUBLISH]]",
    after_help = "\
Examples:
  elt diff SOURCE                      show what changed from the load before the live one to the live one
  elt diff SOURCE 7                    show what changed from load 7 to the live load
  elt diff SOURCE 7 9 --rows 20        show what changed from load 7 to load 9 (elt loads SOURCE lists them)
  elt diff SOURCE --out changes.csv    write all differences to a file, with the file and line of each row
  elt diff --export NAME               show what the latest publish that changed an export changed in it
  elt diff --export NAME 12 15         show what changed from publish 12 to publish 15

Two loads are compared through the core queries of their source, by the keys of the core tables. Their rows must be in
staging; they need not be live. An export is computed with today's views from the rows of both publishes. Nothing is
changed. The role needs the rights of elt_load."
)]
pub(crate) struct CompareArgs {
    /// Source whose loads to compare, and up to two loads [default: the load before the live one, and the live one]
    #[arg(value_name = "SOURCE|NUMBER", num_args = 0..=3, required_unless_present = "export")]
    pub(crate) compared: Vec<String>,

    /// Compare an export between two publishes [default: the one before its latest change, and the live one]
    #[arg(long, env = "ELT_DIFF_EXPORT", value_name = "NAME")]
    pub(crate) export: Option<String>,

    /// Show at most this many rows of each kind
    #[arg(long, env = "ELT_LIMIT", default_value_t = 5, value_name = "N", value_parser = limit)]
    pub(crate) rows: i64,

    /// Write all differing rows to a CSV file, a line for each value; - for stdout
    #[arg(long, env = "ELT_DIFF_OUT", value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt rollback SOURCE            make the load before the live one live again
  elt rollback SOURCE --to 7     make load 7 live again (elt loads SOURCE lists the loads)

The rows come from staging; no file is read. For a source of mode append or merge, the later loads are
undone, the latest first. The next elt load of a changed file publishes that file again.")]
pub(crate) struct RollbackArgs {
    /// Name of the source
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,

    /// Load to go back to [default: the previous published load]
    #[arg(long, env = "ELT_TO", value_name = "LOAD")]
    pub(crate) to: Option<i64>,

    /// Wait for a running load of the source instead of failing
    #[arg(long, env = "ELT_WAIT", value_parser = FalseyValueParser::new())]
    pub(crate) wait: bool,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt gc --dry-run         show what would be dropped and how much space that frees
  elt gc                   drop it

elt.source.keep_loads sets how many published loads of a source are kept. This command does not ask, because
each load drops the same rows.")]
pub(crate) struct GcArgs {
    /// Only show what would be dropped
    #[arg(long, env = "ELT_DRY_RUN", value_parser = FalseyValueParser::new())]
    pub(crate) dry_run: bool,
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  elt purge load 7 --dry-run                   show what would be deleted of load 7
  elt purge load 7                             show it, ask, and delete it
  elt purge load 7 --yes                       delete it without asking
  elt purge key customer_id=7 --yes            delete the rows of one key from all loads
  elt purge key shop_id=1 order_id=42 --yes    delete the rows of a key of two columns")]
pub(crate) enum PurgeCommand {
    /// Delete the rows of one load from core, staging and rejects
    #[command(after_help = "\
Examples:
  elt purge load 7 --dry-run   show what would be deleted
  elt purge load 7 --yes       delete it without asking

Deleting the live load leaves the source without rows. To keep an earlier load live, run elt rollback
first. For a source of mode append or merge, the rows of its other loads stay.")]
    Load {
        /// Number of the load
        #[arg(value_name = "LOAD")]
        load: i64,

        #[command(flatten)]
        confirm: ConfirmArgs,
    },
    /// Delete the rows of one key from staging, core, rejects and samples of rules
    #[command(after_help = "\
Examples:
  elt purge key customer_id=7 --dry-run   show what would be deleted
  elt purge key customer_id=7 --yes       delete it without asking

Exported files, backups and tables that no load fills are not changed.")]
    Key {
        /// Key columns with their values; all must match
        #[arg(value_name = "COLUMN=VALUE", required = true, value_parser = key_part)]
        key: Vec<(String, String)>,

        #[command(flatten)]
        confirm: ConfirmArgs,
    },
}
