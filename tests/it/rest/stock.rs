//! An API whose records are added and changed while the tests load them, and that returns only records since a given
//! moment; and a database of `tests/projects/stock`, which loads from it.

use crate::support::{Database, Elt, repository};
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

/// A record of the API.
#[derive(Clone)]
struct Record {
    name: String,
    /// When it changed. The API filters by it.
    at: DateTime<Utc>,
    /// The value of `updated_at`.
    shown: Value,
}

/// The records of the API, by id, and how it answers.
#[derive(Default)]
pub(super) struct Stock {
    records: BTreeMap<i64, Record>,
    /// The moment of the next change; the clock's if None.
    now: Option<DateTime<Utc>>,
    /// Moments are cut off to seconds.
    pub(super) cuts_off: bool,
    /// Only records after the given moment are returned, and not those at that moment.
    pub(super) is_after: bool,
    names: u64,
}

impl Stock {
    fn now(&mut self) -> DateTime<Utc> {
        let now = match self.now {
            Some(now) => {
                self.now = Some(now + TimeDelta::seconds(1));
                now
            }
            None => Utc::now().trunc_subsecs(6),
        };
        if self.cuts_off {
            now.trunc_subsecs(0)
        } else {
            now
        }
    }

    /// Adds a record, or changes it.
    pub(super) fn put(&mut self, id: i64) {
        let at = self.now();
        self.put_at(id, at);
    }

