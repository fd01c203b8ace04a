//! The steps of a load, and the lock that stops the program at each.

use super::scenario::Scenario;
use crate::support::{Held, Running};

/// The input of the load.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Input {
    /// The files of `data/`, for all sources.
    Files,
    /// One source through a pipe: nothing yet, the beginning, or everything.
    Nothing,
    Beginning,
    Everything,
}

/// A point that a load passes.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) input: Input,
    /// The statement whose lock the load waits for at this step; empty if it waits for input.
    held: &'static str,
    /// A query that returns whether the load has reached the step.
    reached: &'static str,
    /// Whether the load is live at this step.
    pub(super) is_live: bool,
    /// The message after Ctrl-C at this step.
    pub(super) says: &'static str,
}

pub(super) const COPYING: &str = "some rows copied";
pub(super) const PUBLISHING: &str = "publishing, core half changed";

const WAITS: &str = "select exists (select 1 from pg_stat_activity where datname = current_database() \
                     and application_name like 'elt load%' and wait_event_type = 'Lock')";
const EXPORT_WAITS: &str = "select exists (select 1 from pg_stat_activity where datname = current_database() \
                            and application_name like 'elt export%' and wait_event_type = 'Lock')";
const NOT_LOADED: &str = "interrupted; nothing was loaded: the live data is unchanged";
const NOT_PUBLISHED: &str = "interrupted; the loads were not published: the live data is unchanged";
const LIVE: &str = "interrupted; the loads are live (publish 2); nothing else was changed";
const NO_FILE: &str = "interrupted; the loads are live (publish 2); no file was changed in";

/// Triggers that wait for the advisory lock with the number of their gate.
pub(super) const GATES: &str = "
    create function public.wait_at_gate() returns trigger language plpgsql set lock_timeout = 0 as $$
    begin
        perform pg_advisory_xact_lock_shared(tg_argv[0]::bigint);
        return new;
    end $$;
    create trigger when_copied before update on elt.load for each row
        when (old.state = 'copying' and new.state = 'staged') execute function public.wait_at_gate(1);
    create constraint trigger at_commit after insert on elt.publish initially deferred for each row
        execute function public.wait_at_gate(2);
    create constraint trigger when_prepared after insert on elt.prepared_part initially deferred for each row
        execute function public.wait_at_gate(4);
    create trigger when_preparing before insert on elt.prepared_part for each row
        execute function public.wait_at_gate(5);
    create trigger when_swept before update on elt.load for each row
        when (old.staging_dropped_at is null and new.staging_dropped_at is not null and new.source = 'offices')
        execute function public.wait_at_gate(3);
    update elt.source set keep_loads = 1";

const fn step(name: &'static str, held: &'static str, says: &'static str) -> Step {
    Step {
        name,
        input: Input::Files,
        held,
        reached: WAITS,
        is_live: false,
        says,
    }
}

const fn live(step: Step) -> Step {
    Step {
        is_live: true,
        ..step
    }
}

const fn piped(input: Input, reached: &'static str, step: Step) -> Step {
    Step {
        input,
        reached,
        ..step
    }
}

pub(super) const STEPS: [Step; 12] = [
    step(
        "before its record",
        "lock table elt.load in share mode",
        NOT_LOADED,
    ),
    piped(
        Input::Nothing,
        "select exists (select 1 from elt.load where state = 'copying')",
        step("recorded, its partition empty", "", NOT_LOADED),
    ),
    piped(
        Input::Beginning,
        "select exists (select 1 from pg_stat_progress_copy where datname = current_database() \
         and tuples_processed > 0)",
        step(COPYING, "", NOT_LOADED),
    ),
    piped(
        Input::Everything,
        WAITS,
        step(
            "writing rejects",
            "lock table elt.reject in share mode",
            NOT_LOADED,
        ),
    ),
    step(
        "all rows copied and not counted",
        "select pg_advisory_xact_lock(1)",
        NOT_LOADED,
    ),
    step(
        "staged and not publishing",
        "select pg_advisory_xact_lock(6646900, 2)",
        NOT_PUBLISHED,
    ),
    step(
        PUBLISHING,
        "lock table public.epion_practices in share mode",
        NOT_PUBLISHED,
    ),
    step(
        "running rules",
        "alter view quality.offices_not_launched set (security_barrier = true)",
        NOT_PUBLISHED,
    ),
    step(
        "committing",
        "select pg_advisory_xact_lock(2)",
        NOT_PUBLISHED,
    ),
    live(step(
        "live, before old loads are swept",
        "lock table core.appointments in share update exclusive mode",
        LIVE,
    )),
    live(step("sweeping", "select pg_advisory_xact_lock(3)", LIVE)),
    live(Step {
        reached: EXPORT_WAITS,
        // Only the export reads this view, after it has written another file.
        ..step(
            "exporting",
            "alter view public.epion_utilization set (security_barrier = true)",
            NO_FILE,
        )
    }),
];

/// The steps of a load that is prepared before it is published.
pub(super) const PREPARED_STEPS: [Step; 5] = [
    step(
        "preparing",
        "select pg_advisory_xact_lock(5)",
        NOT_PUBLISHED,
    ),
    step(
        "prepared and not committed",
        "select pg_advisory_xact_lock(4)",
        NOT_PUBLISHED,
    ),
    step(
        "prepared and not publishing",
        "select pg_advisory_xact_lock(6646900, 2)",
        NOT_PUBLISHED,
    ),
    step(
        "publishing what was prepared",
        "lock table public.epion_practices in share mode",
        NOT_PUBLISHED,
    ),
    step(
        "committing what was prepared",
        "select pg_advisory_xact_lock(2)",
        NOT_PUBLISHED,
    ),
];

/// A load that waits at its step, and the lock that it waits for.
pub(super) struct Stopped {
    pub(super) run: Running,
    pub(super) held: Option<Held>,
}

impl Step {
    pub(super) fn reach(&self, scenario: &Scenario) -> Stopped {
        let held = (!self.held.is_empty()).then(|| scenario.database.hold_by(self.held));
        let mut run = scenario.start(self.input);
        run.feed(scenario.beginning(self.input));
        scenario.database.wait_for(self.name, self.reached);
        Stopped { run, held }
    }

    /// Whether readers wait as well, because the lock conflicts with reading.
    pub(super) fn keeps_readers(&self) -> bool {
        self.reached == EXPORT_WAITS
    }
}
