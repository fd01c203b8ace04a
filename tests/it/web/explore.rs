//! Pages of tables and views.

use super::Site;
use crate::support::{Database, Folder};

fn loaded() -> Database {
    let (database, data) = (Database::new(), Folder::with_data());
    let load = database.elt().args(["load"]).path("--data", data.path());
    load.run().ok();
    database
}

#[test]
fn the_first_page_draws_what_the_views_say() {
    let database = loaded();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site.get("/", &cookie).is(200);
    let rates = "select string_agg(to_char(utilization_rate * 100, 'FM990.0') || ' %', '|' order by month) \
                 from public.epion_utilization";
    for rate in database.text(rates).split('|') {
        assert!(
            page.body.contains(&format!(">{rate}</text>")),
            "{rate}\n{}",
            page.body
        );
    }
    let rules = database
        .text("select string_agg(rule, '|') from elt.rule_status where violation_count > 0");
    for rule in rules.split('|') {
        assert!(
            page.body.contains(&format!("/explore/quality.{rule}\"")),
            "{rule}"
        );
        site.get(&format!("/explore/quality.{rule}"), &cookie)
            .is(200);
    }
}

#[test]
fn every_table_and_view_has_a_page_and_files() {
    let database = loaded();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let names = database
        .text("select string_agg(schema_name || '.' || relation_name, ' ') from elt.relation");
    assert!(names.split(' ').count() > 60, "{names}");
    for name in names.split(' ') {
        let path = format!("/explore/{name}");
        site.get(&path, &cookie).is(200).says("rows");
        let json = site.get(&format!("{path}/rows.json"), &cookie).is(200);
        let rows: Result<Vec<serde_json::Value>, _> = serde_json::from_str(&json.body);
        let rows = rows.unwrap_or_else(|error| panic!("{name}: {error}: {json:?}"));
        let count = database.number(&format!("select count(*) from {name}"));
        assert_eq!(rows.len() as i64, count, "{name}");
    }
}

#[test]
fn rows_are_sorted_filtered_searched_and_paged_and_the_file_is_the_same() {
    let database = loaded();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let asked =
        "f.is_epion.is=true&f.appointment_date.gte=2021-01-15&q=CLOSED&sort=-emr_appointment_id";
    let path = "/explore/public.valid_appointments";
    let condition = "is_epion and appointment_date >= '2021-01-15' and valid_appointments::text ilike '%closed%'";
    let count = database.number(&format!(
        "select count(*) from public.valid_appointments where {condition}"
    ));
    assert!(count > 50, "more than a page: {count}");
    let shown = if count < 1000 {
        count.to_string()
    } else {
        format!("{},{:03}", count / 1000, count % 1000)
    };
    let page = site.get(&format!("{path}?{asked}"), &cookie).is(200);
    let page = page.says(&format!("{shown} rows, 1 to 50 shown"));
    assert_eq!(page.body.matches("<tr>").count(), 51);
    let second = site.get(&format!("{path}?{asked}&page=2"), &cookie).is(200);
    second.says("rel=\"prev\"").says(", 51 to ");
    let file = site
        .get(&format!("{path}/rows.csv?{asked}"), &cookie)
        .is(200);
    let mut expected = String::new();
    let copy = format!(
        "copy (select * from public.valid_appointments where {condition} \
         order by emr_appointment_id desc nulls last, emr_practice_id) to stdout (format csv, header)"
    );
    use std::io::Read;
    let mut client = database.connect();
    client
        .copy_out(&copy)
        .unwrap()
        .read_to_string(&mut expected)
        .unwrap();
    let expected = expected.replace(",t,", ",true,").replace(",f,", ",false,");
    assert!(file.body == expected, "{}\n{}", file.body, expected);
    // The form that adds a filter is redirected.
    let one_more = format!("{path}?f.is_epion.is=true&column=emr_practice_id&op=gte&value=2");
    let answer = site.get(&one_more, &cookie).is(303);
    answer.leads_to(&format!(
        "{path}?f.is_epion.is=true&f.emr_practice_id.gte=2"
    ));
}

#[test]
fn a_row_is_followed_to_its_file_and_line() {
    let database = loaded();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site
        .get("/explore/public.valid_appointments", &cookie)
        .is(200);
    let link = page
        .body
        .split("<a href=\"")
        .find(|part| part.contains(">source rows<"));
    let link = link.unwrap().split('"').next().unwrap();
    // The address as a browser decodes it.
    let link = link.replace("&#38;", "&").replace("&amp;", "&");
    assert!(
        link.starts_with("/explore/core.appointments?f.emr_practice_id.is="),
        "{link}"
    );
    let from = site.get(&link, &cookie).is(200).says("1 row, 1 to 1 shown");
    from.says("lab1_appointments.csv, line ");
    let lineage = site.get("/lineage", &cookie).is(200);
    for name in [
        "staging.appointments",
        "core.incoming_appointments",
        "export.valid_appts",
    ] {
        assert!(lineage.body.contains(name), "{name}");
    }
    let page = site
        .get("/explore/public.valid_appointments", &cookie)
        .is(200);
    page.says("Reads <a href=\"/explore/core.appointments\">")
        .says("export.valid_appts");
}
