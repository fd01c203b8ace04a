//! The progress of a command: what is committed, and what an interrupt would leave undone.

use super::sentence::Invocation;
use super::{Exit, Failure};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The progress of one command or job. The working code sets it, and error messages read it.
#[derive(Default)]
pub(crate) struct CommandProgress(Mutex<Parts>);

#[derive(Default)]
struct Parts {
    /// What was committed.
    done: Option<String>,
    /// The state of the rest.
    rest: Option<String>,
    /// The command that continues the work.
    next: Option<Invocation>,
}

impl CommandProgress {
    /// Sets what an interrupt from now on would leave undone.
    pub(crate) fn set_unfinished(&self, rest: impl Into<String>) {
        self.parts().rest = Some(rest.into());
    }

    /// Sets the command that would continue the work.
    pub(crate) fn set_next_command(&self, command: Invocation) {
        self.parts().next = Some(command);
    }

    /// Records what was committed, and that nothing else was changed yet.
    pub(crate) fn set_done(&self, what: impl Into<String>) {
        *self.parts() = Parts {
            done: Some(what.into()),
            ..Parts::default()
        };
    }

    /// What was committed so far.
    pub(crate) fn done(&self) -> Option<String> {
        self.parts().done.clone()
    }

    /// The failure of an interrupted command.
    pub(crate) fn interrupted(&self) -> Failure {
        let parts = self.parts();
        let rest = parts.rest.as_deref();
        let how = match &parts.done {
            Some(done) => format!("{done}; {}", rest.unwrap_or("nothing else was changed")),
            None => rest.unwrap_or("nothing was changed").to_string(),
        };
        let failure = Failure::new(Exit::Interrupted, format!("interrupted; {how}"));
        match &parts.next {
            Some(command) => failure.hint("To continue, run " + command.clone() + "."),
            None => failure,
        }
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