    pub(super) fn put_at(&mut self, id: i64, at: DateTime<Utc>) {
        let shown = json!(at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
        self.put_shown(id, at, shown);
    }

    /// Changes a record, whose `updated_at` then has this value.
    pub(super) fn put_shown(&mut self, id: i64, at: DateTime<Utc>, shown: Value) {
        self.names += 1;
        let name = format!("n{}", self.names);
        self.records.insert(id, Record { name, at, shown });
    }

    pub(super) fn remove(&mut self, id: i64) {
        self.records.remove(&id);
    }

    pub(super) fn len(&self) -> i64 {
        i64::try_from(self.records.len()).unwrap()
    }

    /// Ids and names, as `Stocked::core` returns them.
    fn content(&self) -> String {
        let lines = self.records.iter();
        let lines: Vec<String> = lines
            .map(|(id, record)| format!("{id} {}", record.name))
            .collect();
        lines.join(", ")
    }

    fn page(&self, query: &HashMap<String, String>) -> Option<Value> {
        let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
        let since = query.get("updated_since").map(String::as_str);
        let is_new = |(id, record): &(&i64, &Record)| match since {
            None => true,
            Some(text) => match (text.parse::<DateTime<Utc>>(), text.parse::<i64>()) {
                (Ok(since), _) if self.is_after => record.at > since,
                (Ok(since), _) => record.at >= since,
                (_, Ok(since)) => **id >= since,
                // Of other kinds of values, the tests look only at the request.
                _ => true,
            },
        };
        let found: Vec<_> = self.records.iter().filter(is_new).collect();
        let (page, size) = (number("page")?, number("page_size")?);
        if page > 1 && (page - 1) * size >= found.len() {
            return None;
        }
        let records = found.iter().skip((page - 1) * size).take(size);
        let records: Vec<Value> = records
            .map(|(id, record)| json!({"id": id, "name": record.name, "updated_at": record.shown}))
            .collect();
        Some(json!({"count": found.len(), "results": records}))
    }
}

type Change = Box<dyn FnOnce(&mut Stock) + Send>;

struct Shared {
    stock: Mutex<Stock>,
    /// Changes that come before a page is returned, each once.
    changes: Mutex<Vec<(String, Change)>>,
    requests: Mutex<Vec<HashMap<String, String>>>,
    /// The page whose requests wait.
    held: watch::Sender<Option<String>>,
}

async fn page(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    _uri: Uri,
) -> Response {
    shared.requests.lock().unwrap().push(query.clone());
    let page = query.get("page").cloned().unwrap_or_default();
    let mut held = shared.held.subscribe();
    let _ = held
        .wait_for(|held| held.as_deref() != Some(page.as_str()))
        .await;
    let change = {
        let mut changes = shared.changes.lock().unwrap();
        let next = changes.iter().position(|(at, _)| *at == page);
        next.map(|next| changes.remove(next).1)
    };
    let mut stock = shared.stock.lock().unwrap();
    if let Some(change) = change {
        change(&mut stock);
    }
    match stock.page(&query) {
        Some(page) => Json(page).into_response(),
        None => (
            StatusCode::NOT_FOUND,
            Json(json!({"detail": "Invalid page."})),
        )
            .into_response(),
    }
}

/// The running API. It stops when it is dropped.
struct Api {
    url: String,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Api {
    fn start() -> Api {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", 0)))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            stock: Mutex::default(),
            changes: Mutex::default(),
            requests: Mutex::default(),
            held: watch::Sender::new(None),
        });
        let router = Router::new()
            .route("/items/", axum::routing::get(page))
            .route("/events/", axum::routing::get(page))
            .with_state(Arc::clone(&shared));
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async move {
                let serving = async { axum::serve(listener, router).await };
                tokio::select! { _ = serving => {}, _ = stopped => {} }
            });
            runtime.shutdown_background();
        });
        Api {
            url,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn project() -> PathBuf {
    repository().join("tests/projects/stock")
}

/// A database, and the API that it loads.
pub(super) struct Stocked {
    pub(super) database: Database,
    api: Api,
}

impl Stocked {
    /// Nothing is loaded, and the API has no record.
    pub(super) fn new() -> Stocked {
        static MIGRATED: OnceLock<Database> = OnceLock::new();
        let migrated = MIGRATED.get_or_init(|| {
            let database = Database::with_engine();
            database.elt_with(&project(), &["migrate"]).run().ok();
            database
        });
        Stocked {
            database: Database::copy_of(migrated),
            api: Api::start(),
        }
    }

    /// The API has records 1 to `count`. Each change is a second after the one before, from the year 2020 on.
    pub(super) fn with(count: i64) -> Stocked {
        let stocked = Stocked::new();
        stocked.change(|stock| {
            stock.now = Some("2020-01-01T00:00:01Z".parse().unwrap());
            (1..=count).for_each(|id| stock.put(id));
        });
        stocked
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Stock) -> T) -> T {
        change(&mut self.api.shared.stock.lock().unwrap())
    }

    /// Changes the data just before a page is returned.
    pub(super) fn change_before_page(
        &self,
        page: u64,
        change: impl FnOnce(&mut Stock) + Send + 'static,
    ) {
        let mut changes = self.api.shared.changes.lock().unwrap();
        changes.push((page.to_string(), Box::new(change)));
    }

    pub(super) fn forget_changes(&self) {
        self.api.shared.changes.lock().unwrap().clear();
    }

    /// Requests for this page wait until `hold_page(None)`.
    pub(super) fn hold_page(&self, page: Option<u64>) {
        let page = page.map(|page| page.to_string());
        self.api.shared.held.send_replace(page);
    }

    /// The queries of all requests since the last call.
    pub(super) fn take_requests(&self) -> Vec<HashMap<String, String>> {
        std::mem::take(&mut *self.api.shared.requests.lock().unwrap())
    }

    pub(super) fn has_requests(&self) -> bool {
        !self.api.shared.requests.lock().unwrap().is_empty()
    }

    pub(super) fn elt(&self, line: &str) -> Elt {
        self.elt_in(&project(), line)
    }

    pub(super) fn elt_in(&self, project: &std::path::Path, line: &str) -> Elt {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.database
            .elt_with(project, &args)
            .env("ELT_ITEMS_URL", &self.api.url)
            .env("ELT_EVENTS_URL", &self.api.url)
    }

    /// Loads, and returns the value that was sent as `updated_since`, which must be the same in all requests.
    pub(super) fn load(&self, line: &str) -> Option<String> {
        self.take_requests();
        self.elt(&format!("load {line}")).run().ok();
        self.sent()
    }

    pub(super) fn sent(&self) -> Option<String> {
        let requests = self.take_requests();
        let sent = |query: &HashMap<String, String>| query.get("updated_since").cloned();
        let first = sent(&requests[0]);
        assert!(requests.iter().all(|query| sent(query) == first));
        first
    }

    /// Ids and names in core.
    pub(super) fn core(&self, table: &str) -> String {
        let key = table.trim_end_matches('s');
        self.database.text(&format!(
            "select coalesce(string_agg({key}_id || ' ' || name, ', ' order by {key}_id), '') from core.{table}"
        ))
    }

    /// Ids and names that the API has.
    pub(super) fn content(&self) -> String {
        self.change(|stock| stock.content())
    }

    /// Checks that core has the records of the API, each once.
    #[track_caller]
    pub(super) fn holds_the_data(&self, table: &str) {
        assert_eq!(self.core(table), self.content());
    }

    /// Records of the latest load.
    pub(super) fn rows(&self) -> i64 {
        self.database
            .number("select rows_staged from elt.load order by load_id desc limit 1")
    }

    pub(super) fn set(&self, assignments: &str) {
        self.database
            .run(&format!("update elt.rest_source set {assignments}"));
    }
}
