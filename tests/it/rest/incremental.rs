//! Loads that ask an API only for records that are newer than the live ones.

use super::stock::Stocked;
use crate::support::{ProjectCopy, wait_until};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_load_reads_what_is_new_or_changed_and_no_row_is_lost_or_doubled() {
    for source in ["items", "events"] {
        let stocked = Stocked::with(12);
        assert_eq!(stocked.load(source), None);
        stocked.holds_the_data(source);
        stocked.change(|stock| [3, 7, 13, 14].into_iter().for_each(|id| stock.put(id)));
        assert_eq!(stocked.load(source), Some("2020-01-01T00:00:12Z".into()));
        assert_eq!(stocked.rows(), 5, "the latest one is read again");
        stocked.holds_the_data(source);
        // A load of few old records does not go back.
        assert_eq!(stocked.load(source), Some("2020-01-01T00:00:16Z".into()));
        assert_eq!(stocked.rows(), 1);
        stocked.change(|stock| stock.is_after = true);
        stocked.load(source);
        assert_eq!(stocked.rows(), 0);
        assert_eq!(stocked.load(source), Some("2020-01-01T00:00:16Z".into()));
        stocked.holds_the_data(source);
    }
}

#[test]
fn the_report_and_the_history_say_from_where_records_were_read() {
    let stocked = Stocked::with(3);
    let first = stocked.elt("load items").run().ok();
    assert!(!first.stdout.contains("since"), "{}", first.stdout);
    let second = stocked.elt("load items").run().ok();
    let line = "source items: records with updated_at since 2020-01-01T00:00:03Z";
    assert!(second.stdout.contains(line), "{}", second.stdout);
    let third = stocked.elt("load items --json").run().ok().json();
    let since = &third["load"]["sources"][0]["since"];
    assert_eq!(
        since,
        &json!({"column": "updated_at", "value": "2020-01-01T00:00:03Z"})
    );
    let shown = stocked.elt("loads 2").run().ok().stdout;
    assert!(shown.contains("requested since"), "{shown}");
    assert!(shown.contains("2020-01-01T00:00:03Z"), "{shown}");
}

#[test]
fn an_overlap_reads_records_that_appear_late() {
    let stocked = Stocked::with(9);
    stocked.set("since_overlap = '1 day 3 seconds'");
    stocked.load("items");
    stocked.change(|stock| stock.put_at(20, moment("2019-12-31T00:00:07Z")));
    assert_eq!(stocked.load("items"), Some("2019-12-31T00:00:06Z".into()));
    stocked.holds_the_data("items");
    stocked.set("since_overlap = '3000 years'");
    assert_eq!(stocked.load("items"), Some("0001-01-01T00:00:00Z".into()));
}

#[test]
fn values_are_sent_in_one_form_whatever_the_api_writes() {
    let cases: [(&str, &[Value], &str); 12] = [
        (
            "timestamp",
            &[json!("2020-01-01T02:00:00.1234567+02:00")],
            "2020-01-01T00:00:00.123456Z",
        ),
        (
            "timestamp",
            &[json!("2020-01-01 00:00:00.9999999")],
            "2020-01-01T00:00:00.999999Z",
        ),
        (
            "timestamp",
            &[
                json!("2020-01-01T00:00:00.500Z"),
                json!("2020-01-01T00:00:00Z"),
            ],
            "2020-01-01T00:00:00.500000Z",
        ),
        (
            "timestamp",
            &[
                json!("2020-01-01T00:30:00+01:00"),
                json!("2019-12-31T23:29:00Z"),
            ],
            "2019-12-31T23:30:00Z",
        ),
        (
            "date",
            &[
                json!("2020-02-29"),
                json!("2020-02-30"),
                json!("2019-12-31"),
            ],
            "2020-02-29",
        ),
        ("date", &[json!("2020-03-01T00:30:00+01:00")], "2020-02-29"),
        ("number", &[json!(9), json!(10), json!("8")], "10"),
        (
            "number",
            &[json!(1.50), json!(-3), json!(1e2), json!("1e400")],
            "100",
        ),
        ("number", &[json!(1_577_836_800_123_i64)], "1577836800123"),
        (
            "text",
            &[json!("Z"), json!("a"), json!("ab"), json!("Ä")],
            "Ä",
        ),
        (
            "text",
            &[json!("x & y+z=%20#ü"), json!(null)],
            "x & y+z=%20#ü",
        ),
        ("text", &[json!("0001"), json!("0002")], "0002"),
    ];
    for (kind, values, sent) in cases {
        let stocked = Stocked::new();
        stocked.set(&format!("since_type = '{kind}'"));
        stocked.change(|stock| {
            for (id, value) in (1..).zip(values) {
                stock.put_shown(id, Utc::now(), value.clone());
            }
        });
        stocked.load("items");
        assert_eq!(
            stocked.load("items").as_deref(),
            Some(sent),
            "{kind} {values:?}"
        );
        stocked.load("events");
        // Sent text without the format, and in the format.
        stocked.set("since_format = 'x gt \"{}\"'");
        let formatted = Some(format!("x gt \"{sent}\""));
        assert_eq!(stocked.load("events"), formatted, "{kind}");
        let recorded = "select since_sent from elt.load order by load_id desc limit 1";
        assert_eq!(stocked.database.text(recorded), sent);
    }
}

