//! The page `/sql`: queries of users, their errors, limits, files and addresses.

use super::{Answer, Site, add_user};
use crate::support::{Database, Folder, wait_until};
use std::io::Write;
use std::net::TcpStream;

/// A value in an address.
pub(super) fn encoded(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    bytes.collect()
}

impl Site {
    pub(super) fn query(&self, cookie: &str, sql: &str) -> Answer {
        self.get(&format!("/sql?sql={}", encoded(sql)), cookie)
    }
}

fn place() -> (Database, Site, String) {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "viewer");
    (database, site, cookie)
}

#[test]
fn a_query_shows_its_rows_of_every_type() {
    let (database, site, cookie) = place();
    database.load(&Folder::with_data()).ok();
    database.run("insert into public.tasks (name, start_time) values ('<b>one</b>', '2026-01-01')");
    site.query(&cookie, "select name from public.tasks")
        .is(200)
        .says("&#60;b&#62;one&#60;/b&#62;</td>")
        .says("1 row in");
    let sql = "select 1.50 as a, null as b, '{1,2}'::int[], row(1, 'x'), '{\"a\": 1}'::jsonb, pg_sleep(0), \
               '1 day'::interval, 'x'::bytea, 1 as a -- end\n;";
    site.query(&cookie, sql)
        .is(200)
        .says("<th scope=\"col\" class=\"number\">a</th>")
        .says("<td class=\"number\">1.50</td><td><span class=\"null\">–</span></td><td>{1,2}</td>")
        .says("<td>1 day</td><td>\\x78</td><td class=\"number\">1</td>");
    for sql in [
        "table core.appointments",
        "values (1), (2)",
        "with x as (select * from public.valid_appointments) select count(*) from x",
        "select count(*) from elt.load_status",
    ] {
        site.query(&cookie, sql).is(200).says("class=\"rows\"");
    }
    // Times are in the zone of the pages.
    site.query(&cookie, "show timezone").is(400);
    site.query(&cookie, "select current_setting('timezone')")
        .says("<td>UTC</td>");
    site.get("/sql", &cookie)
        .is(200)
        .says("<textarea id=\"sql\"");
    site.get("/sql?sql=select+1", "")
        .is(303)
        .leads_to("/sign-in?next=/sql%3fsql%3dselect%2b1");
}

#[test]
fn an_error_is_shown_with_its_place_and_keeps_the_query() {
    let (_database, site, cookie) = place();
    site.query(
        &cookie,
        "select 1,\r\n  nothing, '<i>'\r\nfrom public.tasks where name = :n",
    )
    .is(200)
    .says("Enter the values of the parameters");
    site.get(
        &format!(
            "/sql?p.n=x&sql={}",
            encoded("select :n,\r\n  nothing, '<i>'\r\nfrom public.tasks")
        ),
        &cookie,
    )
    .is(400)
    .says("Column &#34;nothing&#34; does not exist.")
    .says("Line 2, column 3.")
    .says("select :n,\n  <mark>nothing</mark>, &#39;&#60;i&#62;&#39;\nfrom")
    .says("nothing, &#39;&#60;i&#62;&#39;\nfrom public.tasks</textarea>");
    site.query(&cookie, "select (1")
        .is(400)
        .says("Syntax error at end of input.")
        .says("<mark>◂</mark>");
    site.query(&cookie, "select 1; select 2")
        .is(400)
        .says("Cannot insert multiple commands into a prepared statement.");
    site.query(&cookie, "delete from public.tasks")
        .is(400)
        .says("A query begins with select, with, values or table.");
    site.query(
        &cookie,
        "select 1 / (select count(*) - count(*) from pg_class)",
    )
    .is(400)
    .says("Division by zero.");
    site.query(&cookie, "select from public.tasks")
        .is(400)
        .says("The query has no columns.");
    site.query(&cookie, &format!("select '{}'", "x".repeat(10_000)))
        .is(400)
        .says("at most 10000 bytes");
}

