//! Connections that fail, and an embedded server that cannot start.

use super::{SECRET, check, row};
use crate::support::{Database, Elt, Folder, Home, repository, unique, wait_until};
use postgres::{Client, NoTls};
use std::os::unix::fs::PermissionsExt;

const STATUS: [&str; 1] = ["status"];

#[test]
fn a_missing_server_is_reported_with_its_place() {
    let nowhere = &format!("postgresql://someone:{SECRET}@localhost:1/x");
    let place = "database \"x\" on localhost, port 1, as \"someone\"";
    let refused = [
        "could not connect",
        place,
        "Connection refused",
        "listens there",
    ];
    let commands = [
        "status", "load", "run", "export", "check", "migrate", "gc", "worker", "serve",
    ];
    let mut rows: Vec<_> = commands
        .into_iter()
        .map(|command| row(5, refused, move || Elt::on(nowhere).args([command])))
        .collect();
    rows.push(row(
        5,
        [
            "could not connect",
            "on /nowhere",
            "No such file",
            "listens there",
        ],
        || Elt::bare().env("PGHOST", "/nowhere").args(STATUS),
    ));
    rows.push(row(
        5,
        [
            "could not connect",
            "port 1, ",
            "Connection refused",
            "listens there",
        ],
        || {
            let elt = Elt::bare().env("PGHOST", "127.0.0.1").env("PGPORT", "1");
            elt.env("PGPASSWORD", SECRET).args(STATUS)
        },
    ));
    check(&rows);
}

#[test]
fn an_unreadable_url_is_reported_without_its_password() {
    let unreadable = "could not read the database URL";
    let on = |url: &str| Elt::on(url).args(STATUS);
    check(&[
        row(2, [unreadable, "", "", "postgresql://user@host"], || {
            on("nonsense")
        }),
        row(
            2,
            [unreadable, "", "port", "postgresql://user@host"],
            || on(&format!("postgresql://someone:{SECRET}@localhost:port/x")),
        ),
        row(
            2,
            [unreadable, "", "hots", "postgresql://user@host"],
            || on(&format!("hots=localhost password={SECRET}")),
        ),
        row(2, [unreadable, "", "more than one @", "%40"], || {
            on(&format!(
                "postgresql://someone:p@{SECRET}/w:rd@localhost:1/x"
            ))
        }),
        row(
            2,
            ["PGPORT is not a port: \"many\"", "", "", "1 to 65535"],
            || Elt::bare().env("PGPORT", "many").args(STATUS),
        ),
        row(
            2,
            [
                "service \"mine\" is not defined",
                "pg_service.conf",
                "",
                "[name]",
            ],
            || Elt::bare().env("PGSERVICE", "mine").args(STATUS),
        ),
    ]);
}

#[test]
fn a_missing_database_or_role_is_reported() {
    let database = Database::new();
    let modest = format!("modest_{}", unique());
    database.run(&format!("create role {modest} login"));
    let elsewhere = database
        .url_as(&modest)
        .replace(database.name(), "elsewhere");
    let stranger = database.url_as("stranger");
    let of_project = database.url_as(&modest).replace(database.name(), "");
    let library = repository().join("tests/projects/library");
    let on_library = |command: &str| {
        Elt::on(&of_project)
            .args([command])
            .path("--project", &library)
    };
    let cannot = format!("role \"{modest}\" may not create it");
    let missing = "database \"elsewhere\" does not exist";
    check(&[
        row(
            5,
            [
                "database \"elsewhere\"",
                "port 5432",
                missing,
                "create any other database yourself",
            ],
            || Elt::on(&elsewhere).args(STATUS),
        ),
        row(
            5,
            [
                "database \"elsewhere\"",
                "port 5432",
                missing,
                "create any other database yourself",
            ],
            || Elt::on(&elsewhere).args(["migrate"]),
        ),
        row(
            5,
            [
                "as \"stranger\"",
                "",
                "role \"stranger\" does not exist",
                "Check the user",
            ],
            || Elt::on(&stranger).args(STATUS),
        ),
        // migrate creates the project's database if the role may do so. Commands that only read do not.
        row(
            5,
            [
                "database \"library\"",
                "",
                "does not exist",
                "elt migrate creates",
            ],
            || on_library("status"),
        ),
        row(
            5,
            [
                "database \"library\" does not exist",
                "",
                &cannot,
                "create database library;",
            ],
            || on_library("migrate"),
        ),
    ]);
}

