//! Unexpected schemas, and folders that are not projects.

use super::{check, row};
use crate::support::{Database, Folder, ProjectCopy, migrations, repository};

#[test]
fn a_database_without_a_schema_gets_the_hint_to_migrate() {
    let database = &Database::empty();
    let all = format!("{} migrations", migrations("elt") + migrations("epion"));
    let says = [
        "the database's schema is not up to date",
        "Connected to database",
        &all,
        "to apply them, run elt migrate",
    ];
    let commands = [
        "load", "run", "export", "check", "status", "loads", "rejects", "gc", "jobs", "worker",
        "serve",
    ];
    let mut rows: Vec<_> = commands
        .into_iter()
        .map(|command| row(6, says, move || database.elt().args([command])))
        .collect();
    rows.push(row(6, says, || database.elt().args(["migrate", "--check"])));
    check(&rows);
}

#[test]
fn a_schema_of_another_version_or_project_is_refused() {
    let (old, new, older) = (ProjectCopy::new(), ProjectCopy::new(), ProjectCopy::new());
    let database = &Database::new();
    let library = repository().join("tests/projects/library");
    let text = "create table public.later (id bigint);\n";
    new.add_migration(0, "later", text);
    new.add_migration(0, "later", text);
    old.replace(
        "migrations/V0002__create_core.sql",
        "core.offices",
        "core.offices ",
    );
    older.replace(
        "sql/mart/valid_appointments.sql",
        "create or replace",
        "-- changed\ncreate or replace",
    );
    let elt = |project: &ProjectCopy, command: &str| database.elt_with(project.path(), &[command]);
    let edited = [
        "V0002__create_core.sql\" differs from the applied one",
        "\"elt.project_migration\"",
        "another text or name",
        "restore its old text",
    ];
    check(&[
        row(6, edited, || elt(&old, "load")),
        row(6, edited, || elt(&old, "migrate")),
        row(
            6,
            [
                "differs from the applied one",
                "",
                "",
                "name another database",
            ],
            || database.elt_with(&library, &["migrate"]),
        ),
        row(
            6,
            [
                "is not up to date",
                "",
                "1 migration and 0 changes",
                "elt migrate --dry-run",
            ],
            || elt(&new, "load"),
        ),
        row(
            6,
            [
                "is not up to date",
                "",
                "0 migrations and 1 change",
                "elt migrate --dry-run",
            ],
            || elt(&older, "status"),
        ),
    ]);
    elt(&new, "migrate").run().ok();
    let newer = [
        "newer than this elt",
        "\"elt.project_migration\"",
        "\"later\"",
        "that applied it",
    ];
    let commands = ["load", "run", "export", "status", "migrate"];
    check(&commands.map(|command| row(6, newer, move || database.elt().args([command]))));
}

#[test]
fn failing_sql_is_reported_with_file_and_line() {
    let database = Database::new();
    let elt = |project: &ProjectCopy, args: &[&str]| database.elt_with(project.path(), args);
    let (syntax, value, view, query, gap) = (
        ProjectCopy::new(),
        ProjectCopy::new(),
        ProjectCopy::new(),
        ProjectCopy::new(),
        ProjectCopy::new(),
    );
    let file = syntax.add_migration(0, "fail", "select 1;\nselect nonsense;\n");
    let at = format!("{file}\", line 2");
    let divides = value.add_migration(0, "fail", "select 1;\nselect 1 / 0;\n");
    let skipped = gap.add_migration(1, "gap", "select 1;\n");
    view.replace(
        "sql/mart/valid_appointments.sql",
        "select",
        "select nonsense,",
    );
    database.elt().args(["load"]).run().ok();
    let applied = "Nothing of it was applied";
    check(&[
        row(
            1,
            [
                "could not apply migration",
                &at,
                "\"nonsense\" does not exist",
                applied,
            ],
            || elt(&syntax, &["migrate"]),
        ),
        row(
            1,
            [
                "could not apply migration",
                &at,
                "\"nonsense\" does not exist",
                applied,
            ],
            || elt(&syntax, &["load", "--migrate"]),
        ),
        row(
            1,
            [
                "could not apply migration",
                &divides,
                "division by zero",
                applied,
            ],
            || elt(&value, &["migrate"]),
        ),
        row(
            2,
            ["is out of order", &skipped, "", "numbers have no gap"],
            || elt(&gap, &["migrate"]),
        ),
        row(
            1,
            [
                "could not apply file",
                "valid_appointments.sql\", line ",
                "\"nonsense\" does not exist",
                "No view was changed",
            ],
            || elt(&view, &["migrate"]),
        ),
    ]);
    query.write(
        "sql/export/broken.sql",
        "select 1 / (count(*) - count(*)) as one\nfrom public.epion_practices\n",
    );
    elt(&query, &["migrate"]).run().ok();
    let out = Folder::new();
    check(&[row(
        1,
        [
            "could not run export \"broken\"",
            "sql/export/broken.sql",
            "division by zero",
            "Correct its query",
        ],
        || elt(&query, &["export"]).path("--out", out.path()),
    )]);
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_without_a_project_is_reported() {
    let (folder, database) = (Folder::new(), Database::new());
    let file = folder.write("file", "");
    let missing = folder.path().join("missing");
    let [stranger, nameless, unlike, levelless, elsewhere] = [(); 5].map(|()| ProjectCopy::new());
    stranger.write("sql/other/x.sql", "select 1;\n");
    nameless.remove("sql/database.sql");
    unlike.write(
        "sql/mart/one.sql",
        "create or replace view public.two as select 1;\n",
    );
    levelless.write(
        "sql/quality/one.sql",
        "create or replace view quality.one as select 1;\n",
    );
    elsewhere.write("sql/database.sql", "select 1;\n");
    let is_folder = "A project is a folder with migrations/ and sql/";
    let status = |project: &ProjectCopy| database.elt_with(project.path(), &["status"]);
    let on = |path: &std::path::Path| database.elt_with(path, &["status"]);
    check(&[
        row(
            2,
            [
                "could not read folder",
                "migrations\"",
                "No such file",
                is_folder,
            ],
            || on(folder.path()),
        ),
        row(
            2,
            [
                "could not read folder",
                "missing/migrations\"",
                "No such file",
                is_folder,
            ],
            || on(&missing),
        ),
        row(
            2,
            [
                "could not read folder",
                "file/migrations\"",
                "Not a directory",
                is_folder,
            ],
            || on(&file),
        ),
        row(
            2,
            [
                "x.sql\" is in no layer",
                "sql/other/x.sql",
                "",
                "core, mart, quality and export",
            ],
            || status(&stranger),
        ),
        row(
            2,
            [
                "has no file \"sql/database.sql\"",
                "",
                "",
                "create database NAME;",
            ],
            || status(&nameless),
        ),
        row(
            2,
            [
                "creates no database",
                "sql/database.sql\"",
                "",
                "create database NAME;",
            ],
            || status(&elsewhere),
        ),
        row(
            2,
            [
                "does not create \"public.one\"",
                "sql/mart/one.sql\"",
                "",
                "create or replace view",
            ],
            || status(&unlike),
        ),
        row(
            2,
            [
                "has no level",
                "sql/quality/one.sql\"",
                "",
                "-- level: warning",
            ],
            || status(&levelless),
        ),
        row(
            2,
            ["already exists", folder.path().to_str().unwrap(), "", ""],
            || {
                folder.write("project/README.md", "");
                database
                    .elt()
                    .args(["init"])
                    .args([folder.path().join("project")])
            },
        ),
    ]);
}
