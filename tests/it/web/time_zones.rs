//! The time zone of each account: on pages, in filters, files and charts, and in the API.

use super::{Answer, Site, add_user};
use crate::support::{Database, Folder};
use std::collections::{BTreeMap, BTreeSet};

/// Two events, and a view of the session that reads it. The first event is in February in Kolkata, and in January in
/// Bogota. Both zones have no summer time.
fn events() -> (Database, Site) {
    let database = Database::new();
    database.run(
        "create table public.events (event_id bigint primary key, happened_at timestamptz not null); \
         comment on table public.events is 'Events.'; \
         insert into public.events values (1, '2026-01-31 23:30+00'), (2, '2026-03-01 12:00+00'); \
         create view public.session_state as \
         select pg_backend_pid() as process, current_setting('timezone') as zone; \
         grant select on public.events, public.session_state to elt_web, elt_query",
    );
    let site = Site::start(&database);
    (database, site)
}

const PATH: &str = "/explore/public.events";

/// Signs in, and chooses a time zone on the page of the account.
fn in_zone(site: &Site, database: &Database, name: &str, zone: &str) -> String {
    let cookie = site.signed_in(database, name, "admin");
    let form = format!("do=time-zone&zone={zone}");
    site.post("/account", &cookie, &form).is(303);
    cookie
}

/// The process and the time zone of the session that reads a page.
fn session(site: &Site, cookie: &str) -> (String, String) {
    let rows = site.get("/explore/public.session_state/rows.csv", cookie);
    let rows = rows.is(200);
    let (process, zone) = rows.body.lines().nth(1).unwrap().split_once(',').unwrap();
    (process.into(), zone.into())
}

#[track_caller]
fn lacks(answer: &Answer, text: &str) {
    assert!(!answer.body.contains(text), "has {text}:\n{}", answer.body);
}

#[test]
fn accounts_with_different_zones_share_a_connection() {
    let (database, site) = events();
    let ann = in_zone(&site, &database, "ann", "Asia/Kolkata");
    let bob = in_zone(&site, &database, "bob", "America/Bogota");
    let eve = site.signed_in(&database, "eve", "viewer");
    let accounts = [
        (&ann, "Asia/Kolkata", "2026-02-01 05:00:00+05:30"),
        (&bob, "America/Bogota", "2026-01-31 18:30:00-05"),
        (&eve, "UTC", "2026-01-31 23:30:00+00"),
    ];
    // The order changes, so that no account always gets the same session of the pool.
    let mut zones: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for place in [0, 1, 2, 0, 2, 1, 1, 0, 2, 2, 0, 1] {
        let (cookie, zone, _) = accounts[place];
        let (process, found) = session(&site, cookie);
        assert_eq!(found, zone);
        zones.entry(process).or_default().insert(found);
    }
    let is_shared = zones.values().any(|zones| zones.len() > 1);
    assert!(is_shared, "{zones:?}");

    for _ in 0..2 {
        for (cookie, _, time) in accounts {
            // JSON writes offsets with their minutes.
            let iso = time.replace(' ', "T");
            let iso = match iso.len() {
                22 => format!("{iso}:00"),
                _ => iso,
            };
            let files = [("rows.csv", time), ("rows.json", iso.as_str())];
            for (file, time) in files {
                let file = site.get(&format!("{PATH}/{file}"), cookie);
                file.is(200).says(time);
            }
            site.get(PATH, cookie).is(200).says(time);
            site.get("/api/events/?format=json", cookie)
                .is(200)
                .says(&iso);
            site.query(cookie, "select happened_at from public.events")
                .is(200)
                .says(time);
        }
    }
}

