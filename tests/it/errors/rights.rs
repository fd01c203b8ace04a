//! Missing rights of a role, and of a user of the machine.

use super::{check, row};
use crate::support::{Database, Elt, Folder, ProjectCopy, unique};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A role that can log in and has no rights.
fn modest(database: &Database) -> (String, String) {
    let role = format!("modest_{}", unique());
    database.run(&format!("create role {role} login"));
    let url = database.url_as(&role);
    (role, url)
}

fn close(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[test]
fn a_role_without_rights_is_named_with_the_missing_right() {
    let database = Database::new();
    let (role, url) = &modest(&database);
    let what = format!("could not work with database \"{}\"", database.name());
    let place = format!("as \"{role}\"");
    let says = [
        what.as_str(),
        &place,
        "permission denied for schema elt (SQLSTATE 42501)",
        "grant",
    ];
    let commands = [
        "load", "run", "export", "migrate", "check", "status", "gc", "jobs", "worker", "serve",
    ];
    let rows = commands.map(|command| row(1, says, move || Elt::on(url).args([command])));
    check(&rows);
}

#[test]
fn a_read_only_role_is_named_with_the_table_it_cannot_write() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let (role, url) = modest(&database);
    database.run(&format!(
        "grant usage on schema elt, staging, core, public, quality to {role}; \
         grant select on all tables in schema elt, staging, core, public, quality to {role}"
    ));
    let what = format!("could not work with database \"{}\"", database.name());
    let place = format!("as \"{role}\"");
    let denied = |cause| {
        [
            what.as_str(),
            &place,
            cause,
            "Connect as a role with this right",
        ]
    };
    let elt = |line: &str| Elt::on(&url).args(line.split(' '));
    let project = ProjectCopy::new();
    project.add_migration(0, "add", "create table public.added (id bigint);\n");
    let migrate = || elt("migrate").path("--project", project.path());
    check(&[
        row(1, denied("permission denied for function sweep"), || {
            elt("load --force")
        }),
        row(1, denied("permission denied for function sweep"), || {
            elt("run --force")
        }),
        row(
            1,
            denied("permission denied for function purge_load"),
            || elt("purge load 1 --yes"),
        ),
        row(1, denied("permission denied for function enqueue"), || {
            elt("jobs enqueue pipeline")
        }),
        row(
            1,
            denied("permission denied for function start_worker"),
            || elt("worker --until-empty"),
        ),
        row(
            1,
            [
                "could not apply migration",
                &place,
                "permission denied for schema elt",
                "elt migrate must own",
            ],
            migrate,
        ),
    ]);
    // Only members of elt_load can read the rows of a load.
    database.run(&format!(
        "grant all on all tables in schema elt, core, public, quality to {role}; \
         grant execute on all functions in schema elt to {role}; grant usage on all sequences in schema elt to {role}"
    ));
    check(&[row(
        1,
        [
            "could not load file",
            &place,
            "permission denied for table offices_load_",
            "elt grants",
        ],
        || elt("load offices --force"),
    )]);
}

#[test]
fn a_read_only_server_is_reported() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let project = ProjectCopy::new();
    project.add_migration(0, "add", "create table public.added (id bigint);\n");
    database.run(&format!(
        "alter database {} set default_transaction_read_only = on",
        database.name()
    ));
    let place = format!("database \"{}\"", database.name());
    let hint = "default_transaction_read_only is on";
    let cannot = |cause| [place.as_str(), "port 5432", cause, hint];
    let elt = |line: &str| database.elt().args(line.split(' '));
    let read_only = "in a read-only transaction (SQLSTATE 25006)";
    check(&[
        row(1, cannot(read_only), || elt("load --force")),
        row(1, cannot(read_only), || elt("run --force")),
        row(1, cannot(read_only), || elt("worker --until-empty")),
        row(
            1,
            ["could not apply migration", &place, read_only, hint],
            || elt("migrate").path("--project", project.path()),
        ),
    ]);
    // Commands that only read still work.
    for line in ["status", "check", "loads", "load"] {
        elt(line).run().ok();
    }
}

#[test]
fn files_without_permission_are_named() {
    let (database, data, folder) = (Database::new(), Folder::with_data(), Folder::new());
    database.elt().args(["load", "appointments"]).run().ok();
    let elt = |line: &str| Elt::as_servers_user(&database.url()).args(line.split(' '));
    let closed = data.path().join("offices.json");
    close(&closed, 0o000);
    let inner = folder.path().join("inner");
    std::fs::create_dir_all(inner.join("data")).unwrap();
    std::fs::create_dir_all(inner.join("migrations")).unwrap();
    close(&inner, 0o000);
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    close(&out, 0o555);
    let corrected = folder.write("corrected.csv", "x");
    close(&corrected, 0o000);
    let cert = folder.write("cert.pem", "x");
    close(&cert, 0o000);
    let denied = "Permission denied (os error 13)";
    let look = "Check the permissions with ls -l";
    check(&[
        row(
            1,
            ["could not load file", "offices.json\"", denied, look],
            || elt("load offices --data").args([data.path()]),
        ),
        row(
            1,
            ["could not load file", "offices.json\"", denied, look],
            || elt("run --force --out /tmp --data").args([data.path()]),
        ),
        row(1, ["folder ", "inner/data\"", denied, "--data"], || {
            elt("load offices --data").args([inner.join("data")])
        }),
        row(
            1,
            ["could not write to folder", "out\"", denied, look],
            || elt("export --out").args([&out]),
        ),
        row(
            1,
            ["could not create folder", "out/below\"", denied, look],
            || elt("export --out").args([out.join("below")]),
        ),
        row(
            1,
            ["could not create folder", "out/below\"", denied, look],
            || elt("run --out").args([out.join("below")]),
        ),
        row(
            1,
            ["could not load file", "corrected.csv\"", denied, look],
            || elt("load appointments --replay").args([&corrected]),
        ),
        row(
            1,
            ["could not write file", "out/bad.csv\"", denied, look],
            || elt("rejects appointments --out").args([out.join("bad.csv")]),
        ),
        row(
            2,
            [
                "could not read folder",
                "inner/migrations\"",
                denied,
                "A project is a folder",
            ],
            || elt("status --project").args([&inner]),
        ),
        row(
            1,
            ["could not read file", "cert.pem\"", denied, look],
            || {
                elt("serve --no-worker --bind 127.0.0.1:0 --tls-cert")
                    .args([&cert])
                    .path("--tls-key", &cert)
            },
        ),
        row(
            1,
            ["could not create folder", "out/home\"", denied, "ELT_HOME"],
            || {
                Elt::as_servers_user("")
                    .env("ELT_HOME", out.join("home"))
                    .args(["status"])
            },
        ),
        row(
            1,
            ["could not create folder", "out/project", denied, look],
            || elt("init").args([out.join("project")]),
        ),
    ]);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
    close(&inner, 0o755);
}
