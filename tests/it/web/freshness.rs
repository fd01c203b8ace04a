//! Late sources and unexpected numbers of rows in `/metrics`, on the first page, and the form of their expectations.

use super::*;
use crate::support::Folder;

fn ground() -> (Database, Site) {
    let (database, data) = (Database::new(), Folder::with_other_data());
    database.load(&data).ok();
    database.run(
        "update elt.source set expected_every = '1 day', expected_rows = '[2,5]' where source = 'appointments'; \
         update elt.source set expected_every = '7 days' where source = 'practices'; \
         insert into elt.source (source, format, file, description, expected_every) \
         values ('never', 'csv', 'never.csv', 'x', '1 day'); \
         update elt.load set started_at = started_at - interval '3 days', staged_at = staged_at - interval '3 days', \
         finished_at = finished_at - interval '3 days'",
    );
    let site = Site::start(&database);
    (database, site)
}

#[test]
fn metrics_say_what_is_late() {
    let (database, site) = ground();
    let cookie = site.signed_in(&database, "ann", "viewer");
    let text = site.get("/metrics", &cookie).is(200).body;
    let value = |metric: &str, source: &str| {
        let start = format!("{metric}{{source=\"{source}\"}} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&start));
        line.map(|value| value.parse::<f64>().unwrap())
    };
    for (source, late, unexpected) in [
        ("appointments", Some(1.0), Some(1.0)),
        ("practices", Some(0.0), None),
        ("offices", None, None),
        ("never", Some(1.0), None),
    ] {
        assert_eq!(value("elt_source_late", source), late, "{source}:\n{text}");
        assert_eq!(
            value("elt_source_rows_unexpected", source),
            unexpected,
            "{source}"
        );
    }
    let age = value("elt_source_age_seconds", "offices").unwrap();
    assert!((259_200.0..259_800.0).contains(&age), "{age}");
    assert_eq!(value("elt_source_age_seconds", "never"), None);
}

#[test]
fn the_first_page_shows_late_sources_first() {
    let (database, site) = ground();
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site.get("/", &cookie).is(200).body;
    let late = "<span class=\"level error\">late by 2 d, 1 row</span> <span class=\"quiet\">expected: every 1 d, 2 to 5 rows</span>";
    assert!(page.contains(late), "{page}");
    assert!(
        page.contains("never<br><span class=\"level error\">never loaded</span>"),
        "{page}"
    );
    assert_eq!(page.matches("expected: ").count(), 2, "{page}");
    let place = |source: &str| page.find(&format!("/explore/staging.{source}")).unwrap();
    assert!(place("never") < place("practices") && place("appointments") < place("practices"));
}

#[test]
fn admins_change_expectations_and_nothing_else_of_a_source() {
    let (database, site) = ground();
    let path = "/admin/elt.source/change?source=practices";
    let operator = site.signed_in(&database, "otto", "operator");
    let form = site.get(path, &operator).is(200).body;
    assert!(!form.contains("name=\"c.expected_every\""), "{form}");
    let admin = site.signed_in(&database, "ann", "admin");
    let form = site.get(path, &admin).is(200).body;
    for text in [
        "name=\"c.expected_every\"",
        "name=\"c.expected_rows\"",
        "name=\"c.on_missing_column\"",
        "How often new data is expected",
    ] {
        assert!(form.contains(text), "{text}:\n{form}");
    }
    assert!(
        !form.contains("name=\"c.file\"") && !form.contains("name=\"c.mode\""),
        "{form}"
    );
}
