//! Servers for tests. Each listens on its own loopback address and logs connections.

use crate::support::{Home, Running, wait_until};
use postgres::error::SqlState;
use postgres::{Client, NoTls};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// The password of all roles that have one.
pub(super) const PASSWORD: &str = "ma:rk\\er";
/// The password as part of a URI.
pub(super) const ENCODED: &str = "ma%3Ark%5Cer";

const ROLES: [&str; 5] = ["me", "other", "tls_only", "plain_only", "by_cert"];

/// pg_hba.conf: the owner by socket, and roles by TCP with a password or a certificate.
const RULES: &str = "\
local   all postgres              trust
local   all all                   scram-sha-256
hostssl all by_cert  127.0.0.0/8  cert
hostssl all tls_only 127.0.0.0/8  scram-sha-256
host    all tls_only 127.0.0.0/8  reject
hostnossl all plain_only 127.0.0.0/8 scram-sha-256
host    all plain_only 127.0.0.0/8 reject
host    all all      127.0.0.0/8  scram-sha-256
";

pub(super) struct Server {
    home: Home,
    pub(super) address: String,
}

impl Server {
    /// Starts a server with the databases `sales` and `me`, and the roles.
    pub(super) fn start() -> Server {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let process = std::process::id();
        let address = format!(
            "127.{}.{}.{}",
            1 + number,
            process / 250 % 250,
            1 + process % 250
        );
        let server = Server {
            home: Home::started(),
            address,
        };
        let mut client = server.owner();
        for (name, value) in [
            ("listen_addresses", server.address.as_str()),
            ("fsync", "off"),
            ("log_connections", "on"),
            ("log_statement", "all"),
            ("log_line_prefix", "%p|%u|%d|"),
            // Required for a server that becomes a standby.
            ("wal_level", "replica"),
        ] {
            client
                .batch_execute(&format!("alter system set {name} = '{value}'"))
                .unwrap();
        }
        for role in ROLES {
            let sql = format!("create role {role} login password '{PASSWORD}'");
            client.batch_execute(&sql).unwrap();
        }
        for database in ["sales", "me"] {
            client
                .batch_execute(&format!("create database {database}"))
                .unwrap();
        }
        let data = server.home.data();
        std::fs::write(data.join("pg_hba.conf"), RULES).unwrap();
        drop(client);
        server.restart();
        server
    }

    /// Makes it a read-only standby without a primary.
    pub(super) fn become_standby(&self) {
        self.elt(&["db", "stop"]);
        let data = self.data();
        write_for_owner(&data, "standby.signal", "");
        self.elt(&["db", "start"]);
    }

    /// Makes it refuse all connections until the returned process is killed.
    pub(super) fn refuse_connections(&self) -> Running {
        self.owner()
            .batch_execute("alter system set hot_standby = off")
            .unwrap();
        self.elt(&["db", "stop"]);
        write_for_owner(&self.data(), "standby.signal", "");
        // Waits until the server accepts a connection.
        let waits = self.home.elt().args(["db", "start"]).start();
        wait_until("the server to refuse", || {
            let refused = Client::connect(&self.home.url(), NoTls).err();
            refused.is_some_and(|error| error.code() == Some(&SqlState::CANNOT_CONNECT_NOW))
        });
        waits
    }

    /// Enables TLS with this certificate and key, and this authority for client certificates, in PEM.
    pub(super) fn encrypt(&self, certificate: &str, key: &str, authority: &str) {
        let data = self.data();
        let files = [
            ("server.crt", certificate),
            ("server.key", key),
            ("root.crt", authority),
        ];
        for (file, text) in files {
            write_for_owner(&data, file, text);
        }
        let mut client = self.owner();
        client.batch_execute("alter system set ssl = on").unwrap();
        client
            .batch_execute("alter system set ssl_ca_file = 'root.crt'")
            .unwrap();
        drop(client);
        self.restart();
    }

    fn restart(&self) {
        self.elt(&["db", "stop"]);
        self.elt(&["db", "start"]);
    }

    fn elt(&self, args: &[&str]) {
        self.home.elt().args(args).run().ok();
    }

    fn data(&self) -> PathBuf {
        self.home.data()
    }

    pub(super) fn socket(&self) -> String {
        self.home.path().join("run").display().to_string()
    }

    /// Connects by socket as the superuser.
    pub(super) fn owner(&self) -> Client {
        Client::connect(&self.home.url(), NoTls).unwrap()
    }

    pub(super) fn log(&self) -> String {
        let log = std::fs::read(self.home.path().join("server.log")).unwrap();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// The session in which elt began its work, according to the log.
    pub(super) fn accepted(&self, log: &str) -> Option<String> {
        let begun = log
            .lines()
            .rfind(|line| line.contains("current_setting('server_version_num')"))?;
        let mut parts = begun.split('|');
        let (process, user, database) = (parts.next()?, parts.next()?, parts.next()?);
        let of_process = |text: &str| {
            let mut lines = log
                .lines()
                .filter(|line| line.starts_with(&format!("{process}|")));
            lines
                .rfind(|line| line.contains(text))
                .unwrap_or_default()
                .to_string()
        };
        let is_local = of_process("connection received").contains("[local]");
        let address = if is_local { "socket" } else { &self.address };
        let is_encrypted = of_process("connection authorized").contains("SSL enabled");
        let encrypted = if is_encrypted { "t" } else { "f" };
        Some(format!("{user}|{database}|{address}|{encrypted}"))
    }
}

/// Writes a file that only the server's user can read, as PostgreSQL requires for a key.
fn write_for_owner(data: &Path, name: &str, text: &str) {
    let file = data.join(name);
    std::fs::write(&file, text).unwrap();
    let owner = std::fs::metadata(data).unwrap();
    std::os::unix::fs::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&file, mode).unwrap();
}

/// psql without our environment. Not Debian's wrapper, which chooses a version.
pub(super) fn psql() -> Command {
    let named = std::env::var_os("ELT_PG_BIN").map(PathBuf::from);
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.sort();
    let found = named
        .or_else(|| found.pop())
        .map(|folder| folder.join("psql"));
    let program = found
        .filter(|program| program.exists())
        .unwrap_or_else(|| "psql".into());
    let mut command = Command::new(program);
    command.env_clear();
    command
}
