//! `elt docs`: the text of the pages, valid links, and no markup from the database.

use crate::support::{Database, Folder};
use std::collections::BTreeSet;

const PAGES: [&str; 2] = ["index", "engine"];

fn written(database: &Database) -> Folder {
    let out = Folder::new();
    let outcome = database
        .elt()
        .args(["docs"])
        .path("--out", out.path())
        .run()
        .ok();
    assert!(outcome.stdout.contains("index.html"), "{}", outcome.stdout);
    out
}

/// The texts between two others.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> Vec<&'a str> {
    text.split(begin)
        .skip(1)
        .map(|rest| rest.split(end).next().unwrap())
        .collect()
}

#[test]
fn everything_in_the_database_has_its_place_and_every_address_leads_there() {
    let database = Database::new();
    let out = written(&database);
    let mut anchors = BTreeSet::new();
    for page in PAGES {
        let html = out.read(&format!("{page}.html"));
        let ids = between(&html, " id=\"", "\"");
        for id in &ids {
            assert!(anchors.insert(format!("{page}.html#{id}")), "twice: {id}");
        }
        assert!(!html.contains("<script"), "scripts are not needed");
        let markdown = out.read(&format!("{page}.md"));
        for id in between(&markdown, "<a id=\"", "\"") {
            assert!(anchors.insert(format!("{page}.md#{id}")), "twice: {id}");
        }
    }
    for page in PAGES {
        let html = out.read(&format!("{page}.html"));
        let markdown = out.read(&format!("{page}.md"));
        let addresses = between(&html, "href=\"", "\"")
            .into_iter()
            .map(|address| ("html", address));
        let links = between(&markdown, "](", ")")
            .into_iter()
            .filter(|address| address.contains('.'))
            .map(|address| ("md", address));
        for (ending, address) in addresses.chain(links) {
            let whole = match address.strip_prefix('#') {
                Some(anchor) => format!("{page}.{ending}#{anchor}"),
                None => address.to_string(),
            };
            let is_page = out.path().join(&whole).is_file();
            assert!(
                is_page || anchors.contains(&whole),
                "leads nowhere: {whole}"
            );
        }
    }
    let mut client = database.connect();
    let sql = "select format('%s.%s', nspname, relname) from pg_class \
               inner join pg_namespace on pg_namespace.oid = relnamespace \
               where relkind in ('r', 'p', 'v') and not relispartition \
               and nspname in ('public', 'core', 'quality', 'staging', 'elt')";
    let rows = client.query(sql, &[]).unwrap();
    assert!(rows.len() > 80, "{}", rows.len());
    for row in rows {
        let name: String = row.get(0);
        let page = if name.starts_with("elt.") {
            "engine"
        } else {
            "index"
        };
        for ending in ["html", "md"] {
            assert!(
                anchors.contains(&format!("{page}.{ending}#{name}")),
                "{name}"
            );
        }
    }
}

#[test]
fn what_is_known_of_a_view_a_rule_and_a_function_is_said() {
    let database = Database::new();
    let out = written(&database);
    let (html, markdown) = (out.read("index.html"), out.read("index.md"));
    let section = |name: &str| {
        let begin = format!("<h3 id=\"{name}\">");
        between(&html, &begin, "</section>")[0].to_string()
    };
    let view = section("public.epion_utilization");
    for text in [
        "Share of Epion&#39;s appointments among the valid appointments, by month.",
        "<code>utilization_rate</code></th><td class=\"type\">numeric</td><td>valid_epion_appointments divided by total_valid_appointments",
        "Reads: <a href=\"#public.valid_appointments\">public.valid_appointments</a>.",
        "Read by: <a href=\"#export.epion_utilization\">export.epion_utilization</a>.",
        "From sources: appointments, office_settings.",
        "Grain: one row per month with a valid appointment: (month).",
    ] {
        assert!(view.contains(text), "lacks {text}:\n{view}");
    }
    let rule = section("quality.appointments_without_id");
    assert!(
        rule.contains("rule, <span class=\"warning\">warning</span>"),
        "{rule}"
    );
    let table = section("public.tasks");
    assert!(
        table.contains("CHECK ((end_time &#62;= start_time))"),
        "{table}"
    );
    assert!(
        table.contains("timestamp with time zone, never null"),
        "{table}"
    );
    let line = "| utilization\\_rate | numeric | valid\\_epion\\_appointments divided by total\\_valid\\_appointments, from 0 to 1, rounded to four places. |";
    assert!(markdown.contains(line), "lacks {line}");
    let engine = out.read("engine.md");
    assert!(
        engine.contains("- Call: elt.enqueue(kind text, args jsonb DEFAULT"),
        "no elt.enqueue"
    );
}

