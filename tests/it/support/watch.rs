//! Readers that read repeatedly during a change, and check that all they see belongs to one state.

use super::{Database, wait_until};
use postgres::error::SqlState;
use postgres::{Client, IsolationLevel, NoTls, Statement, Transaction};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The live loads, and a value of each layer: every kind of table that a publish changes.
const PARTS: [&str; 6] = [
    "select coalesce(string_agg(concat_ws(' ', load.source, left(load.sha256, 8), load.state, publish.state), \
     ', ' order by load.source), '') from elt.live_load inner join elt.load using (load_id) \
     inner join elt.publish on publish.publish_id = live_load.publish_id",
    "select count(*) || ' of ' || coalesce(sum(emr_appointment_id), 0) from core.appointments",
    "select (select count(*) from core.departments) || ' and ' || (select count(*) from core.offices)",
    "select (select count(*) from public.epion_practices) || ' and ' \
     || (select count(*) from public.epion_offices)",
    "select count(*) || ' valid' from public.valid_appointments",
    "select coalesce(string_agg(utilization::text, ' ' order by month), '') \
     from public.epion_utilization as utilization",
];

/// One value for each part.
pub(crate) type State = Vec<String>;

/// All that readers see, read by one statement.
pub(crate) fn state(database: &Database) -> State {
    let row = database.connect().query_one(&in_one_statement(), &[]);
    row.unwrap().get(0)
}

/// What readers would see after these changes, which are rolled back.
pub(crate) fn state_after(database: &Database, changes: &str) -> State {
    let mut client = database.connect();
    let mut transaction = client.transaction().unwrap();
    transaction.batch_execute(changes).unwrap();
    let row = transaction.query_one(&in_one_statement(), &[]);
    row.unwrap().get(0)
}

fn in_one_statement() -> String {
    format!("select array[({})]", PARTS.join("), ("))
}

/// The queries of a reader, prepared, so that it reads twice as often.
struct Queries {
    all: Statement,
    parts: Vec<Statement>,
}

impl Queries {
    fn prepare(client: &mut Client) -> Result<Queries, postgres::Error> {
        let all = client.prepare(&in_one_statement())?;
        let parts: Result<_, _> = PARTS.iter().map(|sql| client.prepare(sql)).collect();
        Ok(Queries { all, parts: parts? })
    }
}

/// Reads each part, and passes its value on at once.
fn in_many(
    mut transaction: Transaction<'_>,
    queries: &Queries,
    mut see: impl FnMut(usize, String),
) -> Result<(), postgres::Error> {
    for (part, query) in queries.parts.iter().enumerate() {
        see(part, transaction.query_one(query, &[])?.get(0));
    }
    transaction.commit()
}

/// The expected states, in order.
#[derive(Clone)]
struct States {
    all: Vec<State>,
    /// The index of the last one seen.
    at: usize,
}

impl States {
    /// A whole state.
    fn see(&mut self, seen: &State) {
        self.find(&format!("{seen:#?}"), |state| state == seen);
    }

    fn see_part(&mut self, part: usize, value: &str) {
        self.find(value, |state| state[part] == value);
    }

    fn find(&mut self, what: &str, is_it: impl Fn(&State) -> bool) {
        let found = self.all[self.at..].iter().position(is_it);
        assert!(
            found.is_some(),
            "seen after state {}: {what}\nof {:#?}",
            self.at,
            self.all
        );
        self.at += found.unwrap();
    }
}

/// Two readers: one alternates single statements and READ COMMITTED transactions, the other uses REPEATABLE READ.
pub(crate) struct Watch {
    is_over: Arc<AtomicBool>,
    readers: Vec<(Arc<AtomicUsize>, JoinHandle<State>)>,
}

impl Watch {
    /// Expects `states` in this order.
    pub(crate) fn of(database: &Database, states: &[&State]) -> Watch {
        let is_over = Arc::new(AtomicBool::new(false));
        let states = States {
            all: states.iter().map(|state| (*state).clone()).collect(),
            at: 0,
        };
        let readers = [read_committed, read_repeatably].map(|read| {
            let count = Arc::new(AtomicUsize::new(0));
            let reader = Reader {
                url: database.url(),
                is_over: Arc::clone(&is_over),
                count: Arc::clone(&count),
                states: states.clone(),
            };
            (count, std::thread::spawn(move || reader.read_on(read)))
        });
        Watch {
            is_over,
            readers: readers.into(),
        }
    }

    /// Waits until each reader has begun and ended another reading, and none has failed.
    pub(crate) fn look(&self) {
        for (count, thread) in &self.readers {
            let enough = count.load(Ordering::SeqCst) + 2;
            wait_until("a reader to have read", || {
                count.load(Ordering::SeqCst) >= enough || thread.is_finished()
            });
        }
    }

    /// Stops the readers; each must have seen `state` last.
    pub(crate) fn end_at(mut self, state: &State) {
        self.look();
        self.is_over.store(true, Ordering::SeqCst);
        for (_, thread) in std::mem::take(&mut self.readers) {
            assert_eq!(&thread.join().unwrap(), state);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
    }
}

struct Reader {
    url: String,
    is_over: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
    states: States,
}

type Read = fn(&mut Client, &Queries, &mut States) -> Result<(), postgres::Error>;

impl Reader {
    /// Reads until the end, also across restarts of the server.
    fn read_on(mut self, read: Read) -> State {
        while !self.is_over.load(Ordering::SeqCst) {
            let connected = Client::connect(&self.url, NoTls);
            let outcome = connected.and_then(|mut client| {
                let queries = Queries::prepare(&mut client)?;
                while !self.is_over.load(Ordering::SeqCst) {
                    let begun = Instant::now();
                    read(&mut client, &queries, &mut self.states)?;
                    self.count.fetch_add(1, Ordering::SeqCst);
                    // Readers then read half of the time and leave CPU to the watched program, also on a busy
                    // machine, where both are slow.
                    std::thread::sleep(begun.elapsed());
                }
                Ok(())
            });
            if let Err(error) = outcome {
                let is_gone = error.as_db_error().is_none_or(|said| {
                    [
                        SqlState::ADMIN_SHUTDOWN,
                        SqlState::CRASH_SHUTDOWN,
                        SqlState::CANNOT_CONNECT_NOW,
                    ]
                    .contains(said.code())
                });
                assert!(is_gone, "{error:?}");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        self.states.all.swap_remove(self.states.at)
    }
}

fn read_committed(
    client: &mut Client,
    queries: &Queries,
    states: &mut States,
) -> Result<(), postgres::Error> {
    states.see(&client.query_one(&queries.all, &[])?.get(0));
    in_many(client.transaction()?, queries, |part, value| {
        states.see_part(part, &value)
    })
}

fn read_repeatably(
    client: &mut Client,
    queries: &Queries,
    states: &mut States,
) -> Result<(), postgres::Error> {
    let transaction = client.build_transaction();
    let transaction = transaction.isolation_level(IsolationLevel::RepeatableRead);
    let mut seen = State::new();
    in_many(transaction.start()?, queries, |_, value| seen.push(value))?;
    states.see(&seen);
    Ok(())
}
