//! Runs pending migrations and views in a scratch database that is built from the recorded ones. The locks of
//! each statement are read there while it holds them; sizes and readers come from the real database.

use super::cluster_wide::{is_cluster_wide, without_cluster_wide};
use super::locks::{Lock, Names, new_locks, relation_names};
use super::recorded::{build, recorded};
use crate::database::{Database, Scratch};
use crate::failure::explain;
use crate::project::{Project, SqlFile};
use crate::schema::Plan;
use crate::schema::apply::migrations::Pending;
use crate::schema::apply::rebuild::AppliedStep;
use crate::schema::apply::views::{self, Change, Kind};
use crate::schema::apply::without_transaction;
use crate::schema::sql_text::statements;
use crate::signals;
use anyhow::Result;
use postgres::Client;
use postgres::error::SqlState;
use serde::Serialize;
use std::collections::BTreeSet;

const CLUSTER_WIDE: &str = "it acts on the whole server";

const NEEDS_UNTRIED: &str = "it needs an object of an earlier statement that was not run";

const OUTSIDE: &str = "it runs outside a transaction";

/// One statement, or one file of `sql/`.
#[derive(Serialize)]
pub(crate) struct Step {
    pub(crate) sql: String,
    /// Locks that no earlier statement of the transaction took. `None` if they are not known.
    pub(crate) locks: Option<Vec<Lock>>,
    /// The error on the empty copy.
    pub(crate) problem: Option<String>,
    /// Why the statement was not run.
    pub(crate) untried: Option<&'static str>,
}

/// A migration, statement by statement.
pub(crate) struct Steps<'a> {
    pub(crate) pending: &'a Pending<'a>,
    pub(crate) steps: Vec<Step>,
}

/// A step of the transaction that applies views.
pub(crate) enum ViewStep {
    Drop {
        name: String,
        kind: Kind,
    },
    Make {
        name: String,
    },
    /// Owner, grants, options and other settings of the old view.
    Restore {
        name: String,
    },
    Record {
        name: String,
        version: i64,
    },
    RecordRemoval {
        name: String,
    },
}

pub(crate) struct Rehearsal<'a> {
    pub(crate) migrations: Vec<Steps<'a>>,
    pub(crate) views: Vec<(ViewStep, Option<Vec<Lock>>)>,
    /// Why some or all locks are not known.
    pub(crate) caveat: Option<String>,
}

/// Runs what is pending. If the role may not create a database, nothing is run and no lock is known.
pub(crate) fn rehearse<'a>(
    database: &Database,
    client: &mut Client,
    project: &Project,
    plan: &'a Plan<'_>,
) -> Result<Rehearsal<'a>> {
    if plan.has_current_schema() {
        return Ok(Rehearsal {
            caveat: None,
            ..not_run(plan)
        });
    }
    let Some(scratch) = Scratch::make(database)? else {
        return Ok(not_run(plan));
    };
    let mut copy = scratch.connect()?;
    // Use the role that would migrate.
    if crate::schema::is_owners(client)? {
        scratch.give_to_owner(&mut copy)?;
    }
    if let Err(error) = build(&mut copy, &recorded(client, project)?) {
        signals::check()?;
        return Ok(Rehearsal {
            caveat: Some(format!(
                "could not build the recorded schema in a scratch database, so locks are not known: {}",
                explain::why(&error)
            )),
            ..not_run(plan)
        });
    }
    for (name, kind) in views::dropped_by_hand(client)? {
        copy.batch_execute(&format!("drop {} if exists {name} cascade", kind.name()))?;
    }
    let names = relation_names(&mut copy)?;
    run_pending(&mut copy, client, &names, project, plan)
}

/// Runs all pending migrations and views, until one fails.
fn run_pending<'a>(
    copy: &mut Client,
    live: &mut Client,
    names: &Names,
    project: &Project,
    plan: &'a Plan<'_>,
) -> Result<Rehearsal<'a>> {
    let mut rehearsal = Rehearsal {
        migrations: Vec::new(),
        views: Vec::new(),
        caveat: None,
    };
    for pending in &plan.migrations {
        let steps = match rehearsal.caveat {
            None => {
                let mut before = rehearsal.migrations.iter().flat_map(|each| &each.steps);
                let has_untried = before.any(|step| step.untried == Some(CLUSTER_WIDE));
                run_migration(copy, live, names, pending, has_untried)?
            }
            Some(_) => unknown_steps(pending),
        };
        if let Some(problem) = steps.iter().find_map(|step| step.problem.as_ref()) {
            rehearsal.caveat = Some(format!(
                "could not run {} on an empty copy of the schema, so nothing after it was run: {problem}",
                pending.file.path
            ));
        }
        rehearsal.migrations.push(Steps { pending, steps });
    }
    if rehearsal.caveat.is_none() {
        match run_views(copy, live, names, project, &plan.views) {
            Ok(views) => rehearsal.views = views,
            Err(error) => {
                signals::check()?;
                rehearsal.caveat = Some(format!(
                    "could not apply the views to an empty copy of the schema: {}",
                    explain::why(&error)
                ));
            }
        }
    }
    if rehearsal.caveat.is_some() {
        rehearsal.views = steps_in_place(plan);
    }
    Ok(rehearsal)
}