#[test]
fn parameters_are_values_and_never_sql() {
    let (database, site, cookie) = place();
    database.run("insert into public.tasks (name, start_time) values ('one', now())");
    let sql = encoded("select :a || :b::text as said, :a = ':b' as same");
    let evil = encoded("'); drop table public.tasks; --");
    site.get(&format!("/sql?sql={sql}&p.a={evil}&p.b=2"), &cookie)
        .is(200)
        .says("&#39;); drop table public.tasks; --2</td><td>false</td>");
    // A value of another type is an error of the value.
    let sql = encoded("select :a::bigint + 1");
    site.get(&format!("/sql?sql={sql}&p.a=41"), &cookie)
        .says("<td class=\"number\">42</td>");
    site.get(&format!("/sql?sql={sql}&p.a=x"), &cookie)
        .is(400)
        .says("Invalid input syntax for type bigint: &#34;x&#34;.");
    assert_eq!(database.number("select count(*) from public.tasks"), 1);
}

#[test]
fn files_have_all_rows_and_say_when_they_were_cut() {
    let (_database, site, cookie) = place();
    let path = |format: &str, sql: &str| format!("/sql/rows.{format}?sql={}", encoded(sql));
    let sql = "select n, 'a,\"b' as \"t\"\"\", null as nothing, array[n, null] as list from generate_series(1, 2) as n";
    let csv = site.get(&path("csv", sql), &cookie).is(200);
    assert!(csv.head.contains("filename=\"query.csv\""), "{}", csv.head);
    assert_eq!(
        csv.body,
        "n,\"t\"\"\",nothing,list\n1,\"a,\"\"b\",,\"{1,NULL}\"\n2,\"a,\"\"b\",,\"{2,NULL}\"\n"
    );
    let json = site.get(&path("json", sql), &cookie).is(200);
    let json: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "columns": ["n", "t\"", "nothing", "list"],
            "rows": [[1, "a,\"b", null, [1, null]], [2, "a,\"b", null, [2, null]]],
            "cut": null,
        })
    );
    let many = "select n from generate_series(1, 100001) as n";
    let csv = site.get(&path("csv", many), &cookie).is(200).body;
    let last = "100000\n\"Only the first 100,000 rows are here, because the query has more.\"\n";
    assert!(csv.ends_with(last), "{}", &csv[csv.len() - 200..]);
    assert_eq!(csv.lines().count(), 100_002);
    let json = site.get(&path("json", many), &cookie).is(200).body;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), 100_000);
    assert!(
        json["cut"]
            .as_str()
            .unwrap()
            .starts_with("Only the first 100,000")
    );
    // The page has fewer rows.
    let page = site.query(&cookie, many).is(200);
    let page = page.says("Only the first 500 rows are here, because the query has more.");
    assert_eq!(page.body.matches("<td class=\"number\">").count(), 500);
    site.get(&path("csv", "select nothing"), &cookie)
        .is(400)
        .says("does not exist");
    site.get(&path("csv", "select :a"), &cookie)
        .is(400)
        .says("no value for a parameter");
}

#[test]
fn large_results_are_cut_at_the_server() {
    let (_database, site, cookie) = place();
    // One value of 300 MB: only its beginning reaches the program.
    let page = site
        .query(&cookie, "select repeat('x', 300000000) as a")
        .is(200);
    let letters = page.body.matches('x').count();
    assert!((20_000..21_000).contains(&letters), "{letters}");
    assert!(page.body.contains("x…</td>"));
    let wide = "select repeat('x', 20000) as a from generate_series(1, 500)";
    site.query(&cookie, wide)
        .is(200)
        .says("because the values have more than 1,000,000 bytes.");
    let path = "select repeat('x', 1000000) as a from generate_series(1, 1000)";
    let csv = site.get(&format!("/sql/rows.csv?sql={}", encoded(path)), &cookie);
    let csv = csv.is(200).body;
    assert!(csv.len() < 70_000_000, "{}", csv.len());
    assert!(csv.ends_with("because the values have more than 67,108,864 bytes.\"\n"));
}

#[test]
fn texts_of_errors_are_cut() {
    let (_database, site, cookie) = place();
    for (sql, start) in [
        (
            "select repeat('é', 3000000)::int",
            "Invalid input syntax for type integer: &#34;éé",
        ),
        (
            "select ('{' || repeat('x', 3000000))::json",
            "Token &#34;xx",
        ),
    ] {
        let page = site.query(&cookie, sql).is(400).says(start).says("…");
        assert!(page.body.len() < 20_000, "{}", page.body.len());
    }
    let path = "/sql/rows.csv?sql=select+repeat('x',3000000)::int";
    let file = site.get(path, &cookie).is(400).says("Invalid input");
    assert!(file.body.len() < 20_000, "{}", file.body.len());
}

