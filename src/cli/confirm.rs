//! Flags of commands that delete data permanently.

use clap::Args;
use clap::builder::FalseyValueParser;

#[derive(Args)]
pub(crate) struct ConfirmArgs {
    /// Delete without asking; required if there is no terminal to ask on
    // It has no variable: one that was set for another command would delete data.
    #[arg(long)]
    pub(crate) yes: bool,

    /// Only show what would be deleted
    #[arg(long, env = "ELT_DRY_RUN", value_parser = FalseyValueParser::new())]
    pub(crate) dry_run: bool,
}
