//! A project of another domain works without any change of the program.

use crate::support::{Database, Folder, repository};

#[test]
fn a_project_of_another_domain_loads_checks_and_exports() {
    let (database, out) = (Database::empty(), Folder::new());
    let library = repository().join("tests/projects/library");
    let elt = |args: &[&str]| database.elt_with(&library, args);
    let outcome = elt(&["run", "--migrate"])
        .path("--out", out.path())
        .run()
        .ok();
    assert_eq!(
        out.read("loans_by_book.csv"),
        "title,shelf,loan_count\nIce,,0\n\"Sand, and other matters\",A1,2\nTides,A2,1\n"
    );
    assert!(
        outcome.stdout.contains("loans_of_unknown_books"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("How often each book was borrowed."),
        "{}",
        outcome.stdout
    );
    assert_eq!(database.number("select count(*) from public.loans"), 4);
    assert_eq!(
        database.number("select rows_rejected from elt.load where source = 'loans'"),
        1
    );
}

#[test]
fn another_projects_database_is_refused() {
    let database = Database::new();
    let library = repository().join("tests/projects/library");
    let outcome = database.elt_with(&library, &["migrate"]).run();
    outcome
        .exits_with(6)
        .says(&["differs from the applied one", "another database"]);
}

#[test]
fn the_program_has_no_word_of_the_projects_domain() {
    fn look(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                look(&entry.path(), found);
                continue;
            }
            let text = std::fs::read_to_string(entry.path())
                .unwrap()
                .to_lowercase();
            for word in [
                "epion",
                "appointment",
                "department",
                "practice",
                "borrower",
                "shelf",
            ] {
                if text.contains(word) {
                    found.push(format!("{}: {word}", entry.path().display()));
                }
            }
        }
    }
    let mut found = Vec::new();
    look(&repository().join("src"), &mut found);
    assert!(found.is_empty(), "{found:?}");
}
