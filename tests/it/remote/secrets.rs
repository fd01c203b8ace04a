//! Credentials of a server of files, and that they are nowhere else.

use super::file_server::{FileServer, Reply};
use super::{configure, csv, database, load};
use crate::support::{Database, Folder, Outcome, ProjectCopy, postgres_program, run_to_end};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const TOKEN: &str = "marker-token";

#[track_caller]
fn has_no_secret(database: &Database, outcome: &Outcome) {
    let dump = run_to_end(postgres_program("pg_dump").args(["--dbname", &database.url()]));
    assert!(dump.contains("orders.csv"));
    for text in [&outcome.stdout, &outcome.stderr, &dump] {
        assert!(!text.contains("marker-"), "{text}");
        assert!(
            !text.contains(&BASE64_STANDARD.encode("ann:marker-pass")),
            "{text}"
        );
    }
}

/// A server that wants this header.
fn guarded(name: &'static str, value: String) -> FileServer {
    FileServer::start(move |asked| match asked.header(name) == value {
        true => Reply::file(asked, &csv(30), "v1"),
        false => Reply::new(401, "{\"message\": \"Who are you?\"}"),
    })
}

#[test]
fn a_token_or_a_user_is_sent() {
    let basic = format!("Basic {}", BASE64_STANDARD.encode("ann:marker-pass"));
    let bearer = format!("Bearer {TOKEN}");
    let folder = Folder::new();
    let file = folder.write("token", format!("{TOKEN}\n"));
    let cases: [(&str, &[(&str, &str)]); 3] = [
        (&bearer, &[("TOKEN", TOKEN)]),
        (&bearer, &[("TOKEN_FILE", file.to_str().unwrap())]),
        (&basic, &[("USERNAME", "ann"), ("PASSWORD", "marker-pass")]),
    ];
    for (header, variables) in cases {
        let server = guarded("authorization", header.to_string());
        let database = database(&server.at("/orders.csv"));
        let with = |variables: &[(&str, &str)]| {
            variables
                .iter()
                .fold(load(&database).args(["-v"]), |load, (name, value)| {
                    load.env(&format!("ELT_APPOINTMENTS_{name}"), value)
                })
        };
        let outcome = with(variables).run().ok();
        has_no_secret(&database, &outcome);
        let outcome = with(&[]).args(["--force"]).run().exits_with(1);
        outcome.says(&["401 Unauthorized: Who are you?", "ELT_APPOINTMENTS_TOKEN"]);
        let outcome = with(&[("TOKEN", "marker-wrong")])
            .args(["--force"])
            .run()
            .exits_with(1);
        has_no_secret(&database, &outcome);
    }
}

#[test]
fn a_row_of_rest_source_says_how_a_token_is_sent() {
    for (header, columns, values) in [
        ("x-key", "token_header, token_prefix", "'X-Key', ''"),
        ("authorization", "token_prefix", "'token'"),
    ] {
        let value = if header == "x-key" {
            TOKEN.into()
        } else {
            format!("token {TOKEN}")
        };
        let server = guarded(header, value);
        let database = database(&server.at("/orders.csv"));
        configure(&database, columns, values);
        let outcome = load(&database)
            .env("ELT_APPOINTMENTS_TOKEN", TOKEN)
            .run()
            .ok();
        has_no_secret(&database, &outcome);
    }
    let server = FileServer::start(|asked| match asked.target.as_str() {
        "/orders.csv?a=b&api_key=marker-token" => Reply::file(asked, &csv(30), "v1"),
        _ => Reply::new(403, "{\"message\": \"No marker-token\"}"),
    });
    let database = database(&server.at("/orders.csv?a=b"));
    configure(&database, "token_parameter", "'api_key'");
    let outcome = load(&database)
        .env("ELT_APPOINTMENTS_TOKEN", TOKEN)
        .run()
        .ok();
    has_no_secret(&database, &outcome);
}

