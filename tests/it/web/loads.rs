//! The list of loads with filters and pages, and the page of one load.

use super::Site;
use crate::support::{Database, Folder, HEADER};
use std::fs;

/// A load with a reject, the corrected reject, and a load that fails.
fn loaded() -> (Database, Folder) {
    let (database, data) = (Database::new(), Folder::new());
    let load = || database.elt().args(["load", "appointments"]);
    let rows = format!("{HEADER}1,1,,,4,,,\n1,2\n");
    data.write("lab1_appointments.csv", rows);
    load().path("--data", data.path()).run().ok();
    let fixed = data.path().join("fixed.csv");
    let rejects = database.elt().args(["rejects", "appointments"]);
    rejects.path("--out", &fixed).run().ok();
    let text = fs::read_to_string(&fixed).unwrap();
    fs::write(&fixed, text.replace("1,2\n", "1,2,,,5,,,\n")).unwrap();
    load().path("--replay", &fixed).run().ok();
    data.write("lab1_appointments.csv", "no header\n");
    load().path("--data", data.path()).run().exits_with(1);
    (database, data)
}

/// Numbers of the loads that a page lists.
fn listed(body: &str) -> Vec<&str> {
    let cells = body.split("<td class=\"number\"><a href=\"/loads/");
    cells
        .skip(1)
        .map(|cell| cell.split('"').next().unwrap())
        .collect()
}

#[test]
fn the_list_shows_file_state_replays_and_errors() {
    let (database, data) = loaded();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site.get("/loads", &cookie).is(200);
    assert_eq!(listed(&page.body), ["3", "2", "1"]);
    let folder = data.path().display();
    let page = page
        .says("3 loads, 1 to 3 shown")
        .says(&format!(
            "<span title=\"{folder}/lab1_appointments.csv\">lab1_appointments.csv</span>"
        ))
        .says(&format!(
            "title=\"{folder}/fixed.csv\">replays load 1 with fixed.csv<"
        ))
        .says("<span class=\"state live\">live</span>")
        .says("<span class=\"state published\">published</span>")
        .says("<span class=\"state failed\">failed</span>")
        .says("the header lacks columns");
    assert!(!page.body.contains("Purges"), "{}", page.body);
    // The address of an API is shown whole, without a query.
    database.run(
        "update elt.load set location = 'https://api.example/v1/orders' where load_id = 1; \
         update elt.load set location = '/in/<b>.csv' where load_id = 2",
    );
    let page = site.get("/loads", &cookie).is(200);
    page.says(">https://api.example/v1/orders</span>")
        .says("&#60;b&#62;.csv</span>");
}

#[test]
fn a_purge_is_listed_with_the_loads_that_lost_rows() {
    let (database, _data) = loaded();
    let purge = database.elt().args(["purge", "key", "emr_practice_id=1"]);
    purge.args(["emr_appointment_id=1", "--yes"]).run().ok();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site.get("/loads", &cookie).is(200);
    page.says("lost rows or rejects: <a href=\"/loads/2\">2</a>, <a href=\"/loads/1\">1</a>.")
        .says("replays load 1 with fixed.csv; 1 row purged")
        .says("<td class=\"number\">1</td><td class=\"number\">0</td><td class=\"said\">core.appointments</td>");
    // The purge of a load without a publish is in its state only.
    for load in ["2", "1"] {
        let purge = database.elt().args(["purge", "load", load, "--yes"]);
        purge.run().ok();
    }
    let page = site.get("/loads?state=purged", &cookie).is(200);
    assert_eq!(listed(&page.body), ["2", "1"]);
}

#[test]
fn filters_stay_in_the_address_and_invalid_ones_in_their_fields() {
    let (database, _data) = loaded();
    database
        .run("update elt.load set started_at = ('2026-11-2' || load_id || ' 23:30Z')::timestamptz");
    let site =
        Site::spawn(
            database
                .elt()
                .args(["serve", "--no-worker", "--time-zone", "Europe/Berlin"]),
        );
    let cookie = site.signed_in(&database, "ann", "viewer");
    for (filter, found) in [
        ("source=appointments", &["3", "2", "1"][..]),
        ("source=offices", &[]),
        ("state=failed", &["3"]),
        ("state=live&source=appointments&file=&since=", &["2"]),
        ("state=rolled+back", &[]),
        ("file=FIXED.csv", &["2"]),
        ("file=%25", &[]),
        // Half an hour after midnight in Berlin.
        ("since=2026-11-24", &["3"]),
        ("until=2026-11-22", &["1"]),
        ("since=2026-11-22&until=2026-11-22", &["1"]),
        ("since=2026-11-22+23:30Z&until=2026-11-23+12:00", &["2"]),
    ] {
        let page = site.get(&format!("/loads?{filter}"), &cookie).is(200);
        assert_eq!(listed(&page.body), found, "{filter}");
    }
    let page = site.get("/loads?state=failed&file=lab1&since=2026-11-20", &cookie);
    page.is(200)
        .says("<option selected>failed</option>")
        .says("name=\"file\" type=\"search\" value=\"lab1\"")
        .says("value=\"2026-11-20\"")
        .says("Europe/Berlin");
    for (filter, kept, message) in [
        (
            "source=nothing",
            "<option selected>nothing</option>",
            "There is no such source.",
        ),
        (
            "state=great",
            "<option selected>great</option>",
            "There is no such state.",
        ),
        (
            "since=soon",
            "value=\"soon\" aria-invalid=\"true\"",
            "Write a day such as",
        ),
        (
            "until=2026-02-30",
            "value=\"2026-02-30\" aria-invalid=\"true\"",
            "Write a day such as",
        ),
        (
            "since=12026-11-22",
            "value=\"12026-11-22\" aria-invalid",
            "Write a day such as",
        ),
        (
            "file=a%00b",
            "aria-describedby=\"file-error\"",
            "not allowed in text",
        ),
    ] {
        let page = site.get(&format!("/loads?{filter}&file=x"), &cookie);
        let page = page.is(400).says(kept).says(message);
        page.says("No loads are listed").says("role=\"alert\"");
    }
    let long = "x".repeat(301);
    let page = site.get(&format!("/loads?file={long}"), &cookie);
    page.is(400).says("at most 300 letters");
    for page in ["0", "x", "-1", "100001"] {
        site.get(&format!("/loads?page={page}"), &cookie).is(400);
    }
}

