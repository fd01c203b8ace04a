//! Rejects: kept, counted, and limited.

use crate::support::{Database, Folder};

#[test]
fn rows_read_are_staged_or_rejected_and_the_database_holds_that() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let load = "select load_id from elt.load where source = 'appointments'";
    assert_eq!(
        database.number(&format!(
            "select rows_rejected from elt.load where load_id = ({load})"
        )),
        6
    );
    assert_eq!(
        database.number("select count(*) from staging.appointments"),
        database.number(&format!(
            "select rows_staged from elt.load where load_id = ({load})"
        )),
    );
    let lie = "update elt.load set rows_read = rows_read + 1";
    let error = database.connect().batch_execute(lie).unwrap_err();
    let error = error.as_db_error().unwrap();
    assert_eq!(error.constraint(), Some("load_accounts_for_every_row"));
}

#[test]
fn rejected_bytes_are_kept_with_their_place() {
    let database = Database::new();
    database.elt().args(["load", "appointments"]).run().ok();
    let file = std::fs::read("data/lab1_appointments.csv").unwrap();
    let rows = database
        .connect()
        .query(
            "select line_number, byte_offset, raw, reason from elt.reject order by reject_number",
            &[],
        )
        .unwrap();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let (line, offset): (i64, i64) = (row.get(0), row.get(1));
        let raw: Vec<u8> = row.get(2);
        let at = usize::try_from(offset).unwrap();
        assert!(file[at..].starts_with(&raw), "{}", row.get::<_, String>(3));
        let lines_before = file[..at].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(line, i64::try_from(lines_before).unwrap() + 1);
    }
}

#[test]
fn beyond_the_limit_nothing_changes_and_the_rejects_can_be_seen() {
    let (database, data) = (Database::new(), Folder::with_data());
    database.elt().args(["load"]).run().ok();
    let live = "select string_agg(source || load_id, ',' order by source) from elt.live_load";
    let before = database.text(live);
    let mut text = data.read("practices.json");
    text = text.replacen("[", "[{\"practice_name\": \"new\"}, 17,", 1);
    data.write("practices.json", text);
    let load = |limit: &str| {
        let elt = database.elt().args(["load", "--max-rejects", limit]);
        elt.path("--data", data.path()).run()
    };
    load("0").exits_with(4).says(&[
        "source \"practices\"",
        "line 1: not an object",
        "elt rejects",
    ]);
    assert_eq!(database.text(live), before);
    assert_eq!(
        database.number("select count(*) from public.epion_practices where practice_name = 'new'"),
        0
    );
    assert_eq!(
        database.text("select state from elt.load order by load_id desc limit 1"),
        "failed"
    );
    let shown = database.elt().args(["rejects"]).run().ok();
    assert!(shown.stdout.contains("not an object"), "{}", shown.stdout);
    load("1").ok();
    assert_eq!(
        database.number("select count(*) from public.epion_practices where practice_name = 'new'"),
        1
    );
}

#[test]
fn a_limit_of_nonsense_is_refused() {
    let database = Database::new();
    let outcome = database.elt().args(["load", "--max-rejects", "some"]).run();
    outcome
        .exits_with(2)
        .says(&["neither a number of rows nor a percentage"]);
}

#[test]
fn a_truncated_array_fails_and_says_where() {
    let (database, data) = (Database::new(), Folder::with_data());
    let whole = data.read("lab1_epion_office_settings.json");
    data.write("lab1_epion_office_settings.json", &whole[..2_000]);
    let outcome = database.load(&data);
    outcome.exits_with(1).says(&[
        "lab1_epion_office_settings.json",
        "truncated, or a bracket",
        "document 8",
    ]);
    assert_eq!(database.number("select count(*) from elt.live_load"), 0);
}

#[test]
fn many_rejects_are_all_kept() {
    let (database, data) = (Database::new(), Folder::with_data());
    let mut text = String::from("[{}");
    for number in 0..5_000 {
        text.push_str(&format!(",\n{number}"));
    }
    data.write("practices.json", text + "]");
    let elt = database
        .elt()
        .args(["load", "practices", "--max-rejects", "100%"]);
    elt.path("--data", data.path()).run().ok();
    assert_eq!(database.number("select count(*) from elt.reject"), 5_000);
    assert_eq!(
        database.number("select max(reject_number) from elt.reject"),
        5_000
    );
}

