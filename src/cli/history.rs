//! Commands about loads that were: to look at them, go back to them, and remove them.

use super::values::{key_part, limit};
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt loads                the latest, of all sources
  elt loads SOURCE         of one
  elt loads 7              one, with all that is known of it")]
pub(crate) struct LoadsArgs {
    /// Source whose loads to list, or the number of one load
    #[arg(value_name = "SOURCE|LOAD")]
    pub(crate) of: Option<String>,

    /// Show at most this many, the latest first
    #[arg(long, env = "ELT_LIMIT", default_value_t = 20, value_name = "N", value_parser = limit)]
    pub(crate) limit: i64,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt rollback SOURCE            the load before the live one is live again
  elt rollback SOURCE --to 7     load 7 is (elt loads SOURCE lists them)

Its rows are still in staging, and no file is read. Of a source of mode append or merge the loads after
it are undone, the latest first. The next elt load of a file whose bytes are not live goes forward again.")]
pub(crate) struct RollbackArgs {
    /// Source
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,

    /// Load to go back to [default: the published one before]
    #[arg(long, env = "ELT_TO", value_name = "LOAD")]
    pub(crate) to: Option<i64>,

    /// Wait for a load of the source instead of giving up
    #[arg(long, env = "ELT_WAIT", value_parser = FalseyValueParser::new())]
    pub(crate) wait: bool,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt gc --dry-run         what would be dropped, and how much space that frees
  elt gc                   drop it

How many published loads of a source stay is elt.source.keep_loads. Each load does this too.")]
pub(crate) struct GcArgs {
    /// Only say what would be dropped
    #[arg(long, env = "ELT_DRY_RUN", value_parser = FalseyValueParser::new())]
    pub(crate) dry_run: bool,
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  elt purge load 7                             what would be removed of load 7
  elt purge load 7 --yes                       remove it
  elt purge key customer_id=7 --yes            remove the rows of one key, whichever load they are of
  elt purge key shop_id=1 order_id=42 --yes    several columns are one key")]
pub(crate) enum PurgeCommand {
    /// Remove one load's rows from core, staging and rejects
    #[command(after_help = "\
Examples:
  elt purge load 7         what would be removed
  elt purge load 7 --yes   remove it

A source whose live load is removed is as if it had never been loaded: elt rollback it first, or
load something else, if it is to show other rows. Of a source of mode append or merge the rows of its
other loads stay.")]
    Load {
        /// Number of the load
        #[arg(value_name = "LOAD")]
        load: i64,

        #[command(flatten)]
        yes: YesArgs,
    },
    /// Remove the rows of one key from staging, core, rejects and samples of rules
    #[command(after_help = "\
Examples:
  elt purge key customer_id=7          what would be removed
  elt purge key customer_id=7 --yes    remove it

Exported files, backups, and tables that no load fills are not touched.")]
    Key {
        /// Columns with their values; all of them have to match
        #[arg(value_name = "COLUMN=VALUE", required = true, value_parser = key_part)]
        key: Vec<(String, String)>,

        #[command(flatten)]
        yes: YesArgs,
    },
}

#[derive(Args)]
pub(crate) struct YesArgs {
    /// Yes, remove it for good
    // No variable: one that was set for another command would remove data.
    #[arg(long)]
    pub(crate) yes: bool,
}
