//! A database with an old state, and the load that leads to a new one.

use super::steps::{GATES, Input};
use crate::support::{Database, Elt, Folder, HEADER, Running, State, Watch, state, state_after};

const EXPORTS: [&str; 3] = [
    "valid_appts.csv",
    "epion_appts.csv",
    "epion_utilization.csv",
];

/// Partitions without a kept load, kept loads without a partition, loads that never end, and leftovers that a sweep
/// should have dropped.
const LEFT_OVER: &str = "
    select coalesce(string_agg(what, ', '), '') from (
        select 'table ' || relname as what from pg_class
        where relnamespace = 'staging'::regnamespace and relkind = 'r' and not (relispartition and exists (
            select 1 from elt.load where staging_dropped_at is null
            and regexp_replace(relname, '_part_[0-9]+$', '') = source || '_load_' || load_id))
        union all
        select 'load without a table ' || load_id from elt.load
        where staging_dropped_at is null and to_regclass('staging.' || source || '_load_' || load_id) is null
        union all
        select state || ' load ' || load_id from elt.load where state in ('copying', 'staged')
        union all
        select 'leftover of load ' || load_id from elt.staging_leftover
        union all
        select 'prepared ' || relation from elt.prepared_part
        union all
        select 'table ' || relname from pg_class where relname like '%\\_prepared\\_%' and relkind = 'r'
    ) as left_over";

/// Loads of the test's few rows are prepared, as large loads are.
const PREPARED: &str = "set elt.rows_to_prepare = 1";

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// The load is published at once.
    AtOnce,
    /// The load is prepared before it is published.
    Prepared,
    /// The same, and it is the first one.
    First,
}

/// What readers may see while the first load of a partitioned core table becomes live (src/load/README.md): in a
/// transaction that began before, the rows that were prepared, from one of its statements on.
const PREPARED_ROWS: &str = "delete from elt.live_pointer; delete from core.departments; delete from core.offices; \
                             delete from public.epion_practices; delete from public.epion_offices";
/// And in statements that were planned before, an empty table.
const EMPTY: &str = "delete from core.appointments";
/// The parts of a state that are made of these rows, the last one first.
const OF_ROWS: [usize; 3] = [5, 4, 1];

pub(super) struct Scenario {
    pub(super) database: Database,
    out: Folder,
    /// The input that is read through a pipe.
    piped: Vec<u8>,
    /// The offset of its last record.
    last: usize,
    old: State,
    /// The state after loading the piped input.
    mixed: State,
    new: State,
    /// The name of a copy of the database in its old state.
    copy: String,
    kind: Kind,
    /// What a reader may see between the old state and the new one.
    between: Vec<State>,
    old_files: Vec<String>,
}

impl Scenario {
    pub(super) fn new(database: Database, kind: Kind) -> Scenario {
        let data = Folder::with_other_data();
        let out = Folder::new();
        if kind == Kind::First {
            database.elt().args(["migrate"]).run().ok();
            for name in EXPORTS {
                out.write(name, "an older export");
            }
        } else {
            let elt = database.elt().args(["run"]).path("--data", data.path());
            elt.path("--out", out.path()).run().ok();
        }
        database.run(GATES);
        let copy = format!("{}_before", database.name());
        database.keep_as(&copy);

        let (piped, last) = piped();
        let mut scenario = Scenario {
            old: state(&database),
            old_files: EXPORTS.map(|name| out.read(name)).into(),
            mixed: State::new(),
            new: State::new(),
            database,
            out,
            piped,
            last,
            copy,
            kind,
            between: Vec::new(),
        };
        scenario.prepare();
        scenario.complete(Input::Everything);
        scenario.mixed = state(&scenario.database);
        if kind == Kind::First {
            scenario.restore();
        }
        scenario.complete(Input::Files);
        scenario.new = state(&scenario.database);
        if kind == Kind::First {
            scenario.between = scenario.between();
        }
        for (old, new) in scenario.old.iter().zip(&scenario.new) {
            assert_ne!(old, new);
        }
        scenario
    }