#[test]
fn a_file_of_rejects_alone_replaces_nothing() {
    let (database, data) = (Database::new(), Folder::with_data());
    database.elt().args(["load"]).run().ok();
    data.write("practices.json", "[1, 2, 3]");
    let load = |args: &[&str]| database.elt().args(args).path("--data", data.path()).run();
    load(&["load", "practices"])
        .exits_with(4)
        .says(&["all 3 rows were rejected"]);
    assert_eq!(
        database.number("select count(*) from public.epion_practices"),
        6
    );
    load(&["load", "practices", "--max-rejects", "100%"]).ok();
    assert_eq!(
        database.number("select count(*) from public.epion_practices"),
        0
    );
}

#[test]
fn a_small_file_with_more_than_a_fifth_of_rejects_replaces_nothing() {
    let (database, data) = (Database::new(), Folder::with_data());
    database.elt().args(["load", "practices"]).run().ok();
    let load = |rejects: usize, rows: usize| {
        let row = "{\"practice_name\": \"new\"}";
        let rejected = (0..rejects).map(|number| number.to_string());
        let staged = (rejects..rows).map(|_| row.to_string());
        let records: Vec<String> = rejected.chain(staged).collect();
        data.write("practices.json", format!("[{}]", records.join(",")));
        let elt = database.elt().args(["load", "practices"]);
        elt.path("--data", data.path()).run()
    };
    let new = "select count(*) from public.epion_practices where practice_name = 'new'";
    load(10, 12)
        .exits_with(4)
        .says(&["10 of 12 rows were rejected; the limit is 2"]);
    load(3, 12).exits_with(4);
    load(2, 5)
        .exits_with(4)
        .says(&["2 of 5 rows were rejected; the limit is 1"]);
    assert_eq!(database.number(new), 0);
    assert_eq!(
        database.number("select count(*) from public.epion_practices"),
        6
    );
    load(2, 12).ok();
    assert_eq!(database.number(new), 10);
    load(1, 2).ok();
    assert_eq!(database.number(new), 1);
}

#[test]
fn the_rejects_of_all_live_loads_are_shown() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let shown = database.elt().args(["rejects"]).run().ok().stdout;
    assert!(shown.contains("of appointments (published)"), "{shown}");
    assert!(shown.contains("of office_settings (published)"), "{shown}");
    let document = database.elt().args(["rejects", "--json"]).run().ok().json();
    assert_eq!(document["loads"][0]["count"], 6);
    assert_eq!(document["loads"][1]["rejects"].as_array().unwrap().len(), 3);
}

#[test]
fn a_read_only_server_gives_its_rejects_and_says_that_the_audit_lacks_it() {
    let (database, data) = (Database::new(), Folder::new());
    database.elt().args(["load", "appointments"]).run().ok();
    let name = database.name();
    database.run(&format!(
        "alter database \"{name}\" set default_transaction_read_only = on"
    ));
    let file = data.path().join("rejects.csv");
    let rejects = database.elt().args(["rejects", "appointments"]);
    let written = rejects.path("--out", &file).run().ok();
    assert!(
        written
            .stderr
            .contains("this download is not recorded in elt.audit"),
        "{}",
        written.stderr
    );
    assert!(std::fs::metadata(&file).unwrap().len() > 0);
    let entries = "select count(*) from elt.audit where action = 'rejects.download'";
    assert_eq!(database.number(entries), 0);
    std::fs::remove_file(&file).unwrap();
    let mut client = database.connect();
    client
        .batch_execute("set default_transaction_read_only = off")
        .unwrap();
    client
        .batch_execute(&format!(
            "alter database \"{name}\" reset default_transaction_read_only"
        ))
        .unwrap();
    let rejects = database.elt().args(["rejects", "appointments"]);
    let written = rejects.path("--out", &file).run().ok();
    written.says_not("not recorded");
    assert_eq!(database.number(entries), 1);
}
