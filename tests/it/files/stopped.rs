//! Loads of several files that are killed between and inside the files: the state is the old one or the new one, and the
//! same command completes the load.

use super::Days;
use crate::support::wait_until;

/// A lock that the load waits for, and how many of the files are live while it does.
const PLACES: [(&str, &str); 3] = [
    // Inside the second file, whose rejects are a megabyte.
    ("elt.reject in share mode", "the rejects of a file"),
    ("elt.load_column in share mode", "the end of the files"),
    ("core.TABLE in access exclusive mode", "the publish"),
];

fn rows(days: &Days, table: &str) -> i64 {
    days.database
        .number(&format!("select count(*) from core.{table}"))
}

#[test]
fn a_killed_load_of_many_files_is_repeated() {
    for source in ["pings", "trips", "bikes", "stations"] {
        let days = Days::new();
        let bad = format!("x,y,{}", "z".repeat(600_000));
        days.write(&format!("{source}-1.csv"), &["1,Quay", "2,Quay"]);
        days.write(
            &format!("{source}-2.csv"),
            &["2,Mill", &bad, &bad, "3,Mill"],
        );
        days.write(&format!("{source}-3.csv"), &["3,Port"]);
        let load = format!("{source} --max-rejects 2");
        for (place, what) in PLACES {
            let held = days.database.hold(&place.replace("TABLE", source));
            let running = days.loading(&load).start();
            wait_until(what, || days.database.has_waiting_session());
            running.kill();
            drop(held);
            days.database.wait_for(
                "the sessions to end",
                "select not exists (select 1 from pg_stat_activity where datname = current_database() \
                 and application_name like 'elt %')",
            );
            assert_eq!(rows(&days, source), 0, "{source}, {what}");
            assert_eq!(
                days.database.number(
                    "select count(*) from elt.load_state where state in ('copying', 'staged')"
                ),
                0
            );
        }
        days.loading(&load).run().ok();
        let expected = match source {
            "pings" => 5,
            _ => 3,
        };
        assert_eq!(rows(&days, source), expected, "{source}");
        assert_eq!(
            days.database
                .number("select count(*) from elt.staging_leftover"),
            0
        );
        assert_eq!(
            days.database
                .number("select count(*) from elt.load_finding"),
            0
        );
    }
}

#[test]
fn ctrl_c_between_files_leaves_nothing() {
    let days = Days::new();
    for day in 1..4 {
        days.write(&format!("pings-{day}.csv"), &["1,Quay"]);
    }
    let held = days.database.hold("elt.load_column in share mode");
    let running = days.loading("pings").start();
    wait_until("the end of the files", || {
        days.database.has_waiting_session()
    });
    running.interrupt();
    wait_until("the session to end", || {
        !days.database.has_waiting_session()
    });
    drop(held);
    running.finish().exits_with(130);
    assert_eq!(rows(&days, "pings"), 0);
    assert_eq!(
        days.database
            .text("select string_agg(distinct state, ' ') from elt.load"),
        "failed"
    );
}
