//! What helps people to look at data: ranges in words, search, themes and histories.

use super::*;

#[test]
fn ranges_and_lists_are_shown_in_words() {
    let database = Database::new();
    for (value, words) in [
        (
            "daterange('2021-01-04', '2021-03-01')",
            "2021-01-04 to 2021-02-28",
        ),
        ("daterange('2021-01-04', null)", "from 2021-01-04"),
        ("daterange(null, '2021-03-01', '[]')", "until 2021-03-01"),
        ("daterange('2021-03-01', '2021-03-01', '[]')", "2021-03-01"),
        (
            "daterange('2021-03-01', 'infinity')",
            "2021-03-01 until before infinity",
        ),
        ("'empty'::daterange", "empty"),
        ("'(,)'::int4range", "always"),
        ("int8range(1, 5)", "1 to 4"),
        ("numrange(1, 5)", "1 until before 5"),
        ("numrange(1, 5, '(]')", "after 1 to 5"),
        ("numrange(1, null, '()')", "after 1"),
        ("numrange(null, 5)", "before 5"),
    ] {
        let found = database.text(&format!("select elt.range_words({value})"));
        assert_eq!(found, words, "{value}");
    }
    database.run(
        "create view public.terms as select '{[2021-01-04,2021-02-01),[2021-03-01,)}'::datemultirange as days, \
         '{}'::datemultirange as none, array['a', null, 'b'] as names, '{}'::int[] as ids, null::daterange as unknown; \
         grant select on public.terms to elt_web",
    );
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    site.get("/explore/public.terms", &cookie)
        .is(200)
        .says("<td>2021-01-04 to 2021-01-31; from 2021-03-01</td><td>empty</td><td>a, –, b</td><td>empty list</td>");
    let csv = site.get("/explore/public.terms/rows.csv", &cookie).is(200);
    csv.says("\"{[2021-01-04,2021-02-01),[2021-03-01,)}\",{}");
}

#[test]
fn the_list_of_tables_is_searched_and_internal_schemas_are_collapsed() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    site.get("/explore", &cookie)
        .is(200)
        .says("<details class=\"section\" id=\"public\" open>")
        .says("<details class=\"section\" id=\"elt\">");
    let found = site.get("/explore?q=live+LOADS", &cookie).is(200);
    let found = found
        .says("<details class=\"section\" id=\"elt\" open>")
        .says("elt.retained_load")
        .says("value=\"live LOADS\"");
    assert!(!found.body.contains("elt.source<"), "{}", found.body);
    site.get("/explore?q=zebra", &cookie)
        .is(200)
        .says("No table or view has these words");
}

#[test]
fn a_browser_keeps_its_theme() {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    site.get("/jobs", &cookie).says("data-theme=\"system\"");
    let chosen = site.post("/theme", &cookie, "theme=dark").is(303);
    chosen.leads_to("/");
    let both = format!("{cookie}; elt_theme=dark");
    site.get("/jobs", &both)
        .says("data-theme=\"dark\"")
        .says("value=\"dark\" aria-pressed=\"true\"")
        .says("name=\"color-scheme\" content=\"dark\"");
    let odd = format!("{cookie}; elt_theme=\"><script>");
    site.get("/jobs", &odd).says("data-theme=\"system\"");
}

#[test]
fn a_history_shows_what_was_changed_together() {
    let database = Database::new();
    database.run(
        "insert into public.tasks (name, start_time) values ('one', '2026-11-22'), ('two', '2026-11-22')",
    );
    database.run("update public.tasks set name = 'three' where name = 'two'");
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let page = site.get("/admin", &cookie).is(200);
    page.says("<td rowspan=\"2\">").says("2 rows together");
    let page = site.get("/admin/tasks/history?task_id=1", &cookie).is(200);
    let link = page.body.split("/explore/elt.change?f.transaction_id.is=");
    let transaction = link.last().unwrap().split('"').next().unwrap();
    site.get(
        &format!("/explore/elt.change?f.transaction_id.is={transaction}"),
        &cookie,
    )
    .is(200)
    .says("2 rows");
}

#[test]
fn the_department_of_an_appointment_leads_to_the_reason() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    let list = "/explore/public.valid_appointments?f.is_epion.is=false&f.emr_department_id.filled=";
    let page = site.get(list, &cookie).is(200);
    let link = "/explore/public.department_reasons?f.emr_practice_id.is=";
    let (_, rest) = page.body.split_once(link).expect(&page.body);
    let (query, _) = rest.split_once('"').unwrap();
    let found = site.get(&format!("{link}{}", query.replace("&#38;", "&")), &cookie);
    found.is(200).says("1 row");
    // A missing value explains itself.
    let none = "/explore/public.valid_appointments?f.emr_department_id.empty=";
    let page = site.get(none, &cookie).is(200);
    assert!(
        page.body
            .contains("<td class=\"number\"><span class=\"null\">")
    );
    assert!(!page.body.contains(link), "{}", page.body);
}
