//! Unknown names and values.

use super::{check, row};
use crate::support::{Database, Elt, Folder};

#[test]
fn an_unknown_name_is_answered_with_the_known_names() {
    let (database, folder) = (Database::new(), Folder::new());
    database.elt().args(["load", "offices"]).run().ok();
    let file = folder.write("some.json", "[]");
    let elt = |line: &str| database.elt().args(line.split(' '));
    let sources = "The sources are: appointments, office_settings, offices, practices";
    let (no_patients, no_office) = ("no source \"patients\"", "no source \"office\"");
    check(&[
        row(2, [no_patients, "", "", sources], || elt("load patients")),
        row(2, [no_office, "", "", "Did you mean \"offices\"?"], || {
            elt("load offices office")
        }),
        row(2, [no_patients, "", "", sources], || elt("run patients")),
        row(2, [no_patients, "", "", sources], || {
            elt("rejects patients")
        }),
        row(2, [no_patients, "", "", sources], || elt("loads patients")),
        row(2, [no_patients, "", "", sources], || {
            elt("rollback patients")
        }),
        row(2, [no_patients, "", "", sources], || {
            elt("load patients --replay").args([&file])
        }),
        row(
            2,
            [
                "no export \"valid\"",
                "",
                "",
                "Did you mean \"valid_appts\"?",
            ],
            || elt("export valid"),
        ),
        row(
            2,
            [
                "no export \"everything\"",
                "",
                "",
                "The exports are: epion_appts, epion_utilization, rest_appointments, valid_appts",
            ],
            || elt("export everything"),
        ),
        row(
            2,
            [
                "no rule \"appointments_without_dat\"",
                "",
                "",
                "Did you mean \"appointments_without_date\"?",
            ],
            || elt("check appointments_without_dat"),
        ),
        row(
            2,
            [
                "no rule \"x\"",
                "",
                "",
                "The rules are: appointment_keys_twice, ",
            ],
            || elt("check x"),
        ),
        row(
            2,
            [
                "no view \"public.valid_appointment\"",
                "",
                "",
                "Did you mean \"public.valid_appointments\"?",
            ],
            || elt("views show public.valid_appointment"),
        ),
        row(
            2,
            ["has no version 9", "valid_appointments", "", "elt views"],
            || elt("views show valid_appointments --version 9"),
        ),
        row(2, ["no load 77", "", "", "elt loads"], || elt("rejects 77")),
        row(2, ["no load 77", "", "", "elt loads"], || elt("loads 77")),
        row(2, ["no load 77", "", "", "elt loads"], || {
            elt("rollback offices --to 77")
        }),
        row(2, ["no load 77", "", "", "elt loads"], || {
            elt("purge load 77")
        }),
        row(2, ["no job 77", "", "", "elt jobs"], || elt("jobs show 77")),
        row(2, ["no job 77", "", "", "elt jobs"], || {
            elt("jobs cancel 77")
        }),
        row(2, ["no job 77", "", "", "elt jobs"], || {
            elt("jobs retry 77")
        }),
    ]);
}