#[test]
fn a_wrong_or_missing_password_is_reported_and_not_repeated() {
    let home = Home::initialised();
    let psql = home.psql();
    let mut client = Client::connect(&home.url(), NoTls).unwrap();
    client
        .batch_execute(&format!(
            "create role guarded login password 'right {SECRET}'"
        ))
        .unwrap();
    let rules = "local all postgres trust\nlocal all all scram-sha-256\n";
    std::fs::write(home.data().join("pg_hba.conf"), rules).unwrap();
    client.batch_execute("select pg_reload_conf()").unwrap();
    let guarded = home.url().replace("postgres@", "guarded@");
    wait_until("the server to ask for passwords", || {
        Client::connect(&guarded, NoTls).is_err()
    });
    let elt = |password: &str| Elt::on(&guarded).env("PGPASSWORD", password).args(STATUS);
    let what = "could not connect to database \"epiondw\"";
    check(&[
        row(
            5,
            [
                what,
                "as \"guarded\"",
                "password authentication failed",
                "PGPASSWORD",
            ],
            || elt(&format!("wrong {SECRET}")),
        ),
        row(
            5,
            [what, "as \"guarded\"", "password", "Set PGPASSWORD"],
            || Elt::on(&guarded).args(STATUS),
        ),
    ]);
    elt(&format!("right {SECRET}"))
        .run()
        .exits_with(1)
        .says(&["permission denied"]);
    psql.end();
}

#[test]
fn an_unsuitable_connection_is_reported() {
    let database = Database::new();
    let verified = "postgresql://me@localhost:1/x?sslmode=verify-full&sslrootcert=/none";
    let latin = database.url().replace(database.name(), "test_latin");
    database.run("create database test_latin template template0 encoding 'LATIN1' locale 'C'");
    check(&[
        row(
            2,
            [
                "root certificate file \"/none\" does not exist",
                "",
                "sslmode needs",
                "sslrootcert=system",
            ],
            || Elt::on(verified).args(STATUS),
        ),
        row(
            5,
            [
                "encoding is LATIN1",
                "",
                "needs UTF8",
                "create database NAME",
            ],
            || Elt::on(&latin).args(STATUS),
        ),
    ]);
}

#[test]
fn an_embedded_server_that_cannot_start_is_reported() {
    let (home, folder) = (Home::new(), Folder::new());
    let file = folder.write("file", "");
    let elt = || home.elt().args(STATUS);
    let nothing = folder.path().display().to_string();
    let named = format!("ELT_PG_BIN is \"{nothing}\"");
    check(&[
        row(
            2,
            [
                &named,
                &nothing,
                "No folder with initdb",
                "initdb and postgres",
            ],
            || elt().env("ELT_PG_BIN", folder.path()),
        ),
        row(
            2,
            [
                "ELT_PG_BIN is \"/nowhere\"",
                "/nowhere",
                "15 or newer",
                "unset the variable",
            ],
            || elt().env("ELT_PG_BIN", "/nowhere").env("PATH", ""),
        ),
        row(
            1,
            [
                "could not create folder",
                "file/home",
                "Not a directory",
                "ELT_HOME",
            ],
            || elt().env("ELT_HOME", file.join("home")),
        ),
        row(
            1,
            [
                "could not open file",
                "file/start.lock",
                "Not a directory",
                "ELT_HOME",
            ],
            || elt().env("ELT_HOME", &file),
        ),
        row(2, ["HOME is not set", "", "", "Set ELT_HOME"], || {
            let elt = Elt::under(&[
                "setpriv",
                "--reuid",
                "nobody",
                "--clear-groups",
                "env",
                "-u",
                "HOME",
            ]);
            elt.args(STATUS)
        }),
    ]);
    home.elt().args(["load", "offices"]).run().ok();
    let settings = home.data().join("postgresql.conf");
    std::fs::write(settings, "no_such_setting = 1\n").unwrap();
    check(&[row(
        5,
        [
            "could not start the embedded server",
            "",
            "no_such_setting",
            "server.log",
        ],
        elt,
    )]);
    let later = Home::new();
    std::fs::create_dir(later.path().join("pg99")).unwrap();
    check(&[row(
        1,
        [
            "data needs PostgreSQL 99",
            "not on this machine",
            "Found only: ",
            "Install that version",
        ],
        || later.elt().args(STATUS),
    )]);
}

#[test]
fn without_postgresql_a_hint_says_how_to_install_it() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let home = Home::new();
    let hidden = "mount -t tmpfs none /usr/lib/postgresql && exec \"$0\" \"$@\"";
    let closed = Home::new();
    let within = closed.path().join("closed");
    std::fs::create_dir(&within).unwrap();
    std::fs::set_permissions(&within, PermissionsExt::from_mode(0o700)).unwrap();
    check(&[
        row(
            1,
            [
                "there is no PostgreSQL 15 or newer",
                "on this machine",
                "No folder",
                "apt-get install",
            ],
            || {
                let elt = Elt::under(&["unshare", "-m", "sh", "-c", hidden]);
                elt.env("ELT_HOME", home.path())
                    .env("ELT_PG_BIN", "")
                    .args(STATUS)
            },
        ),
        row(
            1,
            [
                "the user who runs the server cannot enter",
                "closed/home",
                "refuses to run as root",
                "ELT_HOME",
            ],
            || Elt::embedded(&within.join("home")).args(STATUS),
        ),
    ]);
}
