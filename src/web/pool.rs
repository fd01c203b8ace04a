//! Connections to the database, with as few rights as it takes.

use crate::db::{Database, SESSION};
use crate::terminal;
use anyhow::{Context, Result};
use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use std::time::Duration;
use tokio_postgres::NoTls;

/// The role that elt.grant_web() gives its rights to.
const ROLE: &str = "elt_web";
const CONNECTIONS: usize = 12;
/// How long a request waits for a connection.
const WAIT: Duration = Duration::from_secs(10);
/// No page may hold up the server, or others.
const LIMITS: &str = "set statement_timeout to '20s'; set lock_timeout to '5s'; \
                      set idle_in_transaction_session_timeout to '30s'";

pub(super) fn open(database: &Database) -> Result<Pool> {
    let mut config = database.config().clone();
    config.application_name(format!("elt serve ({})", std::process::id()));
    let mut session = format!("{SESSION}; {LIMITS}");
    let mut owner = database.connect("serve")?;
    let row = owner.query_typed_one(
        "select to_regrole('elt_web') is not null and pg_has_role('elt_web', 'member')",
        &[],
    )?;
    match (row.get(0), database.is_embedded()) {
        (true, true) => {
            // A login of its own: the role cannot be left again, as one that was set can.
            owner.batch_execute("alter role elt_web login")?;
            config.user(ROLE);
        }
        (true, false) => session.push_str("; set role elt_web"),
        (false, _) => terminal::warn(
            "role elt_web is missing, or not granted: pages are read with the rights of whoever started this",
        ),
    }
    let manager = Manager::from_config(
        config,
        NoTls,
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    let begin = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
        let session = session.clone();
        Box::pin(async move {
            let begun = client.batch_execute(&session).await;
            begun.map_err(HookError::Backend)
        })
    });
    Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(WAIT))
        .post_create(begin)
        .build()
        .context("could not make the web server's connections")
}
