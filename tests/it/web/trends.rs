//! The trend on the page of a rule and of a source, and the limit of a rule.

use super::{Site, add_user};
use crate::support::{Database, Folder, HEADER, ProjectCopy};

const RULE: &str = "sql/quality/appointments_without_id.sql";

#[test]
fn the_pages_of_a_rule_and_of_its_source_draw_the_trend() {
    let (database, project, data) = (Database::new(), ProjectCopy::new(), Folder::new());
    // With the schema of the built-in project, which is the one that the command expects.
    add_user(&database, "vera", "viewer");
    project.replace(RULE, "-- level:    warning", "-- at most:  3");
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    elt(&["migrate"]).run().ok();
    let load = |bad: usize| {
        let rows: String = (1..=5)
            .map(|id| format!("1,{id},7,,4,,,2023-01-01\n"))
            .collect();
        let bad = "1,,7,,4,,,2023-01-01\n".repeat(bad);
        data.write("lab1_appointments.csv", HEADER.to_string() + &rows + &bad);
        let elt = elt(&["load", "appointments"]);
        elt.path("--data", data.path()).run()
    };
    load(1).ok();
    let site = Site::spawn(elt(&["serve", "--no-worker"]));
    let cookie = site.sign_in_as("vera");
    let rule = |text: &str| {
        let page = site.get("/explore/quality.appointments_without_id", &cookie);
        let page = page.is(200);
        assert!(page.body.contains(text), "lacks {text}: {}", page.body);
        page.body
    };
    // One publish is no trend.
    assert!(!rule("<h1>").contains("id=\"trend\""));
    load(3).ok();
    load(2).ok();
    // A refused publish was never live.
    load(4).exits_with(3);
    let page = rule("Violations at the latest 3 publishes</h2>");
    assert_eq!(page.matches("<polyline").count(), 1, "{page}");
    let publishes = database.text(
        "select string_agg(publish_id::text, ' ' order by publish_id) from elt.publish where state = 'published'",
    );
    for (publish, count) in publishes.split(' ').zip([1, 3, 2]) {
        let link = format!("href=\"/explore/elt.publish?f.publish_id.is={publish}\"");
        assert!(page.contains(&link), "lacks {link}: {page}");
        rule(&format!(": {count} violations</title>"));
        rule(&format!("<td class=\"number\">{count}</td>"));
    }
    rule("At the latest publish: at most 3.");

    let source = site.get("/explore/staging.appointments", &cookie).is(200);
    let source = source
        .says("Rows of the latest 3 published loads</h2>")
        .says(": 8 rows</title>")
        .says("href=\"/loads/1\"");
    assert!(
        !source.body.contains("href=\"/loads/4\""),
        "{}",
        source.body
    );
    let other = site.get("/explore/core.appointments", &cookie).is(200);
    assert!(!other.body.contains("id=\"trend\""), "{}", other.body);
    // The first page has the limit beside the level.
    site.get("/", &cookie).is(200).says(
        "appointments_without_id</a> <span class=\"level warning\">warning</span> <span class=\"quiet\">at most 3</span>",
    );
}
