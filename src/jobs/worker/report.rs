//! Reports a finished job to the server.

use super::running::Reason;
use super::{RECONNECT, Worker};
use crate::failure::explain;
use crate::failure::{self, Exit};
use crate::jobs::queue::{self, Failed, Job};
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use postgres::error::SqlState;
use serde_json::Value;
use std::any::Any;
use std::time::{Duration, Instant};

/// How long to retry. After that, the lease has expired and another worker has the job.
const REPORT_TIMEOUT: Duration = Duration::from_secs(60);

/// How a job ended: with a result (`None` if the database has it already), an error or a panic.
pub(super) type WorkResult = std::thread::Result<Result<Option<Value>>>;

/// The state that a job reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum JobOutcome {
    Succeeded,
    TriedAgain,
    Dead,
    Cancelled,
    HandedBack,
    /// Another worker has it.
    Lost,
}

enum Report<'a> {
    Success(&'a Value),
    Failure(Failed),
    HandBack,
}

impl Worker<'_> {
    /// Reports a finished job to the server. Retries until `REPORT_TIMEOUT`.
    pub(super) fn report(
        &self,
        job: &Job,
        done: &WorkResult,
        reason: Option<Reason>,
        client: &mut Option<Client>,
    ) -> Result<JobOutcome> {
        let report = match choose_report(job, done, reason) {
            Ok(report) => report,
            Err(outcome) => return Ok(outcome),
        };
        if let Report::Failure(failed) = &report {
            terminal::warn(format!("job {} ({}): {}", job.id, job.kind, failed.error));
        }
        let begun = Instant::now();
        let mut pause = RECONNECT.0;
        loop {
            let answer = self.session(client).and_then(|client| match &report {
                Report::Success(result) => {
                    queue::succeed(client, job, result).map(|()| JobOutcome::Succeeded)
                }
                Report::Failure(failed) => {
                    queue::fail(client, job, failed).map(|state| match state.as_str() {
                        "queued" => JobOutcome::TriedAgain,
                        "cancelled" => JobOutcome::Cancelled,
                        _ => JobOutcome::Dead,
                    })
                }
                Report::HandBack => queue::release(client, job).map(|()| JobOutcome::HandedBack),
            });
            match answer {
                Ok(outcome) => return Ok(outcome),
                // Another worker has the job or has finished it.
                Err(error) if is_fenced(&error) => return Ok(JobOutcome::Lost),
                Err(error) if begun.elapsed() > REPORT_TIMEOUT => return Err(error),
                Err(_) => {
                    *client = None;
                    self.wake_up.wait(self.wake_up.count(), pause);
                    pause = (pause * 2).min(RECONNECT.1);
                }
            }
        }
    }
}

/// What to report to the server; as `Err`, the outcome if there is nothing to report.
fn choose_report<'a>(
    job: &Job,
    done: &'a WorkResult,
    reason: Option<Reason>,
) -> Result<Report<'a>, JobOutcome> {
    match (done, reason) {
        (Ok(Ok(Some(result))), _) => Ok(Report::Success(result)),
        (Ok(Ok(None)), _) => Err(JobOutcome::Succeeded),
        // Uncommitted changes are rolled back, and another worker has the job.
        (_, Some(Reason::Lost)) => Err(JobOutcome::Lost),
        (Ok(Err(_)), Some(Reason::Stopping)) => Ok(Report::HandBack),
        (Ok(Err(error)), _) => Ok(Report::Failure(failed(error, reason, job))),
        (Err(panic), _) => Ok(Report::Failure(panicked(panic.as_ref()))),
    }
}

fn failed(error: &anyhow::Error, reason: Option<Reason>, job: &Job) -> Failed {
    let sqlstate = sqlstate(error).map(|code| code.code().to_string());
    match reason {
        Some(Reason::TimeLimit) => Failed {
            error: format!("it took longer than its time limit, {:?}", job.time_limit),
            sqlstate,
            may_pass: true,
        },
        Some(Reason::Cancelled) => Failed {
            error: "it was cancelled".into(),
            sqlstate,
            may_pass: false,
        },
        _ => Failed {
            error: explain::one_line(error),
            sqlstate,
            // Another attempt fails too until the data or the settings change. A schema that is too new for
            // this program may fit another worker.
            may_pass: !matches!(
                failure::exit_of(error),
                Exit::RulesFoundRows | Exit::TooManyRejects | Exit::Usage
            ),
        },
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Failed {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    Failed {
        error: format!(
            "the program panicked: {}",
            text.unwrap_or("without a message")
        ),
        sqlstate: None,
        may_pass: true,
    }
}

/// Whether the server refused the report because the claim is over (`elt.end_attempt`).
fn is_fenced(error: &anyhow::Error) -> bool {
    sqlstate(error) == Some(&SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE)
}

fn sqlstate(error: &anyhow::Error) -> Option<&SqlState> {
    error
        .chain()
        .find_map(|cause| cause.downcast_ref::<postgres::Error>()?.code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::worker::work::guarded;
    use crate::signals::{self, Scope};
    use std::time::Duration;

    fn job() -> Job {
        Job {
            id: 1,
            claim_number: 1,
            kind: "x".into(),
            function: None,
            args: None,
            time_limit: Duration::from_secs(1),
        }
    }

    #[test]
    fn a_panic_is_a_failure_of_the_job_and_ends_nothing_else() {
        let scope = Scope::default();
        let done = guarded(&scope, || panic!("no {}", "luck"));
        let Ok(Report::Failure(failed)) = choose_report(&job(), &done, None) else {
            panic!("it counts as something else");
        };
        assert_eq!(failed.error, "the program panicked: no luck");
        assert!(failed.may_pass);
        scope.interrupt();
        assert!(!signals::happened(), "the thread has left the scope");
    }

    #[test]
    fn what_the_server_is_told_depends_on_why_a_job_ended() {
        let failed = || -> WorkResult { Ok(Err(anyhow::anyhow!("x"))) };
        let text = |done: &WorkResult, reason| match choose_report(&job(), done, reason) {
            Err(outcome) => format!("{outcome:?}"),
            Ok(Report::Success(value)) => value.to_string(),
            Ok(Report::HandBack) => "hand back".into(),
            Ok(Report::Failure(failed)) => failed.error,
        };
        assert_eq!(text(&failed(), None), "x");
        assert_eq!(text(&failed(), Some(Reason::Lost)), "Lost");
        assert_eq!(text(&failed(), Some(Reason::Stopping)), "hand back");
        assert_eq!(text(&failed(), Some(Reason::Cancelled)), "it was cancelled");
        assert!(text(&failed(), Some(Reason::TimeLimit)).contains("time limit"));
        let done: WorkResult = Ok(Ok(Some(Value::Bool(true))));
        assert_eq!(text(&done, Some(Reason::Stopping)), "true", "it was faster");
        assert_eq!(text(&Ok(Ok(None)), None), "Succeeded");
    }
}
