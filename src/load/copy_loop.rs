//! Reads records and writes them to the COPY text or to the rejects.

use super::rejects::{MaxRejects, RejectLog};
use crate::copy::CopyText;
use crate::extract::{Extract, Record};
use crate::signals;
use anyhow::Result;

/// The state of the loop over the records of an input.
pub(super) struct CopyLoop<'a, 'b> {
    pub(super) extract: &'a mut dyn Extract,
    pub(super) rejects: &'a mut RejectLog<'b>,
    pub(super) limit: MaxRejects,
    pub(super) read: &'a mut u64,
}

pub(super) enum Filled {
    Full,
    ToTheEnd,
    TooManyRejects,
}

impl CopyLoop<'_, '_> {
    /// Reads records until a part of the COPY text is full or the input ends.
    pub(super) fn fill(&mut self, text: &mut CopyText) -> Result<Filled> {
        while text.full_part().is_none() {
            signals::check()?;
            *self.read += self.extract.forward(text)?;
            match self.extract.next(text)? {
                None => return Ok(Filled::ToTheEnd),
                Some(Record::Staged) => *self.read += 1,
                Some(Record::Rejected(reject)) => {
                    *self.read += 1;
                    self.rejects.add(reject)?;
                    if self.limit.is_hopeless(self.rejects.count, *self.read) {
                        return Ok(Filled::TooManyRejects);
                    }
                }
            }
        }
        Ok(Filled::Full)
    }
}