#[test]
fn comments_and_names_are_text_and_the_same_schema_gives_the_same_bytes() {
    let database = Database::new();
    database.run(
        "create table public.\"odd <b>|`name`\" (\"a|b\" text); \
         comment on table public.\"odd <b>|`name`\" is '<script>alert(1)</script> | [x](javascript:x) *y*\n# z';",
    );
    let (out, again) = (written(&database), written(&database));
    for page in PAGES {
        for ending in ["html", "md"] {
            let name = format!("{page}.{ending}");
            assert_eq!(out.read(&name), again.read(&name), "{name}");
        }
    }
    let (html, markdown) = (out.read("index.html"), out.read("index.md"));
    for text in [&html, &markdown] {
        assert!(!text.contains("<script"), "a comment became markup");
        assert!(!text.contains("<b>"), "a name became markup");
    }
    assert!(html.contains("&#60;script&#62;"));
    let said = "table: &lt;script\\>alert(1)&lt;/script\\> \\| \\[x\\](javascript:x) \\*y\\* \\# z";
    assert!(markdown.contains(said), "lacks {said}");
    assert!(markdown.contains("| a\\|b | text |"));
    // Each line of a table has as many bars as its head.
    let broken = markdown
        .lines()
        .filter(|line| line.starts_with("| "))
        .find(|line| {
            let bars = line.replace("\\|", "").matches('|').count();
            bars != 3 && bars != 4
        });
    assert_eq!(broken, None);
}

#[test]
fn a_folder_that_is_a_file_is_said() {
    let (database, folder) = (Database::new(), Folder::new());
    let file = folder.write("file", "");
    let outcome = database.elt().args(["docs"]).path("--out", &file).run();
    outcome.exits_with(1).says(&["it is a file", "--out"]);
    assert_eq!(folder.read("file"), "");
    let outcome = database.elt().args(["docs", "--out", "-"]).run();
    outcome.exits_with(2).says(&["several files", "--out"]);
}

#[test]
fn what_other_people_have_in_public_is_not_described() {
    let database = Database::new();
    database.run(
        "create role docs_stranger; grant create on schema public to docs_stranger; set role docs_stranger; \
         create table public.strange (id bigint); create view public.strange_view as select * from public.strange; \
         create function public.strange_function() returns bigint return 1; \
         reset role; create table public.ours (id bigint); create function public.our_function() returns bigint return 1",
    );
    let out = written(&database);
    let (html, markdown) = (out.read("index.html"), out.read("index.md"));
    let help = database.text("select string_agg(name, ' ') from elt.help");
    for text in [&html, &markdown, &help] {
        assert!(!text.contains("strange"), "{text}");
        assert!(text.contains("public.ours"), "{text}");
        assert!(text.contains("public.epion_offices"), "{text}");
    }
    assert!(html.contains("public.our_function"));
    // Whose they are is not asked of what is known to be ours.
    database.run(
        "alter view public.epion_utilization owner to docs_stranger; alter table public.tasks owner to docs_stranger",
    );
    let again = written(&database);
    assert_eq!(again.read("index.html"), html);
    database.run("drop owned by docs_stranger cascade; drop role docs_stranger");
}