#[test]
fn overlaps_of_dates_and_numbers_are_subtracted() {
    let stocked = Stocked::with(12);
    stocked.set("since_type = 'date', since_overlap = '1 day'");
    stocked.load("items");
    assert_eq!(stocked.load("items"), Some("2019-12-31".into()));
    stocked.database.run("update elt.rest_source set since_type = 'number', since_column = 'id', since_overlap = '2.5'");
    stocked.load("items");
    assert_eq!(stocked.load("items"), Some("9.5".into()));
}

#[test]
fn the_key_may_be_nested_or_have_a_dot() {
    let stocked = Stocked::new();
    stocked.set("since_column = 'updated_at.on', since_type = 'number'");
    stocked.change(|stock| {
        stock.put_shown(1, Utc::now(), json!({"on": 7}));
        stock.put_shown(2, Utc::now(), json!({"off": 9}));
    });
    stocked.load("items");
    assert_eq!(stocked.load("items"), Some("7".into()));
}

#[test]
fn the_first_load_and_a_full_one_send_the_start() {
    let stocked = Stocked::with(6);
    stocked.set("since_start = '1999-01-01T00:00:00Z'");
    let start = Some("1999-01-01T00:00:00Z".to_string());
    assert_eq!(stocked.load("items"), start);
    assert_eq!(stocked.load("items"), Some("2020-01-01T00:00:06Z".into()));
    // A record that an incremental load does not get.
    stocked.change(|stock| stock.put_at(3, moment("2019-06-01T00:00:00Z")));
    stocked.load("items");
    assert_ne!(stocked.core("items"), stocked.content());
    assert_eq!(stocked.load("items --full"), start);
    stocked.holds_the_data("items");
    assert_eq!(stocked.load("items"), Some("2020-01-01T00:00:06Z".into()));
    stocked.set("since_start = null");
    assert_eq!(stocked.load("items --full"), None);
    stocked.holds_the_data("items");
}

#[test]
fn a_moment_in_the_future_does_not_hide_later_records() {
    let stocked = Stocked::with(6);
    let soon = Utc::now() + TimeDelta::hours(1);
    stocked.change(|stock| {
        stock.put_at(1, moment("9999-12-31T23:59:59Z"));
        stock.put_at(2, soon);
    });
    let outcome = stocked.elt("load items").run().ok();
    outcome.says(&[
        "warning: source \"items\": 2 records of the API with a \"updated_at\" in the future",
    ]);
    stocked.change(|stock| stock.put(4));
    assert_eq!(stocked.load("items"), Some("2020-01-01T00:00:06Z".into()));
    stocked.holds_the_data("items");
    let stocked = Stocked::new();
    stocked.set("since_type = 'date'");
    let day = |days| {
        json!(
            (Utc::now() + TimeDelta::days(days))
                .format("%Y-%m-%d")
                .to_string()
        )
    };
    stocked.change(|stock| {
        stock.put_shown(1, Utc::now(), json!("2020-05-05"));
        stock.put_shown(2, Utc::now(), day(3));
    });
    let outcome = stocked.elt("load items").run().ok();
    outcome.says(&["source \"items\": 1 record of the API with a \"updated_at\" in the future"]);
    assert_eq!(stocked.load("items"), Some("2020-05-05".into()));
}

#[test]
fn a_change_after_the_start_of_a_load_is_read_by_the_next_one() {
    let stocked = Stocked::new();
    stocked.change(|stock| (1..=12).for_each(|id| stock.put(id)));
    // Record 1 changes after its page was read, and record 12 even later, before its page is read.
    stocked.change_before_page(3, |stock| {
        stock.put(1);
        stock.put(12);
    });
    let outcome = stocked.elt("load items --requests 1").run().ok();
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.stderr);
    assert_ne!(stocked.core("items"), stocked.content());
    stocked.load("items");
    stocked.holds_the_data("items");
}