#[test]
fn a_day_of_a_filter_is_one_of_the_account() {
    let (database, site) = events();
    let ann = in_zone(&site, &database, "ann", "Asia/Kolkata");
    let bob = in_zone(&site, &database, "bob", "America/Bogota");
    database.run(
        "select elt.enqueue('prune', '{}'); \
         update elt.job set created_at = '2026-01-31 23:30+00'; \
         insert into elt.audit (happened_at, action, about) values ('2026-01-31 23:30+00', 'test.zone', 'here')",
    );
    database.load(&Folder::with_data()).ok();
    database.run("update elt.load set started_at = '2026-01-31 23:30+00'");
    for (cookie, is_february) in [(&ann, true), (&bob, false)] {
        let february = [
            (
                format!("{PATH}/rows.csv?f.happened_at.gte=2026-02-01&f.happened_at.lt=2026-02-02"),
                "\n1,",
            ),
            (
                "/jobs?since=2026-02-01&until=2026-02-01".into(),
                "/jobs/1\"",
            ),
            (
                "/audit?action=test.zone&since=2026-02-01&until=2026-02-01".into(),
                "<td class=\"said\">here",
            ),
            (
                "/loads?since=2026-02-01&until=2026-02-01".into(),
                "/loads/1\"",
            ),
            (
                "/api/events/?format=json&happened_at__gte=2026-02-01&happened_at__lt=2026-02-02"
                    .into(),
                "\"event_id\":1",
            ),
        ];
        for (path, shown) in february {
            let page = site.get(&path, cookie).is(200);
            if is_february {
                page.says(shown);
            } else {
                lacks(&page, shown);
            }
            let page = site
                .get(
                    &path.replace("02-01", "01-31").replace("02-02", "02-01"),
                    cookie,
                )
                .is(200);
            if is_february {
                lacks(&page, shown);
            } else {
                page.says(shown);
            }
        }
    }
    // A time in a form too.
    let form = "c.name=lab4&c.start_time=2026-11-22T10:00";
    site.post("/admin/tasks/add", &ann, form).is(303);
    assert_eq!(
        database.text("select (start_time at time zone 'UTC')::text from public.tasks"),
        "2026-11-22 04:30:00"
    );
}

#[test]
fn a_form_is_read_in_the_zone_that_it_was_shown_in() {
    let (database, site) = events();
    let ann = in_zone(&site, &database, "ann", "Asia/Kolkata");
    let field = "name=\"_zone\" value=\"Asia/Kolkata\"";
    site.get("/admin/tasks/add", &ann).is(200).says(field);
    site.get("/jobs/start/prune", &ann).is(200).says(field);
    site.post("/account", &ann, "do=time-zone&zone=America/Bogota")
        .is(303);
    for (zone, time) in [
        ("Asia/Kolkata", "2026-11-22 04:30:00"),
        ("America/Bogota", "2026-11-22 15:00:00"),
        ("Mars/Base", "2026-11-22 15:00:00"),
    ] {
        let form = format!("c.name=lab4&c.start_time=2026-11-22T10:00&_zone={zone}");
        site.post("/admin/tasks/add", &ann, &form).is(303);
        let latest = "select (start_time at time zone 'UTC')::text from public.tasks \
                      order by task_id desc limit 1";
        assert_eq!(database.text(latest), time, "{zone}");
    }
    // So does a form of the API.
    let headers = format!(
        "Cookie: {ann}\r\nOrigin: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n",
        site.origin()
    );
    let page = site.ask("GET", "/api/tasks/", &headers, "");
    let page = page.is(200).says("name=\"_zone\" value=\"America/Bogota\"");
    let id = page.body.split("name=\"_form\" value=\"").nth(2).unwrap();
    let id = id.split('"').next().unwrap();
    let fields = "c.name=lab5&c.start_time=2026-11-22T10:00&c.end_time=&_zone=Asia/Kolkata";
    let form = format!("_form={id}&_method=POST&{fields}");
    site.ask("POST", "/api/tasks/", &headers, &form).is(201);
    assert_eq!(
        database.text(
            "select (start_time at time zone 'UTC')::text from public.tasks where name = 'lab5'"
        ),
        "2026-11-22 04:30:00"
    );
    // A refused form keeps its zone.
    let form = "c.name=&c.start_time=2026-11-22T10:00&_zone=Asia/Kolkata";
    site.post("/admin/tasks/add", &ann, form)
        .is(422)
        .says(field)
        .says("value=\"2026-11-22T10:00:00\"");
}

