//! Files of applied migrations that were edited or lost.

use crate::support::{Database, ProjectCopy, migrations, repository};

const FIRST: &str = "migrations/V0001__create_staging.sql";
const REFUSED: &str = "differs from the applied one";
const UNKNOWN: &str = "The old text is not known";

fn original(name: &str) -> String {
    let folder = repository().join("migrations/epion");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// What the command that a hint proposes would write into the file.
fn written(database: &Database, said: &str) -> String {
    let (_, command) = said.split_once("db psql -- -XAtc '").unwrap();
    let (sql, _) = command.split_once("' > ").unwrap();
    let psql = database.elt().args(["db", "psql", "--", "-XAtc", sql]);
    psql.run().ok().stdout
}

#[test]
fn an_edited_file_is_shown_with_what_is_different() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let elt = |line: &str| database.elt_with(project.path(), &line.split(' ').collect::<Vec<_>>());
    project.replace(FIRST, "-- what:   ", "-- edited: ");
    let checksum = database.text("select checksum from elt.project_migration where version = 1");
    let line = original("V0001__create_staging.sql");
    let line = line.lines().next().unwrap();
    let (removed, added) = (
        format!("\n-{line}\n"),
        line.replace("-- what:   ", "-- edited: "),
    );
    let added = format!("\n+{added}\n");
    for command in [
        "migrate",
        "migrate --check",
        "migrate --dry-run",
        "migrate --sql",
        "migrate --status",
        "migrate --verify",
        "load",
    ] {
        let outcome = elt(command).run().exits_with(6).says(&[
            REFUSED,
            &format!("its checksum is {checksum}, and that of the file "),
            "\n--- applied on 2",
            "V0001__create_staging.sql\n@@ -1,",
            &removed,
            &added,
        ]);
        assert_eq!(
            written(&database, &outcome.stderr),
            original("V0001__create_staging.sql")
        );
    }
    let document = elt("migrate --check --json").run().exits_with(6).json();
    let difference = document["error"]["difference"].as_str().unwrap();
    assert!(difference.contains(&removed), "{difference}");
    let doctor = elt("doctor").run().exits_with(1).stdout;
    assert!(
        doctor.contains(&format!("\n{:19} -{line}\n", "")),
        "{doctor}"
    );
    let logged = elt("load --log-format json").run().exits_with(6).stderr;
    assert!(
        logged.contains("\"difference\":\"--- applied on"),
        "{logged}"
    );

    // Of much that is different only the beginning.
    let lines: String = (0..100).map(|line| format!("-- {line}\n")).collect();
    project.write(FIRST, &lines);
    let said = elt("migrate").run().exits_with(6).stderr;
    let shown = said.lines().skip_while(|line| !line.starts_with("---"));
    let shown = shown.take_while(|line| !line.starts_with("hint: "));
    assert_eq!(shown.count(), 41, "{said}");
    let all = 3 + 100 + original("V0001__create_staging.sql").lines().count();
    let rest = format!("\n... and {} more lines\n", all - 40);
    assert!(said.contains(&rest), "{rest}: {said}");

    project.write(
        FIRST,
        &original("V0001__create_staging.sql").replace('\n', "\r\n"),
    );
    let said = elt("migrate").run().exits_with(6);
    let said = said.says(&[REFUSED, "Only the line ends differ."]);
    assert!(!said.stderr.contains("\n---"), "{}", said.stderr);

    project.write(FIRST, &written(&database, &said.stderr));
    elt("migrate --check").run().ok();
}

#[test]
fn texts_from_before_they_were_kept_are_taken_from_files_that_are_the_same() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let migrate = || database.elt_with(project.path(), &["migrate"]).run();
    let lacking = "select count(*) from elt.project_migration where applied_text is null";
    database.run("update elt.project_migration set applied_text = null");
    project.replace(FIRST, "-- what:", "-- edited:");
    let refused = migrate().exits_with(6);
    refused.says(&[REFUSED, UNKNOWN, "restore its old text, and"]);
    assert_eq!(database.number(lacking), migrations("epion"));
    project.replace(FIRST, "-- edited:", "-- what:");
    // The setting that carries a text is not safe from the file itself.
    project.add_migration(0, "reset", "reset all;\n");
    migrate().ok();
    assert_eq!(database.number(lacking), 0);
    project.replace(FIRST, "-- what:", "-- edited:");
    migrate().exits_with(6).says(&["\n+-- edited:"]);
    // As an older program left it.
    database.run("alter table elt.project_migration drop column applied_text");
    migrate().exits_with(6).says(&[REFUSED, UNKNOWN]);
}

#[test]
fn a_file_that_is_missing_can_be_written_again() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let load = || database.elt_with(project.path(), &["load"]).run();
    let count = std::fs::read_dir(project.path().join("migrations"))
        .unwrap()
        .count();
    let (name, original) = project.remove_migrations(count).remove(0);
    let last = load().exits_with(6).says(&[
        "newer than this elt",
        &format!("migration {count} \""),
        "If only its file is missing",
        &format!("/{name}"),
    ]);
    let text = written(&database, &last.stderr);
    assert_eq!(text, original);
    project.write(&name, &text);
    load().ok();
    project.remove("migrations/V0002__create_core.sql");
    load().exits_with(2).says(&[
        "out of order",
        "select left(applied_text, -1) from elt.project_migration where version = 2",
    ]);
}
