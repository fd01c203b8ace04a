//! `/metrics`, parsed strictly by the format and compared with the database.

use super::{Site, add_user};
use crate::support::{Database, Folder};
use std::collections::{BTreeMap, BTreeSet};

/// Name, labels in order, and value.
type Samples = BTreeMap<(String, Vec<(String, String)>), f64>;

/// Parses Prometheus' text format 0.0.4. Panics on invalid lines, on duplicate samples, and if the samples of a
/// metric do not all follow its HELP and TYPE.
fn parse(text: &str) -> Samples {
    assert!(text.ends_with('\n'), "the last line has an end");
    let (mut samples, mut seen, mut current) = (Samples::new(), BTreeSet::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (metric, description) = help.split_once(' ').unwrap();
            assert!(is_name(metric) && !description.is_empty(), "{line}");
            assert!(seen.insert(metric.to_string()), "twice: {metric}");
            let kind = lines.next().unwrap();
            assert_eq!(kind, format!("# TYPE {metric} gauge"));
            current = metric.to_string();
            continue;
        }
        let (metric, labels, value) = sample(line);
        assert_eq!(metric, current, "it stands with its own: {line}");
        let value: f64 = value.parse().unwrap();
        assert!(
            samples.insert((metric, labels), value).is_none(),
            "twice: {line}"
        );
    }
    samples
}

/// `name{label="value",...} 1.5`.
fn sample(line: &str) -> (String, Vec<(String, String)>, String) {
    let end = line.find(['{', ' ']).unwrap();
    let (metric, mut rest) = line.split_at(end);
    assert!(is_name(metric), "{line}");
    let mut labels = Vec::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (name, after) = rest.split_once("=\"").unwrap();
            assert!(is_name(name) && !name.contains(':'), "{line}");
            let (value, after) = label_value(after);
            labels.push((name.to_string(), value));
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => {
                    rest = after.strip_prefix('}').unwrap();
                    break;
                }
            }
        }
    }
    let value = rest.strip_prefix(' ').unwrap();
    assert!(!value.contains(' '), "{line}");
    (metric.into(), labels, value.into())
}

/// Splits at the closing quote.
fn label_value(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((place, each)) = characters.next() {
        match each {
            '"' => return (value, &text[place + 1..]),
            '\\' => value.push(match characters.next().unwrap().1 {
                'n' => '\n',
                escaped @ ('\\' | '"') => escaped,
                other => panic!("no escape: \\{other}"),
            }),
            _ => value.push(each),
        }
    }
    panic!("no end: {text}")
}

fn is_name(name: &str) -> bool {
    let is_first = |each: char| each.is_ascii_alphabetic() || each == '_' || each == ':';
    name.starts_with(is_first)
        && name
            .chars()
            .all(|each| is_first(each) || each.is_ascii_digit())
}

fn token(database: &Database, name: &str) -> String {
    let outcome = database
        .elt()
        .args(["token", "new", name, "--name", "prometheus", "--json"])
        .run()
        .ok();
    outcome.json()["token"].as_str().unwrap().to_string()
}