#[test]
fn a_query_ends_when_the_browser_leaves() {
    let (database, site, cookie) = place();
    let running = "select count(*) from pg_stat_activity where usename = 'elt_query' \
                   and datname = current_database()";
    for path in ["/sql", "/sql/rows.csv"] {
        let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
        let request = format!(
            "GET {path}?sql={} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n",
            encoded("select pg_sleep(600)")
        );
        stream.write_all(request.as_bytes()).unwrap();
        wait_until("the query to run", || {
            database.number(&format!("{running} and wait_event = 'PgSleep'")) == 1
        });
        let since = std::time::Instant::now();
        drop(stream);
        wait_until("the query to be gone", || database.number(running) == 0);
        // The query itself ends after 15 or 60 seconds, and a session that is not cancelled after 5.
        assert!(since.elapsed().as_secs() < 4, "{:?}", since.elapsed());
    }
    // A reader that leaves a download in the middle ends it too.
    let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
    let slow = "select n, repeat('x', 10000), pg_sleep(case when n > 50 then 600 end) from generate_series(1, 100) as n";
    let request = format!(
        "GET /sql/rows.csv?sql={} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n",
        encoded(slow)
    );
    stream.write_all(request.as_bytes()).unwrap();
    wait_until("the query to run", || {
        database.number(&format!("{running} and wait_event = 'PgSleep'")) == 1
    });
    drop(stream);
    wait_until("the query to be gone", || database.number(running) == 0);
}

#[test]
fn a_query_ends_at_its_time_limit_and_its_session_with_it() {
    let (database, site, cookie) = place();
    site.query(&cookie, "select pg_sleep(600)")
        .is(400)
        .says("The query took too long and was stopped.");
    let sessions = "select count(*) from pg_stat_activity where usename = 'elt_query' \
                    and datname = current_database()";
    wait_until("the session to end", || database.number(sessions) == 0);
}

#[test]
fn a_query_that_cannot_be_cancelled_keeps_its_turn() {
    let (database, site, cookie) = place();
    let running = "select count(*) from pg_stat_activity where usename = 'elt_query' \
                   and datname = current_database() and state = 'active'";
    // The server compares each letter with 50,000 others, and looks at no request to cancel meanwhile.
    let slow = "select ltrim(repeat('x', 50000), repeat('y', 50000) || 'x')";
    let request = format!(
        "GET /sql?sql={} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n",
        encoded(slow)
    );
    let mut streams = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        streams.push(stream);
    }
    wait_until("both queries to run", || database.number(running) == 2);
    drop(streams);
    let answer = site.query(&cookie, "select 1");
    assert_eq!(
        database.number(running),
        2,
        "the queries are too short for this test"
    );
    answer
        .is(503)
        .says("Your account runs other queries already.");
    wait_until("both queries to end", || database.number(running) == 0);
    site.query(&cookie, "select 1").is(200);
}

#[test]
fn a_query_writes_few_temporary_files() {
    let (_database, site, cookie) = place();
    site.query(&cookie, "select current_setting('temp_file_limit')")
        .is(200)
        .says("<td>1GB</td>");
}

#[test]
fn each_account_runs_few_queries_at_the_same_time() {
    let (database, site, cookie) = place();
    add_user(&database, "bob", "viewer");
    let bob = site.sign_in_as("bob");
    let running = "select count(*) from pg_stat_activity where usename = 'elt_query' \
                   and datname = current_database() and wait_event = 'PgSleep'";
    let mut streams = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(("127.0.0.1", site.port)).unwrap();
        let request = format!(
            "GET /sql?sql=select+pg_sleep(14) HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        streams.push(stream);
    }
    wait_until("both queries to run", || database.number(running) == 2);
    site.query(&cookie, "select 1")
        .is(503)
        .says("Your account runs other queries already.");
    site.query(&bob, "select 1").is(200);
    drop(streams);
    wait_until("both queries to end", || database.number(running) == 0);
    site.query(&cookie, "select 1").is(200);
}
