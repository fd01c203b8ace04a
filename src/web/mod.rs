//! The web application: pages for views, comments and settings. It knows only the engine's views by name; the
//! database describes all other tables and views.

mod api;
mod auth;
mod data;
mod error;
mod form;
mod http;
mod job_events;
mod page;
mod pages;
mod routes;
mod state;

use crate::database::Database;
use crate::failure::sentence::elt;
use crate::terminal;
use anyhow::{Context, Result};
use data::login::login;
use data::pool::{self, SignInPool};
use data::query::QueryLogin;
pub(crate) use http::listener::Listen;
use http::listener::Listener;
pub(crate) use http::network::Proxies;
use std::sync::atomic::AtomicBool;

pub(crate) struct Server {
    runtime: tokio::runtime::Runtime,
    listener: Listener,
    app: state::App,
}

impl Server {
    /// Binds the port first, so that a port in use is reported before anything else starts.
    pub(crate) fn open(database: &Database, listen: &Listen<'_>) -> Result<Server> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("could not start the web server's threads")?;
        let listener = runtime.block_on(Listener::bind(listen))?;
        let login = login(database, listen.time_zone)?;
        let pool = pool::open(login.clone(), pool::CONNECTIONS)?;
        let sign_in_pool = SignInPool::open(login.clone())?;
        let query_login = QueryLogin::new(database);
        let zone = login.zone.clone();
        let job_events = runtime.block_on(async { job_events::JobEvents::start(login) });
        let app = state::App::new(pool, sign_in_pool, zone, query_login, job_events, listen);
        if !crate::accounts::has_enabled(&mut database.connect("serve")?)? {
            terminal::note(
                "there are no accounts yet: create one with "
                    + elt!("user", "add", "NAME", "--role", "admin"),
            );
        }
        let is_open = listen.tls.is_none() && listen.proxies.is_empty();
        if is_open && !listen.address.ip().is_loopback() {
            terminal::warn(
                "passwords and pages are sent unencrypted: use --tls-cert and --tls-key, or a proxy and --behind-proxy",
            );
        }
        terminal::note(format!("serving {}", listener.url()));
        Ok(Server {
            runtime,
            listener,
            app,
        })
    }

    /// Serves until `is_stopping` is set, then lets running requests finish.
    pub(crate) fn run(self, is_stopping: &AtomicBool) -> Result<()> {
        let job_events = self.app.job_events.clone();
        let router = routes::router(self.app);
        self.runtime.block_on(
            self.listener
                .serve(router, is_stopping, || job_events.stop()),
        );
        self.runtime.shutdown_background();
        Ok(())
    }
}