#[test]
fn metrics_match_the_database() {
    let (database, data) = (Database::new(), Folder::with_data());
    let load = || database.elt().args(["load"]).path("--data", data.path());
    load().run().ok();
    data.write("practices.json", "no json");
    load().run().exits_with(1);
    database.run(
        "insert into elt.source (source, format, file, description) values ('never', 'csv', 'never.csv', 'x');
         select elt.enqueue('prune'), elt.enqueue('prune', run_at => now() + interval '1 day');
         select elt.enqueue('prune', queue => 'other', run_at => now() - interval '1 hour');
         select elt.start_worker('here', 1, 'test', '{default}', 3, false);
         update elt.schedule set error = 'no such zone', next_run_at = now() - interval '2 hours'",
    );
    add_user(&database, "ann", "viewer");
    let site = Site::start(&database);
    let ask = |scheme: &str| {
        let headers = format!("Authorization: {scheme} {}\r\n", token(&database, "ann"));
        site.ask("GET", "/metrics", &headers, "").is(200)
    };
    // Prometheus sends `Bearer`, clients of the API send `Token`.
    ask("Token");
    let answer = ask("Bearer");
    let kind = "content-type: text/plain; version=0.0.4; charset=utf-8\r\n";
    assert!(answer.head.contains(kind), "{}", answer.head);
    let samples = parse(&answer.body);
    let value = |metric: &str, labels: &[(&str, &str)]| {
        let labels = labels
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        let key = (metric.to_string(), labels.collect::<Vec<_>>());
        *samples
            .get(&key)
            .unwrap_or_else(|| panic!("lacks {key:?}:\n{}", answer.body))
    };
    let of = |metric: &str, source: &str| value(metric, &[("source", source)]);
    assert_eq!(
        value("elt_build_info", &[("version", env!("CARGO_PKG_VERSION"))]),
        1.0
    );
    assert_eq!(of("elt_source_rows", "appointments"), 3120.0);
    assert_eq!(of("elt_source_live_loads", "appointments"), 1.0);
    assert_eq!(of("elt_source_live_loads", "never"), 0.0);
    let rejects = database.number("select count(*) from elt.reject inner join elt.load using (load_id) where source = 'appointments'");
    assert_eq!(of("elt_source_rejects", "appointments"), rejects as f64);
    assert_eq!(of("elt_source_failed_loads", "practices"), 1.0);
    assert_eq!(of("elt_source_failed_loads", "offices"), 0.0);
    assert!(of("elt_source_staging_bytes", "appointments") > 8192.0);
    let published = of("elt_source_published_timestamp_seconds", "appointments");
    let age = database.number("select extract(epoch from now())::bigint") as f64 - published;
    assert!((-1.0..600.0).contains(&age), "{age}");
    let failed = [("state", "failed"), ("source", "practices")];
    assert_eq!(value("elt_loads", &failed), 1.0);
    let found = database
        .number("select sum(violation_count)::bigint from elt.rule_status where level = 'warning'");
    let by_level: f64 = samples
        .iter()
        .filter(|((metric, labels), _)| {
            metric == "elt_rule_violations" && labels.contains(&("level".into(), "warning".into()))
        })
        .map(|(_, value)| value)
        .sum();
    assert!(found > 0 && by_level == found as f64, "{by_level} {found}");
    let jobs = |queue: &str, state: &str| value("elt_jobs", &[("queue", queue), ("state", state)]);
    assert_eq!(jobs("default", "waiting"), 1.0);
    assert_eq!(jobs("default", "later"), 1.0);
    assert_eq!(jobs("default", "dead"), 0.0);
    assert_eq!(jobs("other", "waiting"), 1.0);
    let oldest = value("elt_job_oldest_wait_seconds", &[("queue", "other")]);
    assert!((3600.0..4200.0).contains(&oldest), "{oldest}");
    assert_eq!(
        value("elt_job_attempts_last_hour", &[("outcome", "failed")]),
        0.0
    );
    assert_eq!(value("elt_workers_alive", &[]), 1.0);
    assert_eq!(value("elt_worker_slots", &[]), 3.0);
    assert_eq!(value("elt_schedule_failing", &[("schedule", "prune")]), 1.0);
    let overdue = value("elt_schedule_overdue_seconds", &[("schedule", "prune")]);
    assert!((7200.0..7800.0).contains(&overdue), "{overdue}");
    assert!(value("elt_database_bytes", &[]) > 1e6);
}

#[test]
fn metrics_need_a_token_or_a_session() {
    let database = Database::new();
    add_user(&database, "ann", "viewer");
    let site = Site::start(&database);
    site.ask("GET", "/metrics", "", "").is(401);
    site.ask("GET", "/metrics", "Authorization: Bearer elt_0000\r\n", "")
        .is(401);
    // X-Forwarded-For proves nothing.
    site.ask("GET", "/metrics", "X-Forwarded-For: 127.0.0.1\r\n", "")
        .is(401);
    let token = token(&database, "ann");
    let ask = || {
        site.ask(
            "GET",
            "/metrics",
            &format!("Authorization: Bearer {token}\r\n"),
            "",
        )
    };
    ask().is(200);
    // A browser with a session may read the metrics as well. Other methods do not exist.
    let cookie = site.sign_in("ann", super::PASSWORD).cookie();
    site.get("/metrics", &cookie).is(200);
    site.get("/metrics/", &cookie).is(308).leads_to("/metrics");
    site.post("/metrics", &cookie, "").is(405);
    database.elt().args(["user", "disable", "ann"]).run().ok();
    ask().is(401);
}

#[test]
fn the_alerts_that_are_proposed_are_about_metrics_that_are_there() {
    let database = Database::new();
    let known = database.text("select pg_get_viewdef('elt.metric'::regclass)");
    let readme = crate::support::repository().join("src/web/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let section = readme.split("\n## Metrics").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut named = BTreeSet::new();
    for word in section.split(|each: char| !(each.is_ascii_alphanumeric() || each == '_')) {
        if word.starts_with("elt_") && word != "elt_web" {
            named.insert(word);
        }
    }
    assert!(named.len() >= 8, "{named:?}");
    for metric in named {
        let is_known = known.contains(&format!("'{metric}'")) || metric == "elt_build_info";
        assert!(is_known, "src/web/README.md names {metric}");
    }
}
