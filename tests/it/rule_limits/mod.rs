//! `at most` in the header of a rule: more violations than the limit refuse a publish, others are a warning.

mod headers;

use crate::support::{Database, Elt, Folder, Outcome, ProjectCopy};

/// The columns of the staging table of each source.
const SOURCES: [(&str, &str, &str); 4] = [
    ("stations", "station_id", "name"),
    ("bikes", "bike_id", "station"),
    ("trips", "trip_id", "bike"),
    ("pings", "bike_id", "place"),
];

/// Latest results of the rules of these tests: rule, level, violations, limit and violations before.
const RESULTS: &str = "select coalesce(string_agg(concat_ws(' ', rule, level, violation_count, coalesce(violation_limit::text, '-'), \
                       coalesce(violations_before::text, '-')), ', ' order by rule), '') from elt.rule_result \
                       where rule ~ '^bad_' and publish_id = (select max(publish_id) from elt.publish)";

struct Shop {
    database: Database,
    project: ProjectCopy,
    data: Folder,
}

impl Shop {
    /// A source of mode replace (stations), two of merge (bikes, trips) and one of append (pings), without rules of
    /// their own.
    fn new() -> Shop {
        let project = ProjectCopy::of("tests/projects/bikes");
        for rule in ["pings_from_nowhere", "rows_nowhere"] {
            project.remove(&format!("sql/quality/{rule}.sql"));
        }
        Shop {
            database: Database::with_engine(),
            project,
            data: Folder::new(),
        }
    }

    /// Adds the rule `bad_SOURCE`: its rows are those whose second column is `bad`.
    fn add_rule(&self, source: &str, header: &str) {
        let (_, key, column) = SOURCES.iter().find(|each| each.0 == source).unwrap();
        self.project.write(
            &format!("sql/quality/bad_{source}.sql"),
            &format!(
                "-- grain:    one row per row\n{header}\n-- reads:    core.incoming_{source}\n\
                 create or replace view quality.bad_{source} as\n\
                 select incoming._load_id, incoming._row, incoming.{key}\nfrom core.incoming_{source} as incoming\n\
                 where incoming.{column} = 'bad';\n\n\
                 comment on view quality.bad_{source} is 'Bad rows.';\n"
            ),
        );
        self.elt("migrate").run().ok();
    }

    fn elt(&self, line: &str) -> Elt {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.database.elt_with(self.project.path(), &args)
    }

    fn write(&self, file: &str, bad: usize, good: usize) {
        let source = file.split('-').next().unwrap();
        let (_, key, column) = SOURCES.iter().find(|each| each.0 == source).unwrap();
        let rows = (0..bad + good).map(|row| {
            let value = if row < bad { "bad" } else { "good" };
            format!("{row},{value}\n")
        });
        let text = format!("{key},{column}\n{}", rows.collect::<String>());
        self.data.write(&format!("{file}.csv"), text);
    }

    /// Loads a file with bad and good rows.
    fn load(&self, source: &str, bad: usize, good: usize) -> Outcome {
        self.write(source, bad, good);
        let elt = self.elt(&format!("load {source} --force --allow-shrink --quiet"));
        elt.path("--data", self.data.path()).run()
    }

    fn results(&self) -> String {
        self.database.text(RESULTS)
    }
}

#[test]
fn a_number_refuses_what_is_above_it_in_every_mode() {
    let shop = Shop::new();
    for (source, _, _) in SOURCES {
        shop.add_rule(source, "-- at most:  2");
    }
    for (source, _, _) in SOURCES {
        shop.load(source, 1, 1).ok();
        shop.load(source, 2, 0).ok();
        assert!(
            shop.results()
                .contains(&format!("bad_{source} warning 2 2 1")),
            "{}",
            shop.results()
        );
        let live = shop.database.text(&format!(
            "select string_agg(to_jsonb(kept)::text, ' ') from core.{source} as kept"
        ));
        shop.load(source, 3, 5)
            .exits_with(3)
            .says(&[&format!("refused by \"bad_{source}\" (3 rows, at most 2)")]);
        // The refused publish records what applied, and nothing else changed.
        let refused = shop.results();
        assert!(
            refused.contains(&format!("bad_{source} error 3 2 2")),
            "{refused}"
        );
        let after = shop.database.text(&format!(
            "select string_agg(to_jsonb(kept)::text, ' ') from core.{source} as kept"
        ));
        assert_eq!(after, live);
        shop.load(source, 0, 3).ok();
    }
}

#[test]
fn a_share_is_of_the_rows_after_the_publish() {
    let shop = Shop::new();
    shop.add_rule("stations", "-- at most:  12.5% of core.stations");
    shop.add_rule("pings", "-- at most:  50% of core.pings");
    // 12.5% of 16 are 2.
    shop.load("stations", 2, 14).ok();
    assert_eq!(
        shop.results(),
        "bad_pings warning 0 - -, bad_stations warning 2 2 -"
    );
    // 12.5% of 15 are less than 2.
    shop.load("stations", 2, 13).exits_with(3).says(&[
        "refused by \"bad_stations\" (2 rows, at most 1 = 12.5% of core.stations)",
        "detail: bad_stations: Bad rows.",
    ]);
    assert_eq!(
        shop.database.text(
            "select at_most from elt.rule_result where level = 'error' and violation_count > 0"
        ),
        "12.5% of core.stations"
    );
    // The table of an append source also has the rows of earlier loads.
    shop.load("pings", 1, 1).ok();
    shop.load("pings", 2, 0).ok();
    shop.load("pings", 4, 0).ok();
    shop.load("pings", 9, 0)
        .exits_with(3)
        .says(&["refused by \"bad_pings\" (9 rows, at most 8 = 50% of core.pings)"]);
}

