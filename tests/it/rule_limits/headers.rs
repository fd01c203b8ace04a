//! Headers that `elt migrate` refuses, and relations that a limit counts.

use super::Shop;

#[test]
fn headers_that_cannot_be_read_are_refused_with_their_line() {
    let shop = Shop::new();
    shop.elt("migrate").run().ok();
    let rule = |header: &str| {
        shop.project.write(
            "sql/quality/bad.sql",
            &format!(
                "-- grain:    one row\n{header}\ncreate or replace view quality.bad as\nselect 1 as one;\n"
            ),
        );
    };
    for (header, line, says) in [
        ("-- at most: some", 2, "\"some\" is not a number of rows"),
        ("-- at most: 1%", 2, "\"1%\" does not say of what"),
        (
            "-- at most: 1% of pings",
            2,
            "\"pings\" does not name a schema and a table",
        ),
        (
            "-- at most: 1% of staging.pings",
            2,
            "\"staging.pings\" has the rows of earlier loads too",
        ),
        (
            "-- at most: 3\n-- level: error",
            3,
            "a rule with \"at most\" has no level",
        ),
        (
            "-- at most: 1% of core.ping",
            2,
            "there is no table or view \"core.ping\"",
        ),
    ] {
        rule(header);
        for command in [
            "migrate",
            "migrate --check",
            "migrate --dry-run",
            "migrate --sql",
        ] {
            let refused = shop.elt(command).run().exits_with(2);
            refused.says(&[&format!("bad.sql\", line {line}: {says}"), "hint:"]);
        }
    }
    rule("-- at most: 3\n-- level: error");
    let both = shop.elt("migrate").run().exits_with(2);
    both.says(&[
        "Remove the line -- level: error",
        "or remove the line -- at most:",
    ]);
    rule("-- at most: 1% of core.ping");
    let near = shop.elt("migrate").run().exits_with(2);
    near.says(&["Did you mean \"core.pings\"?"]);
    rule("-- careful:  no level");
    let neither = shop.elt("migrate").run().exits_with(2);
    neither.says(&["bad.sql\" has no level", "-- at most: 20"]);
    shop.project.remove("sql/quality/bad.sql");
    shop.project.write(
        "sql/mart/no_rule.sql",
        "-- grain:    one row\n-- at most: 1\ncreate or replace view public.no_rule as\nselect 1 as one;\n",
    );
    let no_rule = shop.elt("migrate").run().exits_with(2);
    no_rule.says(&["no_rule.sql\", line 2: only a rule has a limit"]);
}

#[test]
fn a_relation_of_the_same_migration_is_known_and_one_that_goes_is_refused() {
    let shop = Shop::new();
    let view = "sql/mart/good_pings.sql";
    shop.project.write(
        view,
        "-- grain:    one row per row\n-- reads:    core.pings\n\
         create or replace view public.good_pings as\nselect pings.bike_id\nfrom core.pings;\n",
    );
    shop.add_rule("pings", "-- at most:  50% of public.good_pings");
    shop.project.remove(view);
    shop.elt("migrate")
        .run()
        .exits_with(2)
        .says(&["bad_pings.sql\", line 2: there is no table or view \"public.good_pings\""]);
    // A table of another application may be dropped later.
    shop.project.write(
        view,
        "-- grain:    one row\ncreate or replace view public.good_pings as\nselect 1 as one;\n",
    );
    shop.database.run("create table public.places (place text)");
    shop.add_rule("pings", "-- at most:  50% of public.places");
    shop.database.run("drop table public.places");
    shop.load("pings", 0, 1).ok();
    shop.load("pings", 1, 1).exits_with(1).says(&[
        "there is no table or view \"public.places\", of which a rule allows \"at most: 50% of public.places\"",
        "Correct the header of the rule",
    ]);
}
