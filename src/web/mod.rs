//! The web application: pages over views, comments and settings rows. It knows no view by name but the
//! engine's own; what else is shown, and what it means, the database says.

mod api;
mod app;
mod assets;
mod auth;
mod catalogue;
mod chart;
mod edit;
mod error;
mod flash;
mod form;
mod guard;
mod host;
mod listener;
mod listing;
mod live;
mod memory;
mod metrics;
mod network;
mod page;
mod pages;
mod pool;
mod turns;
mod visible;

use crate::db::Database;
use crate::sentence::elt;
use crate::terminal;
use anyhow::{Context, Result};
use listener::Listener;
pub(crate) use network::Proxies;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Where and how to listen.
pub(crate) struct Listen<'a> {
    pub(crate) address: SocketAddr,
    /// Certificate and key, files in PEM.
    pub(crate) tls: Option<(&'a Path, &'a Path)>,
    /// Proxies that serve HTTPS for us; none, if it is empty.
    pub(crate) proxies: Proxies,
    /// Names that the server may be asked by, beside addresses and localhost.
    pub(crate) allowed_hosts: &'a [String],
    /// Of what is shown and typed.
    pub(crate) time_zone: &'a str,
}

pub(crate) struct Server {
    runtime: tokio::runtime::Runtime,
    listener: Listener,
    app: app::App,
}

impl Server {
    /// Listens, so that what is in the way is known before anything else begins.
    pub(crate) fn open(database: &Database, listen: &Listen<'_>) -> Result<Server> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("could not start the web server's threads")?;
        let listener = runtime.block_on(Listener::bind(listen))?;
        let login = pool::login(database, listen.time_zone)?;
        let pool = pool::open(login.clone(), pool::CONNECTIONS)?;
        let doors = pool::open(login.clone(), pool::DOOR_CONNECTIONS)?;
        let live = runtime.block_on(async { live::Live::start(login) });
        let app = app::App::new(pool, doors, live, listen);
        if !crate::accounts::is_there_any(&mut database.connect("serve")?)? {
            terminal::note(
                "nobody may sign in yet: " + elt!("user", "add", "NAME", "--role", "admin"),
            );
        }
        let is_open = listen.tls.is_none() && listen.proxies.is_empty();
        if is_open && !listen.address.ip().is_loopback() {
            terminal::warn(
                "passwords and pages cross the network unencrypted: --tls-cert and --tls-key, or a proxy and --behind-proxy",
            );
        }
        terminal::note(format!("serving {}", listener.url()));
        Ok(Server {
            runtime,
            listener,
            app,
        })
    }

    /// Serves until it is told to stop; requests under way are finished.
    pub(crate) fn run(self, is_stopping: &AtomicBool) -> Result<()> {
        let live = self.app.live.clone();
        let router = app::router(self.app);
        self.runtime
            .block_on(self.listener.serve(router, is_stopping, || live.stop()));
        self.runtime.shutdown_background();
        Ok(())
    }
}
