//! How things stand while a command works: what is done for good, and what an end in the middle would leave.

use super::sentence::Invocation;
use super::{Exit, Failure};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Of one command, or one job. Whoever works tells it; whoever says why the work ended asks it.
#[derive(Default)]
pub(crate) struct Standing(Mutex<Parts>);

#[derive(Default)]
struct Parts {
    /// What was done for good.
    done: Option<String>,
    /// How the rest stands.
    rest: Option<String>,
    /// The command that goes on.
    next: Option<Invocation>,
}

impl Standing {
    /// From now on: what an end would leave undone.
    pub(crate) fn leaves(&self, rest: impl Into<String>) {
        self.parts().rest = Some(rest.into());
    }

    /// From now on: the command that would go on.
    pub(crate) fn goes_on_with(&self, command: Invocation) {
        self.parts().next = Some(command);
    }

    /// This is done for good, whatever comes; nothing else yet.
    pub(crate) fn did(&self, what: impl Into<String>) {
        *self.parts() = Parts {
            done: Some(what.into()),
            ..Parts::default()
        };
    }

    /// What was done for good so far.
    pub(crate) fn done(&self) -> Option<String> {
        self.parts().done.clone()
    }

    /// What an interrupted command ends with.
    pub(crate) fn interrupted(&self) -> Failure {
        let parts = self.parts();
        let rest = parts.rest.as_deref();
        let how = match &parts.done {
            Some(done) => format!("{done}; {}", rest.unwrap_or("nothing else was changed")),
            None => rest.unwrap_or("nothing was changed").to_string(),
        };
        let failure = Failure::new(Exit::Interrupted, format!("interrupted; {how}"));
        match &parts.next {
            Some(command) => failure.hint("To go on: " + command.clone() + "."),
            None => failure,
        }
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