#[test]
fn a_share_of_before_follows_the_live_publish() {
    let shop = Shop::new();
    shop.add_rule("stations", "-- at most:  150% of before");
    shop.load("stations", 2, 0).ok().says(&["no limit yet"]);
    assert_eq!(shop.results(), "bad_stations warning 2 - -");
    shop.load("stations", 3, 0).ok();
    assert_eq!(shop.results(), "bad_stations warning 3 3 2");
    shop.load("stations", 5, 0)
        .exits_with(3)
        .says(&["\"bad_stations\" (5 rows, at most 4 = 150% of before)"]);
    // A refused publish is not the one before.
    shop.load("stations", 4, 0).ok();
    assert_eq!(shop.results(), "bad_stations warning 4 4 3");
    shop.load("stations", 0, 1).ok();
    shop.load("stations", 1, 1)
        .exits_with(3)
        .says(&["at most 0 = 150% of before"]);
}

#[test]
fn violations_of_all_files_of_a_publish_count() {
    for source in ["pings", "bikes"] {
        let shop = Shop::new();
        shop.add_rule(source, "-- at most:  3");
        shop.database
            .run("update elt.source set file = source || '-*.csv'");
        for day in 1..=4 {
            shop.write(&format!("{source}-{day}"), 1, day);
        }
        let load = || {
            let elt = shop.elt(&format!("load {source}"));
            elt.path("--data", shop.data.path()).run()
        };
        load()
            .exits_with(3)
            .says(&[&format!("\"bad_{source}\" (4 rows, at most 3)")]);
        shop.write(&format!("{source}-2"), 0, 9);
        load().ok();
        assert_eq!(shop.results(), format!("bad_{source} warning 3 3 -"));
    }
}

#[test]
fn a_result_that_is_reused_is_compared_again() {
    let shop = Shop::new();
    shop.add_rule("pings", "-- at most:  20% of core.stations");
    shop.load("stations", 0, 10).ok();
    shop.load("pings", 2, 5).ok();
    // The rule reads only pings, so its result is kept.
    shop.load("stations", 0, 11).ok();
    assert_eq!(shop.results(), "bad_pings warning 2 2 2");
    let kept = "select count(*) from elt.rule_result where rule = 'bad_pings' and run_publish_id is not null";
    assert_eq!(shop.database.number(kept), 1);
    shop.load("stations", 0, 9)
        .exits_with(3)
        .says(&["refused by \"bad_pings\" (2 rows, at most 1 = 20% of core.stations)"]);
    let live = "select count(*) from core.stations";
    assert_eq!(shop.database.number(live), 11);
}

#[test]
fn without_violations_the_relation_is_not_read() {
    let shop = Shop::new();
    shop.project.write(
        "sql/mart/unreadable.sql",
        "-- grain:    one row per row\n-- reads:    core.stations\n\
         create or replace view public.unreadable as\n\
         select stations.station_id\nfrom core.stations\nwhere 1 / (stations._row - stations._row) > 0;\n",
    );
    shop.add_rule("stations", "-- at most:  10% of public.unreadable");
    shop.load("stations", 0, 3).ok();
    shop.load("stations", 1, 3)
        .exits_with(1)
        .says(&["division by zero"]);
}

#[test]
fn check_shows_limit_and_trend() {
    let shop = Shop::new();
    shop.add_rule("pings", "-- at most:  20% of core.stations");
    shop.load("stations", 0, 10).ok();
    shop.load("pings", 1, 5).ok();
    shop.load("pings", 2, 5)
        .ok()
        .says(&["rule \"bad_pings\" has 2 violations, at most 2 = 20% of core.stations: "]);
    let check = shop.elt("check").run().ok();
    assert!(
        check.stdout.contains(
            "        2  warning  bad_pings\n           Bad rows.\n           at most 2 = 20% of core.stations\n           \
             at the latest publishes: 0, 1, 2\n"
        ),
        "{}",
        check.stdout
    );
    let document = shop.elt("check --json").run().ok().json();
    let rules = document["rules"].as_array().unwrap();
    let rule = rules
        .iter()
        .find(|rule| rule["rule"] == "bad_pings")
        .unwrap();
    assert_eq!(
        (
            &rule["level"],
            &rule["at_most"],
            &rule["violation_limit"],
            &rule["violations_before"]
        ),
        (
            &"warning".into(),
            &"20% of core.stations".into(),
            &2.into(),
            &2.into()
        )
    );
    let trend = rule["trend"].as_array().unwrap();
    let counts: Vec<i64> = trend
        .iter()
        .map(|point| point["violation_count"].as_i64().unwrap())
        .collect();
    assert_eq!(counts, [0, 1, 2]);
    let rows = shop.elt("check bad_pings").run().ok();
    assert!(
        rows.stdout
            .starts_with("at most 20% of core.stations: Bad rows.\n"),
        "{}",
        rows.stdout
    );
    // The live data no longer keeps the limit.
    shop.database
        .run("delete from core.stations where station_id > 4");
    shop.elt("check").run().exits_with(3).says(&[
        "violates \"bad_pings\" (2 rows, at most 1 = 20% of core.stations), of level error",
    ]);
}
