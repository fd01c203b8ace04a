//! Data that changes while the pages of an API are read.

use super::server::{Options, Server};
use super::stock::{Stock, Stocked};
use super::{database, faults, options, staged};

fn add(stock: &mut Stock) {
    let next = stock.len() + 1;
    stock.put(next);
}

/// Removes the records of the last page.
fn shrink(stock: &mut Stock) {
    let last = stock.len();
    let first_gone = (last - 1) / 5 * 5 + 1;
    (first_gone..=last).for_each(|id| stock.remove(id));
}

fn loads(stocked: &Stocked) -> String {
    stocked.database.text(
        "select string_agg(concat_ws(' ', load_id, state, case when staging_dropped_at is null then 'staged' end), \
         ', ' order by load_id) from elt.load",
    )
}

const LACKING: &str = "select count(*) from quality.loads_that_may_lack_rows";

#[test]
fn reads_again_when_the_data_changes() {
    for requests in ["1", "4"] {
        let stocked = Stocked::with(18);
        stocked.change_before_page(3, add);
        let load = || stocked.elt(&format!("load items --requests {requests}"));
        let outcome = load().run().ok();
        outcome.says(&[
            "counts 19 records, and page 1 counted 18: the data changed; reading again (1 of 2)",
        ]);
        assert_eq!(loads(&stocked), "1 failed, 2 published staged");
        assert_eq!(stocked.rows(), 19);
        stocked.holds_the_data("items");
        let error = "select error from elt.load where load_id = 1";
        let error = stocked.database.text(error);
        assert!(error.starts_with("page "), "{error}");
        assert!(
            error.ends_with("the data changed, and another load read it again"),
            "{error}"
        );
        // Without a change, nothing is said.
        assert_eq!(load().run().ok().stderr, "");
    }
}

#[test]
fn reads_again_when_a_page_is_gone() {
    let stocked = Stocked::with(18);
    stocked.change_before_page(4, shrink);
    let outcome = stocked.elt("load items --requests 1").run().ok();
    outcome.says(&[
        "page 4 (",
        "which does not exist, but the server counts 18: the data changed; reading again (1 of 2)",
    ]);
    stocked.holds_the_data("items");
}

#[test]
fn signs_in_again_without_asking() {
    let database = database();
    let fault = faults(&["recount@2*1"]);
    let server = Server::start(Options {
        faults: fault,
        ..options(30)
    })
    .unwrap();
    let load = database
        .elt()
        .api(&server.url())
        .args(["load", "rest_appointments"]);
    load.run()
        .ok()
        .says(&["counts 31 records", "reading again (1 of 2)"]);
    assert_eq!(staged(&database), 30);
}

#[test]
fn fails_when_the_data_changes_each_time() {
    let stocked = Stocked::with(12);
    stocked.load("items");
    let before = stocked.core("items");
    for _ in 0..3 {
        stocked.change_before_page(2, add);
    }
    let outcome = stocked.elt("load items --full").run().exits_with(1);
    outcome.says(&[
        "reading again (1 of 2)",
        "reading again (2 of 2)",
        "elt: could not load API",
        "counts 15 records, and page 1 counted 14",
        "detail: The data changed during the load",
        "hint: Load again when the data does not change.",
    ]);
    assert_eq!(
        loads(&stocked),
        "1 published staged, 2 failed, 3 failed, 4 failed"
    );
    assert_eq!(stocked.core("items"), before);
    stocked.set("max_restarts = 0");
    stocked.change_before_page(2, add);
    let outcome = stocked.elt("load items --full").run().exits_with(1);
    assert!(
        !outcome.stderr.contains("reading again"),
        "{}",
        outcome.stderr
    );
    stocked.load("items");
    stocked.holds_the_data("items");
}

#[test]
fn accepts_changes_of_merged_sources_and_reports_them() {
    let stocked = Stocked::with(12);
    stocked.load("items");
    stocked.set("on_change = 'accept', max_restarts = 1");
    for _ in 0..2 {
        stocked.change_before_page(2, add);
    }
    let outcome = stocked
        .elt("load items --full --requests 1 --json")
        .run()
        .ok();
    let change = &outcome.json()["load"]["sources"][0]["changed_while_read"];
    assert!(
        change
            .as_str()
            .unwrap()
            .contains("counts 14 records, and page 1 counted 13"),
        "{change}"
    );
    outcome.says(&[
        "reading again (1 of 1)",
        "warning: source \"items\": page 2",
        "the data changed while it was read, and rows may be missing",
        "loads_that_may_lack_rows",
    ]);
    stocked.holds_the_data("items");
    assert_eq!(stocked.database.number(LACKING), 1);
    let shown = stocked.elt("loads 3").run().ok().stdout;
    assert!(shown.contains("changed while read"), "{shown}");
    // An incremental load does not have what may be missing; a load of everything has.
    stocked.load("items");
    assert_eq!(stocked.database.number(LACKING), 1);
    stocked.load("items --full");
    assert_eq!(stocked.database.number(LACKING), 0);
    stocked.elt("rollback items").run().ok();
    assert_eq!(stocked.database.number(LACKING), 1);
}

#[test]
fn accepts_fewer_and_more_pages_with_every_number_of_requests() {
    for requests in ["1", "4"] {
        for (change, pages) in [(shrink as fn(&mut Stock), 4), (shrink, 2), (add, 4)] {
            let stocked = Stocked::with(20);
            stocked.set("on_change = 'accept', max_restarts = 0");
            stocked.change_before_page(pages, change);
            let outcome = stocked
                .elt(&format!("load items --requests {requests}"))
                .run()
                .ok();
            outcome.says(&["rows may be missing"]);
            assert_eq!(stocked.database.number(LACKING), 1);
            stocked.load("items --full");
            assert_eq!(stocked.database.number(LACKING), 0);
        }
    }
}

#[test]
fn a_source_of_another_mode_does_not_accept_changes() {
    let stocked = Stocked::with(12);
    stocked.set("on_change = 'accept', max_restarts = 0");
    stocked.change_before_page(2, add);
    let outcome = stocked.elt("load events").run().exits_with(1);
    outcome.says(&["on_change = 'accept' is only for sources of mode merge"]);
    stocked.change_before_page(3, shrink);
    stocked.elt("load events --requests 1").run().exits_with(1);
    stocked.forget_changes();
    stocked.load("events");
    stocked.holds_the_data("events");
}