#[test]
fn signing_in_returns_a_token_that_is_renewed() {
    let server = FileServer::start(|asked| match (asked.target.as_str(), asked.before) {
        ("/login", before) => Reply::new(200, format!("{{\"token\": \"marker-{before}\"}}")),
        // It expired.
        (_, 1) => Reply::new(401, ""),
        _ if asked.header("authorization") == "Bearer marker-2" => {
            Reply::file(asked, &csv(30), "v1")
        }
        _ => Reply::new(403, ""),
    });
    let database = database(&server.at("/a/orders.csv"));
    configure(&database, "sign_in_path", "'/login'");
    let load = load(&database).env("ELT_APPOINTMENTS_USERNAME", "marker-user");
    let outcome = load
        .env("ELT_APPOINTMENTS_PASSWORD", "marker-pass")
        .run()
        .ok();
    has_no_secret(&database, &outcome);
    let targets: Vec<String> = server
        .asked()
        .into_iter()
        .map(|asked| asked.target)
        .collect();
    assert_eq!(
        targets,
        ["/login", "/a/orders.csv", "/login", "/a/orders.csv"]
    );
}

#[test]
fn a_server_that_repeats_a_secret_shows_and_stores_none() {
    let server = FileServer::start(|asked| match asked.before {
        0 => Reply::new(200, csv(30)).with("etag", "\"marker-token\""),
        1 => Reply::redirect("ftp://marker-token.example.org/"),
        _ => Reply::new(403, "{\"message\": \"No marker-token\"}"),
    });
    let database = database(&server.at("/orders.csv"));
    let load = || load(&database).env("ELT_APPOINTMENTS_TOKEN", TOKEN);
    let outcome = load().run().ok();
    has_no_secret(&database, &outcome);
    for _ in 0..2 {
        let outcome = load().args(["--force"]).run().exits_with(1);
        has_no_secret(&database, &outcome);
    }
}

#[test]
fn an_address_has_neither_secrets_nor_users() {
    let database = Database::new();
    let mut client = database.connect();
    for (file, constraint) in [
        (
            "https://ann:marker@host/a.csv",
            "source_file_is_a_path_or_address",
        ),
        ("https://ann@host/a.csv", "source_file_is_a_path_or_address"),
        (
            "https://host/a.csv#part",
            "source_file_is_a_path_or_address",
        ),
        ("https://host/a b.csv", "source_file_is_a_path_or_address"),
        ("https:///a.csv", "source_file_is_a_path_or_address"),
        ("ftp://host/a.csv", "source_file_is_a_path_or_address"),
        ("../a.csv", "source_file_is_a_path_or_address"),
        (
            "https://host/a.csv?x=1&api_key=marker",
            "source_file_has_no_secret",
        ),
        (
            "https://host/a.csv?X-Amz-Signature=marker",
            "source_file_has_no_secret",
        ),
        ("https://host/a.csv?sig=marker", "source_file_has_no_secret"),
    ] {
        let sql = "update elt.source set file = $1 where source = 'appointments'";
        let error = client.execute(sql, &[&file]).unwrap_err();
        let found = error.as_db_error().and_then(|error| error.constraint());
        assert_eq!(found, Some(constraint), "{file}");
    }
    for file in [
        "https://host/a.csv",
        "http://127.0.0.1:8000/a@b/c.csv.gz?design=1&day=2026-11-30",
        "https://host",
        "a.csv?key=1",
    ] {
        let sql = "update elt.source set file = $1 where source = 'appointments'";
        assert_eq!(client.execute(sql, &[&file]).unwrap(), 1, "{file}");
    }
}

#[test]
fn a_migration_with_an_address_that_is_refused_says_what_to_do() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    for (name, file, says) in [
        (
            "name_a_token",
            "https://host/a.csv?page_token=1",
            "hint: A parameter of the address is named like a secret: leave it out, set ELT_<SOURCE>_TOKEN",
        ),
        (
            "name_another_folder",
            "../a.csv",
            "hint: elt.source.file is a file or a pattern in the data folder",
        ),
    ] {
        let text =
            format!("update elt.source set file = '{file}' where source = 'appointments';\n");
        let migration = project.add_migration(0, name, &text);
        let migrate = database.elt_with(project.path(), &["migrate"]).run();
        migrate
            .exits_with(1)
            .says(&["violates check constraint", says]);
        project.remove(&format!("migrations/{migration}"));
    }
}