#[test]
fn conflicting_flags_are_reported_with_the_possible_ones() {
    let (database, folder) = (Database::new(), Folder::new());
    database
        .elt()
        .args(["load", "offices", "practices"])
        .run()
        .ok();
    let file = folder.write("corrected.json", "[]");
    let elt = |line: &str| database.elt().args(line.split(' '));
    let stdin = [
        "--data - needs the name of one file source",
        "",
        "",
        "elt load SOURCE --data -",
    ];
    let stdout = [
        "--out - needs the name of one export",
        "",
        "",
        "elt export NAME --out -",
    ];
    let replay = [
        "--replay needs the name of one source",
        "",
        "",
        "elt load SOURCE --replay FILE",
    ];
    let none_open = [
        "source \"offices\" has no open rejects",
        "",
        "live load",
        "elt rejects",
    ];
    check(&[
        row(2, stdin, || elt("load --data -")),
        row(2, stdin, || elt("load offices practices --data -")),
        row(2, stdin, || elt("load rest_appointments --data -")),
        row(2, stdout, || elt("export --out -")),
        row(2, stdout, || elt("export valid_appts epion_appts --out -")),
        row(2, replay, || elt("load --replay").args([&file])),
        row(2, replay, || {
            elt("load offices practices --replay").args([&file])
        }),
        row(2, none_open, || elt("load offices --replay").args([&file])),
        row(
            2,
            [
                "source \"appointments\" has no open rejects",
                "",
                "",
                "elt status",
            ],
            || elt("load appointments --replay").args([&file]),
        ),
        row(
            1,
            [
                "source \"offices\" has no open rejects",
                "",
                "No file was written",
                "elt loads",
            ],
            || elt("rejects offices --out x.json"),
        ),
        row(
            1,
            [
                "load 2 has no open rejects",
                "",
                "No file was written",
                "elt loads",
            ],
            || elt("rejects 2 --out x.json"),
        ),
        row(
            1,
            [
                "source \"offices\" has no earlier load",
                "",
                "Load 1 is live",
                "elt load",
            ],
            || elt("rollback offices"),
        ),
        row(
            1,
            [
                "source \"appointments\" was never loaded",
                "",
                "",
                "elt load appointments",
            ],
            || elt("rollback appointments"),
        ),
        row(
            1,
            [
                "export \"valid_appts\" has no data",
                "",
                "none of its sources was ever loaded",
                "elt load appointments",
            ],
            || elt("export valid_appts"),
        ),
        row(
            2,
            [
                "address of source \"rest_appointments\" is not known",
                "",
                "",
                "Set ELT_REST_APPOINTMENTS_URL",
            ],
            || elt("load rest_appointments"),
        ),
        row(
            2,
            [
                "no terminal to prompt for the password",
                "",
                "",
                "--password-stdin",
            ],
            || elt("user add someone --role viewer"),
        ),
        row(
            2,
            [
                "an external server is named",
                "",
                "elt db start",
                "Unset it",
            ],
            || elt("db start"),
        ),
    ]);
    let plan = database.elt().args(["migrate", "--sql", "--json"]).run();
    plan.exits_with(2)
        .says(&["--sql prints SQL", "hint: Omit one of the two"]);
    let export = ["export", "valid_appts", "--out", "-", "--json"];
    let export = database.elt().args(export).run().exits_with(2);
    export.says(&["cannot be used with --json", "hint: Omit --json"]);
}

/// clap's messages have their own format, and are printed before --json is read.
#[test]
fn an_unreadable_command_line_is_answered_with_a_correct_one() {
    for (line, texts) in [
        ("lode", ["'lode'", "'load'"]),
        ("load --dta x", ["'--dta'", "'--data'"]),
        ("jobs lst", ["'lst'", "'list'"]),
        ("load --max-rejects 5%%", ["--max-rejects", "such as 0.5%"]),
        ("load --max-rejects 101%", ["101%", "such as 0.5%"]),
        ("load --max-rejects=-1", ["-1", "number of rows"]),
        ("load --requests 0", ["--requests", "from 1 to 64"]),
        ("export --format xml", ["xml", "csv, ndjson"]),
        ("check --limit x", ["--limit", "a number, 0 or more"]),
        ("serve --bind 127.0.0.1:x", ["--bind", "127.0.0.1:8000"]),
        ("purge key id", ["id", "customer_id=7"]),
        (
            "user add x --role boss",
            ["boss", "viewer, operator, admin"],
        ),
        ("completions nosh", ["nosh", "bash"]),
        ("rollback", ["<SOURCE>", "Usage: elt rollback"]),
        ("diff", ["[SOURCE|NUMBER]", "Usage: elt diff"]),
        (
            "rejects --out x.csv",
            ["<SOURCE|LOAD>", "Usage: elt rejects"],
        ),
        ("status -q -v", ["--quiet", "--verbose"]),
    ] {
        let outcome = Elt::bare().args(line.split(' ')).run().exits_with(2);
        let outcome = outcome.says(&["error: "]).says(&texts);
        assert_eq!(outcome.stdout, "", "{line}");
    }
}