#[test]
fn values_that_cannot_be_read_are_reported_and_do_not_count() {
    let stocked = Stocked::with(6);
    stocked.change(|stock| {
        for (id, shown) in [json!("soon"), json!({"at": 1}), json!(null), json!("")]
            .iter()
            .enumerate()
        {
            stock.put_shown(1 + id as i64, Utc::now(), shown.clone());
        }
    });
    let outcome = stocked.elt("load items").run().ok();
    outcome.says(&["source \"items\": 2 records of the API with a \"updated_at\" that is not a timestamp (since_type"]);
    assert_eq!(stocked.load("items"), Some("2020-01-01T00:00:06Z".into()));
    stocked.holds_the_data("items");
    // Without any value, everything is read.
    let stocked = Stocked::with(2);
    stocked.set("since_column = 'no_such_key'");
    stocked.load("items");
    assert_eq!(stocked.load("items"), None);
}

#[test]
fn another_column_or_type_reads_everything_once() {
    let stocked = Stocked::with(7);
    stocked.load("items");
    for (assignments, sent) in [
        ("since_column = 'id', since_type = 'number'", "7"),
        ("since_type = 'text'", "7"),
    ] {
        stocked.set(assignments);
        stocked.take_requests();
        let outcome = stocked.elt("load items").run().ok();
        outcome.says(&[
            "since_column or since_type in elt.rest_source has changed; all records are read",
        ]);
        assert_eq!(stocked.sent(), None);
        assert_eq!(stocked.load("items").as_deref(), Some(sent));
    }
    stocked.holds_the_data("items");
}

#[test]
fn a_changed_core_query_reads_everything_if_older_loads_are_not_staged() {
    let stocked = Stocked::with(7);
    stocked.database.run("update elt.source set keep_loads = 1");
    for id in [2, 3] {
        stocked.load("items");
        stocked.change(|stock| stock.put(id));
    }
    let copy = ProjectCopy::of("tests/projects/stock");
    let name = "elt.text_value(staged.payload ->> 'name')";
    copy.replace(
        "sql/core/incoming_items.sql",
        name,
        &format!("upper({name})"),
    );
    stocked.elt_in(copy.path(), "migrate").run().ok();
    let load = || stocked.elt_in(copy.path(), "load items").run().ok();
    stocked.take_requests();
    load().says(&["its core query has changed; all records are read"]);
    assert_eq!(stocked.sent(), None);
    assert_eq!(stocked.core("items"), stocked.content().to_uppercase());
    load();
    assert_eq!(stocked.sent(), Some("2020-01-01T00:00:09Z".into()));
}

#[test]
fn a_load_that_is_not_live_does_not_count() {
    let stocked = Stocked::with(6);
    stocked.load("items");
    let first = Some("2020-01-01T00:00:06Z".to_string());
    stocked.change(|stock| [1, 7, 8].into_iter().for_each(|id| stock.put(id)));
    assert_eq!(stocked.load("items"), first);
    stocked.holds_the_data("items");
    stocked.elt("rollback items").run().ok();
    assert_ne!(stocked.core("items"), stocked.content());
    assert_eq!(
        stocked.load("items"),
        first,
        "the earlier value counts again"
    );
    stocked.holds_the_data("items");
    let second = Some("2020-01-01T00:00:09Z".to_string());

    // A load with too many rejects.
    stocked.change(|stock| {
        let at = moment("2020-02-01T00:00:00Z");
        (30..40).for_each(|id| stock.put_shown(id, at, json!("2020-02-01T00:00:00Z\u{0}")));
        stock.put_at(40, at);
    });
    let refused = stocked.elt("load items --max-rejects 1").run();
    refused.exits_with(4);
    stocked.change(|stock| (30..40).for_each(|id| stock.remove(id)));
    assert_eq!(stocked.load("items"), second);

    // A load that a rule refuses.
    let third = Some("2020-02-01T00:00:00Z".to_string());
    let copy = ProjectCopy::of("tests/projects/stock");
    copy.write(
        "sql/quality/items_refused.sql",
        "-- grain:    one row per refused item\n-- level:    error\n-- reads:    core.items\n\
         create or replace view quality.items_refused as\nselect items.item_id\nfrom core.items\n\
         where items.item_id = 66;\n\ncomment on view quality.items_refused is 'Items that are refused.';\n",
    );
    stocked.elt_in(copy.path(), "migrate").run().ok();
    stocked.change(|stock| {
        stock.put_at(66, moment("2020-03-01T00:00:00Z"));
        stock.put_at(67, moment("2020-02-15T00:00:00Z"));
    });
    stocked
        .elt_in(copy.path(), "load items")
        .run()
        .exits_with(3);
    stocked.change(|stock| stock.remove(66));
    stocked.take_requests();
    stocked.elt_in(copy.path(), "load items").run().ok();
    assert_eq!(stocked.sent(), third);
    stocked.holds_the_data("items");
}

