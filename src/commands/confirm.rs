//! Confirmation of commands that delete data permanently.

use super::Context;
use crate::cli::ConfirmArgs;
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::Result;

pub(super) enum Consent {
    /// With --yes: delete.
    Given,
    /// With --dry-run: only show what would be deleted.
    DryRun,
    /// Show what would be deleted, then ask.
    Ask,
    /// Show what would be deleted, then fail, because --yes is missing and there is no terminal to ask on.
    Missing,
}

impl Consent {
    pub(super) fn from_args(context: &Context<'_>, args: &ConfirmArgs) -> Consent {
        if args.dry_run {
            Consent::DryRun
        } else if args.yes {
            Consent::Given
        } else if terminal::can_ask() && !context.global.json {
            Consent::Ask
        } else {
            Consent::Missing
        }
    }
}

/// Asks the question, and fails unless the answer is yes.
pub(super) fn ask(question: &str) -> Result<()> {
    if terminal::confirm(question)? {
        return Ok(());
    }
    let failure = Failure::new(Exit::Failed, "nothing was deleted");
    Err(failure.detail("The answer was not yes.").into())
}