#[test]
fn ten_thousand_loads_are_listed_in_pages() {
    let (database, _data) = loaded();
    database.run(
        "insert into elt.load (source, location, state, elt_version, staging_dropped_at) \
         select 'appointments', '/in/' || number || '.csv', 'failed', '0', now() \
         from generate_series(4, 10000) as number",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site.get("/loads", &cookie).is(200);
    let numbers = listed(&page.body);
    assert_eq!(
        (numbers.len(), numbers[0], numbers[49]),
        (50, "10000", "9951")
    );
    let page = page.says("10,000 loads, 1 to 50 shown");
    assert!(!page.body.contains("rel=\"prev\""), "{}", page.body);
    let second = site.get("/loads?state=failed&page=2", &cookie).is(200);
    assert_eq!(listed(&second.body)[0], "9950");
    second
        .says("9,998 loads, 51 to 100 shown")
        .says("rel=\"prev\" href=\"/loads?state=failed\"")
        .says("rel=\"next\" href=\"/loads?state=failed&#38;page=3\"");
    let last = site.get("/loads?page=200", &cookie).is(200);
    let last = last.says("10,000 loads, 9951 to 10000 shown");
    assert!(!last.body.contains("rel=\"next\""), "{}", last.body);
    // Sizes and open rejects are looked up only for the loads of a page.
    let sql = "explain (analyze, costs off, timing off, summary off) \
               select staging_bytes, rejects_open from elt.load_status where load_id = any(array( \
               select load_id from elt.load_state where state_in_words = 'failed' order by load_id desc limit 50))";
    let plan = database.connect().query(sql, &[]).unwrap();
    let plan: Vec<String> = plan.iter().map(|line| line.get(0)).collect();
    assert!(
        plan.iter().any(|line| line.contains("loops=50)")),
        "{plan:#?}"
    );
    assert!(
        !plan.iter().any(|line| line.contains("loops=1000")),
        "{plan:#?}"
    );
    let beyond = site.get("/loads?page=201", &cookie).is(200);
    assert!(beyond.body.contains("rel=\"prev\""), "{}", beyond.body);
}

#[test]
fn the_page_of_a_load_has_all_facts_and_rejects_are_for_operators() {
    let (database, data) = loaded();
    let site = Site::start(&database);
    let viewer = site.signed_in(&database, "ann", "viewer");
    let operator = site.signed_in(&database, "bob", "operator");
    let page = site.get("/loads/1", &viewer).is(200);
    let sha256 = database.text("select sha256 from elt.load where load_id = 1");
    let page = page
        .says(&sha256)
        .says(&format!("{}/lab1_appointments.csv", data.path().display()))
        .says("<dt>encoding</dt><dd>utf-8</dd>")
        .says("<dt>replayed by load</dt><dd><a href=\"/loads/2\">2</a></dd>")
        .says("<dt>rejected</dt><dd>1</dd>")
        .says("/explore/staging.appointments?f._load_id.is=1")
        .says("Changes of publish 1")
        .says("<a href=\"/explore/core.appointments\">core.appointments</a></td><td class=\"number\">1</td>");
    assert!(!page.body.contains("elt.reject"), "{}", page.body);
    let list = site.get("/loads", &viewer).is(200);
    assert!(!list.body.contains("elt.reject"), "{}", list.body);
    let rejects = "href=\"/explore/elt.reject?f.load_id.is=1\"";
    site.get("/loads/1", &operator).is(200).says(rejects);
    site.get("/loads", &operator).is(200).says(rejects);
    site.get("/loads/2", &viewer)
        .is(200)
        .says("<dt>replays load</dt><dd><a href=\"/loads/1\">1</a></dd>")
        .says(&format!("{}/fixed.csv", data.path().display()));
    site.get("/loads/3", &viewer)
        .is(200)
        .says("<dt>error</dt><dd class=\"error\">")
        .says("the header lacks columns");
    for address in ["/loads/77", "/loads/x", "/loads/99999999999999999999"] {
        site.get(address, &viewer).is(404);
    }
    site.get("/loads", "")
        .is(303)
        .leads_to("/sign-in?next=/loads");
    site.get("/loads/1", "").is(303);
}