    /// Restores the state after the first load.
    pub(super) fn restore(&self) {
        self.database.restore(&self.copy);
        self.prepare();
        for (name, text) in EXPORTS.iter().zip(&self.old_files) {
            self.out.write(name, text);
        }
    }

    /// The first statements of a transaction may see one state of the table, and the other ones the next.
    fn between(&self) -> Vec<State> {
        let prepared = state_after(&self.database, PREPARED_ROWS);
        let empty = state_after(&self.database, EMPTY);
        let mut states = Vec::new();
        for (first, next) in [(&self.old, &prepared), (&empty, &self.new)] {
            let mut seen = first.clone();
            states.push(seen.clone());
            for part in OF_ROWS {
                seen[part].clone_from(&next[part]);
                states.push(seen.clone());
            }
        }
        states
    }

    fn prepare(&self) {
        if self.kind != Kind::AtOnce {
            let name = self.database.name();
            self.database
                .run(&format!("alter database {name} {PREPARED}"));
        }
    }

    pub(super) fn old(&self) -> &State {
        &self.old
    }

    pub(super) fn watch(&self, input: Input) -> Watch {
        let mut states = vec![self.old()];
        states.extend(&self.between);
        states.push(self.target(input));
        Watch::of(&self.database, &states)
    }

    /// The state after a load of this input.
    pub(super) fn target(&self, input: Input) -> &State {
        match input {
            Input::Files => &self.new,
            _ => &self.mixed,
        }
    }

    pub(super) fn start(&self, input: Input) -> Running {
        self.command(input).start_fed()
    }

    fn command(&self, input: Input) -> Elt {
        let elt = self.database.elt();
        match input {
            Input::Files => elt.args(["run"]).path("--out", self.out.path()),
            _ => elt.args(["load", "appointments", "--data", "-"]),
        }
    }

    /// The part that is piped before the load is stopped.
    pub(super) fn beginning(&self, input: Input) -> &[u8] {
        match input {
            Input::Files | Input::Nothing => &[],
            Input::Beginning => &self.piped[..self.last],
            Input::Everything => &self.piped,
        }
    }

    pub(super) fn rest(&self, input: Input) -> &[u8] {
        match input {
            Input::Files => &[],
            _ => &self.piped[self.beginning(input).len()..],
        }
    }

    /// Runs the stopped command again, to its end.
    pub(super) fn complete(&self, input: Input) {
        let mut run = self.start(input);
        run.feed(self.beginning(input));
        run.feed(self.rest(input));
        run.finish().ok();
    }

    /// The exported files all belong to one export.
    pub(super) fn exported_are(&self, expected: impl Fn(usize, &str) -> String) {
        for (index, name) in EXPORTS.iter().enumerate() {
            assert_eq!(self.out.read(name), expected(index, name), "{name}");
        }
    }

    pub(super) fn exported_are_old(&self) {
        self.exported_are(|index, _| self.old_files[index].clone());
    }

    /// The exported files are the results of `data/`, and there are no others.
    pub(super) fn exported_are_expected(&self) {
        self.exported_are(|_, name| {
            std::fs::read_to_string(format!("tests/expected/{name}")).unwrap()
        });
        let files = std::fs::read_dir(self.out.path()).unwrap().count();
        assert_eq!(files, EXPORTS.len() + 1, "the files and the manifest");
    }

    pub(super) fn has_nothing_left_over(&self) {
        assert_eq!(self.database.text(LEFT_OVER), "");
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        self.database.forget(&self.copy);
    }
}

/// A few rows, each so long that it is sent to the server at once, and the offset of the last one. The last row is
/// rejected, and so long that it is written at once.
fn piped() -> (Vec<u8>, usize) {
    let long = "long ".repeat(100_000);
    let row = |number| format!("1,{number},,4,4,,{long},2023-02-01\n");
    let mut piped = HEADER.to_string();
    piped.extend((1000..1005).map(row));
    let last = piped.len();
    piped += &format!("{}\n", "x".repeat(2_000_000));
    (piped.into_bytes(), last)
}