#[test]
fn shared_results_do_not_mix_zones() {
    let (database, site) = events();
    database.load(&Folder::with_data()).ok();
    database.run(
        "create view public.days as select happened_at as day, event_id from public.events; \
         grant select on public.days to elt_web; \
         insert into elt.chart (chart, kind, title, relation, label_column, value_column, unit) \
         values ('days', 'bars', 'Days', 'public.days', 'day', 'event_id', 'events'); \
         insert into elt.saved_query (saved_query, definition, chart) \
         values ('happened', 'select happened_at, event_id from public.events', 'bars')",
    );
    let ann = in_zone(&site, &database, "ann", "Asia/Kolkata");
    let bob = in_zone(&site, &database, "bob", "America/Bogota");
    for _ in 0..2 {
        for (cookie, own, label, other) in [
            (&ann, " UTC+05:30\"", "2026-02-01 05:00", " UTC-05\""),
            (&bob, " UTC-05\"", "2026-01-31 18:30", " UTC+05:30\""),
        ] {
            let page = site.get("/", cookie).is(200).says(own);
            lacks(&page, other);
            page.says(label);
        }
    }
}

#[test]
fn a_token_has_the_zone_of_its_account() {
    let (database, site) = events();
    add_user(&database, "robot", "viewer");
    let made = database
        .elt()
        .args(["token", "new", "robot", "--name", "test"])
        .run()
        .ok();
    let headers = format!("Authorization: Token {}\r\n", made.stdout.trim());
    let ask = |path: &str| site.ask("GET", path, &headers, "").is(200);
    ask("/api/events/1/").says("2026-01-31T23:30:00+00:00");
    database.run("update elt.account set time_zone = 'america/bogota' where name = 'robot'");
    ask("/api/events/1/").says("2026-01-31T18:30:00-05:00");
    ask("/api/events/?happened_at__gte=2026-02-01").says("\"count\":1");
    ask("/api/events/?happened_at__gte=2026-01-31").says("\"count\":2");
    ask("/api/events/?format=csv").says("2026-01-31 18:30:00-05");
}

#[test]
fn the_zone_is_chosen_on_the_page_of_the_account() {
    let (database, site) = events();
    let ann = site.signed_in(&database, "ann", "viewer");
    let stored = "select coalesce(time_zone, '-') from elt.account where name = 'ann'";
    site.get("/account", &ann)
        .is(200)
        .says("<option value=\"Europe/Berlin\">")
        .says("Empty: UTC, as on the server.");
    site.post("/account", &ann, "do=time-zone&zone=Mars%2F%3Cb%3E")
        .is(422)
        .says("There is no time zone &#34;Mars/&#60;b&#62;&#34;")
        .says("value=\"Mars/&#60;b&#62;\"");
    site.post("/account", &ann, "do=time-zone&zone=%00").is(422);
    assert_eq!(database.text(stored), "-");
    let form = format!("do=time-zone&zone=asia%2Fkolkata&_form={}", "b".repeat(32));
    for _ in 0..2 {
        site.post("/account", &ann, &form).is(303);
    }
    assert_eq!(database.text(stored), "Asia/Kolkata");
    let audit = "select string_agg(account_name || ' ' || about || ' ' || detail::text, '|') from elt.audit \
                 where action = 'account.set_time_zone'";
    assert_eq!(
        database.text(audit),
        "ann ann {\"time_zone\": \"Asia/Kolkata\"}"
    );
    site.get("/account", &ann)
        .is(200)
        .says("value=\"Asia/Kolkata\"");
    site.post("/account", &ann, "do=time-zone&zone=").is(303);
    assert_eq!(database.text(stored), "-");
    assert_eq!(session(&site, &ann).1, "UTC");

    // After a restore on a server that does not know the zone, the account has the zone of the application.
    database.run(
        "alter table elt.account disable trigger account_time_zone_known; \
         update elt.account set time_zone = 'Mars/Base'",
    );
    assert_eq!(session(&site, &ann).1, "UTC");
    site.get("/", &ann).is(200);
}