/// Runs a migration without its ledger row. If it fails, it is rolled back.
fn run_migration(
    copy: &mut Client,
    live: &mut Client,
    names: &Names,
    pending: &Pending<'_>,
    mut has_untried: bool,
) -> Result<Vec<Step>> {
    if pending.file.is_outside_transaction() {
        return run_outside(copy, pending);
    }
    let mut transaction = copy.transaction()?;
    let mut seen = BTreeSet::new();
    let mut steps = unknown_steps(pending);
    for step in &mut steps {
        if step.untried.is_some() {
            has_untried = true;
            continue;
        }
        let mut savepoint = transaction.transaction()?;
        match savepoint.batch_execute(&step.sql) {
            Ok(()) => {
                savepoint.commit()?;
                step.locks = Some(new_locks(&mut transaction, live, names, &mut seen)?);
            }
            // Usually a role.
            Err(error) if has_untried && error.code() == Some(&SqlState::UNDEFINED_OBJECT) => {
                savepoint.rollback()?;
                step.untried = Some(NEEDS_UNTRIED);
            }
            Err(error) => {
                signals::check()?;
                step.problem = Some(explain::one_line(&error.into()));
                drop(savepoint);
                return Ok(steps);
            }
        }
    }
    if let (Err(error), Some(last)) = (transaction.commit(), steps.last_mut()) {
        last.problem = Some(explain::one_line(&error.into()));
    }
    Ok(steps)
}

fn run_outside(copy: &mut Client, pending: &Pending<'_>) -> Result<Vec<Step>> {
    let mut steps = unknown_steps(pending);
    if let (Err(error), Some(first)) = (
        without_transaction::run(copy, &without_cluster_wide(pending.file)),
        steps.first_mut(),
    ) {
        signals::check()?;
        first.problem = Some(explain::one_line(&error));
    }
    Ok(steps)
}

fn run_views(
    copy: &mut Client,
    live: &mut Client,
    names: &Names,
    project: &Project,
    changes: &[Change<'_>],
) -> Result<Vec<(ViewStep, Option<Vec<Lock>>)>> {
    let (mut seen, mut steps) = (BTreeSet::new(), Vec::new());
    views::apply_once(copy, project, changes, &mut |transaction, done| {
        let locks = new_locks(transaction, live, names, &mut seen)?;
        // elt's own ledger is not reported.
        let locks = locks
            .into_iter()
            .filter(|lock| lock.relation != "elt.view_version")
            .collect();
        steps.push((ViewStep::from_applied(done), Some(locks)));
        Ok(())
    })?;
    Ok(steps)
}

fn not_run<'a>(plan: &'a Plan<'_>) -> Rehearsal<'a> {
    Rehearsal {
        migrations: plan
            .migrations
            .iter()
            .map(|pending| Steps {
                pending,
                steps: unknown_steps(pending),
            })
            .collect(),
        views: steps_in_place(plan),
        caveat: Some("the role may not create a scratch database, so locks are not known".into()),
    }
}

fn unknown_steps(pending: &Pending<'_>) -> Vec<Step> {
    let steps = statements(&pending.file.text).into_iter();
    steps
        .map(|sql| Step {
            sql: sql.to_string(),
            locks: None,
            problem: None,
            untried: match pending.file.is_outside_transaction() {
                _ if is_cluster_wide(sql) => Some(CLUSTER_WIDE),
                true => Some(OUTSIDE),
                false => None,
            },
        })
        .collect()
}

/// The steps if every view could be replaced in place.
fn steps_in_place(plan: &Plan<'_>) -> Vec<(ViewStep, Option<Vec<Lock>>)> {
    let steps = plan.views.iter().flat_map(|change| match change {
        Change::Apply { file, version } => [
            ViewStep::from_applied(AppliedStep::Made(file)),
            ViewStep::from_applied(AppliedStep::Recorded(file, *version)),
        ],
        Change::Remove { name, kind } => [
            ViewStep::from_applied(AppliedStep::Dropped(name, *kind)),
            ViewStep::from_applied(AppliedStep::RecordedRemoval(name)),
        ],
    });
    steps.map(|step| (step, None)).collect()
}

impl ViewStep {
    fn from_applied(applied: AppliedStep<'_>) -> ViewStep {
        let own = |file: &SqlFile| file.name.clone();
        match applied {
            AppliedStep::Dropped(name, kind) => ViewStep::Drop {
                name: name.into(),
                kind,
            },
            AppliedStep::Made(file) => ViewStep::Make { name: own(file) },
            AppliedStep::Restored(name) => ViewStep::Restore { name: name.into() },
            AppliedStep::Recorded(file, version) => ViewStep::Record {
                name: own(file),
                version,
            },
            AppliedStep::RecordedRemoval(name) => ViewStep::RecordRemoval { name: name.into() },
        }
    }
}