#[test]
fn sources_that_would_lose_or_double_rows_are_refused_before_any_request() {
    let stocked = Stocked::with(3);
    stocked
        .database
        .run("update elt.source set mode = 'replace', key = null where source = 'items'");
    let refused = stocked.elt("load items").run().exits_with(6);
    refused.says(&[
        "source \"items\" has mode replace, and its loads read only new records",
        "hint: A replace load deletes",
    ]);
    stocked.elt("load items --full").run().exits_with(6);
    for key in [
        "",
        "alter table core.events add primary key (_load_id, _row)",
    ] {
        stocked.database.run(&format!(
            "alter table core.events drop constraint if exists events_pkey; {key}"
        ));
        let refused = stocked.elt("load events").run().exits_with(6);
        refused.says(&["does not identify records", "may read a record again"]);
    }
    assert!(!stocked.has_requests());
    stocked.set("since_column = null, since_parameter = null");
    stocked.load("items");
    stocked.holds_the_data("items");
}

#[test]
fn a_load_that_is_killed_at_any_step_is_made_up_for() {
    enum Kill {
        Program,
        Sessions,
    }
    for source in ["items", "events"] {
        let stocked = Stocked::with(12);
        stocked.load(source);
        let core = format!("lock table core.{source} in share mode");
        // Reading, counting, publishing and committing.
        let locks = [
            "",
            "lock table elt.reject in access exclusive mode",
            &core,
            "select pg_advisory_xact_lock(1)",
        ];
        stocked.database.run(
            "create function public.wait_at_gate() returns trigger language plpgsql set lock_timeout = 0 as $$ begin \
             perform pg_advisory_xact_lock_shared(1); return new; end $$; \
             create constraint trigger at_commit after insert on elt.publish initially deferred \
             for each row execute function public.wait_at_gate()",
        );
        for lock in locks {
            for kill in [Kill::Program, Kill::Sessions] {
                stocked.change(|stock| {
                    let next = stock.len() + 1;
                    (next..next + 7).for_each(|id| stock.put(id));
                    stock.put(next / 2);
                });
                let held = (!lock.is_empty()).then(|| stocked.database.hold_by(lock));
                if held.is_none() {
                    stocked.hold_page(Some(2));
                }
                stocked.take_requests();
                let load = stocked.elt(&format!("load {source}")).start();
                wait_until("the load to wait", || match held {
                    Some(_) => stocked.database.has_waiting_session(),
                    None => {
                        stocked.has_requests() && {
                            let copying = "select count(*) from elt.load where state = 'copying'";
                            stocked.database.number(copying) == 1
                        }
                    }
                });
                match kill {
                    Kill::Program => load.kill(),
                    Kill::Sessions => {
                        stocked.database.run(
                            "select pg_terminate_backend(pid) from pg_stat_activity \
                             where datname = current_database() and application_name like 'elt %'",
                        );
                        stocked.hold_page(None);
                        load.finish().exits_with(5);
                    }
                }
                stocked.hold_page(None);
                drop(held);
                wait_until("the sessions to end", || {
                    let sql = "select count(*) from pg_stat_activity where datname = current_database() \
                               and application_name like 'elt %'";
                    stocked.database.number(sql) == 0
                });
                stocked.change(|stock| stock.put(2));
                stocked.load(source);
                stocked.holds_the_data(source);
            }
        }
    }
}

#[test]
fn a_job_may_read_everything() {
    let stocked = Stocked::with(3);
    stocked.load("items");
    stocked.load("events");
    stocked.take_requests();
    let args = r#"{"sources": ["items"], "full": true}"#;
    let job = stocked.elt("jobs enqueue pipeline").args(["--args", args]);
    job.run().ok();
    let out = crate::support::Folder::new();
    let worker = stocked.elt("worker --once").path("--out", out.path());
    worker.run();
    assert_eq!(stocked.sent(), None);
}
