//! Input files and output folders with problems.

use super::{check, row};
use crate::support::{Database, Folder, HEADER};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const CSV: &str = "lab1_appointments.csv";

#[test]
fn a_missing_file_is_named_with_its_source() {
    let (database, folder) = (Database::new(), Folder::new());
    let file = folder.write("file", "");
    std::fs::create_dir(folder.path().join("offices.json")).unwrap();
    let pipe = folder.path().join("practices.json");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let missing = folder.path().join("missing");
    let from = |path: &Path, line: &str| database.elt().args(line.split(' ')).path("--data", path);
    let name = "Name the folder with --data";
    let check_name = "Check the spelling";
    check(&[
        row(
            1,
            ["missing\" does not exist", "missing\"", "", "--data"],
            || from(&missing, "load"),
        ),
        row(
            1,
            ["missing\" does not exist", "missing\"", "", "--data"],
            || from(&missing, "run"),
        ),
        row(1, ["file\" is a file", "file\"", "", "--data"], || {
            from(&file, "load")
        }),
        row(
            1,
            ["could not load 4 files", CSV, "does not exist; ", name],
            || from(folder.path(), "load"),
        ),
        row(
            1,
            [
                "file ",
                CSV,
                "of source \"appointments\" does not exist",
                name,
            ],
            || from(folder.path(), "load appointments"),
        ),
        row(
            1,
            [
                "file ",
                "offices.json\"",
                "of source \"offices\" is a folder",
                name,
            ],
            || from(folder.path(), "load offices"),
        ),
        row(
            1,
            ["file ", "practices.json\"", "is not a regular file", name],
            || from(folder.path(), "load practices"),
        ),
        row(
            1,
            ["corrected.csv\" does not exist", "", "", check_name],
            || {
                database
                    .elt()
                    .args(["load", "appointments", "--replay", "corrected.csv"])
            },
        ),
        row(1, ["is a folder", "offices.json\"", "", check_name], || {
            let load = database.elt().args(["load", "appointments"]);
            load.path("--replay", &folder.path().join("offices.json"))
        }),
        row(1, ["missing\" does not exist", "", "", check_name], || {
            let init = database.elt().args(["init", "shop"]);
            init.path("--from", &missing)
        }),
    ]);
}

#[test]
fn a_file_of_the_wrong_format_is_reported_with_the_reason() {
    let (database, folder) = (Database::new(), Folder::new());
    let put = |file: &str, bytes: &[u8]| {
        let name = format!("{}/{file}", crate::support::unique());
        let path = folder.write(&name, bytes);
        path.parent().unwrap().to_path_buf()
    };
    let csv = |text: &str| put(CSV, text.as_bytes());
    let json = |text: &str| put("practices.json", text.as_bytes());
    let from = |path: &Path, source: &str| {
        let load = database.elt().args(["load", source]);
        load.path("--data", path)
    };
    let good = format!("{HEADER}1,1,,,4,,,2023-01-01\n").repeat(200);
    let packed = gzip(good.as_bytes());
    let half = &packed[..packed.len() / 2];
    let (torn, torn_too) = (put(CSV, half), put(&format!("{CSV}.gz"), half));
    let zip = put(CSV, b"PK\x03\x04 and so on");
    let wrong = csv("a,b,c\n1,2,3\n");
    let twice = csv(&format!("{},appointment_date\n", HEADER.trim()));
    let (empty, no_json) = (csv(""), json(""));
    let binary = put(CSV, b"\x89PNG\xff\xfe\x00\x01,\xff\n");
    let prose = json("Dear reader");
    let truncated = json("[{\"epion_practice_id\": 1},\n {\"epion_pra");
    let unread = "could not load file";
    let source = "into source \"appointments\"";
    check(&[
        row(
            1,
            [
                unread,
                CSV,
                "the header lacks columns \"emr_practice_id\"",
                "matched by name",
            ],
            || from(&wrong, "appointments"),
        ),
        row(
            1,
            [
                unread,
                "Found: ",
                "\"appointment_date\" appears twice",
                "Rename one",
            ],
            || from(&twice, "appointments"),
        ),
        row(
            1,
            [
                unread,
                source,
                "the file is empty",
                "The columns are: emr_practice_id",
            ],
            || from(&empty, "appointments"),
        ),
        row(
            1,
            [
                unread,
                source,
                "is not UTF-8",
                "Check that this is a CSV file",
            ],
            || from(&binary, "appointments"),
        ),
        row(
            1,
            [
                unread,
                source,
                "could not unpack the compressed file",
                "unzip -t",
            ],
            || from(&zip, "appointments"),
        ),
        row(
            1,
            [
                unread,
                source,
                "It is truncated or damaged",
                "Fetch it again",
            ],
            || from(&torn, "appointments"),
        ),
        row(
            1,
            [
                unread,
                ".csv.gz\"",
                "It is truncated or damaged",
                "Fetch it again",
            ],
            || from(&torn_too, "appointments"),
        ),
        row(
            1,
            [
                unread,
                "practices.json",
                "It is empty",
                "on each line (NDJSON)",
            ],
            || from(&no_json, "practices"),
        ),
        row(
            1,
            [
                unread,
                "practices.json",
                "neither a JSON array",
                "on each line (NDJSON)",
            ],
            || from(&prose, "practices"),
        ),
        row(
            1,
            [
                unread,
                "begins on line 2",
                "the file ends inside document 2",
                "Fetch the file",
            ],
            || from(&truncated, "practices"),
        ),
    ]);
    // The hint must not say to run the same command again.
    let outcome = from(&torn, "appointments").run().exits_with(1);
    assert_eq!(
        outcome.stderr.matches("hint:").count(),
        1,
        "{}",
        outcome.stderr
    );
}

#[test]
fn too_many_rejects_are_reported_with_the_first_one_and_a_command() {
    let (database, data, out) = (Database::new(), Folder::with_data(), Folder::new());
    data.write(CSV, format!("{HEADER}1,2\n1,1,,,4,,,2023-01-01\n1,2,3\n"));
    let elt = |line: &str| {
        let elt = database.elt().args(line.split(' '));
        elt.path("--data", data.path())
    };
    let first = "lab1_appointments.csv\": line 2: 2 fields instead of 8";
    let says = |what| [what, first, "Nothing was changed", "elt rejects "];
    check(&[
        row(
            4,
            says("the number of rejected rows exceeds the limit of 0"),
            || elt("load --max-rejects 0"),
        ),
        row(4, says("2 of 3 rows were rejected; the limit is 1"), || {
            elt("load --max-rejects 50%")
        }),
        row(
            4,
            says("the number of rejected rows exceeds the limit of 1"),
            || elt("run --max-rejects 1").path("--out", out.path()),
        ),
    ]);
    data.write(CSV, format!("{HEADER}1,2\n"));
    check(&[row(4, says("its only row was rejected"), || elt("load"))]);
}

#[test]
fn an_impossible_output_is_named() {
    let (database, folder) = (Database::new(), Folder::new());
    database.elt().args(["load"]).run().ok();
    let file = folder.write("file", "");
    let below = file.join("below");
    let out = folder.path().join("out");
    std::fs::create_dir_all(out.join("valid_appts.csv")).unwrap();
    let export = |path: &Path| database.elt().args(["export"]).path("--out", path);
    let rejects = |path: &Path| {
        let rejects = database.elt().args(["rejects", "appointments"]);
        rejects.path("--out", path)
    };
    check(&[
        row(
            1,
            [
                "could not create folder",
                "file\"",
                "File exists",
                "another place",
            ],
            || export(&file),
        ),
        row(
            1,
            [
                "could not create folder",
                "file/below\"",
                "Not a directory",
                "another place",
            ],
            || export(&below),
        ),
        row(
            1,
            [
                "could not create folder",
                "file\"",
                "File exists",
                "another place",
            ],
            || database.elt().args(["run"]).path("--out", &file),
        ),
        row(
            1,
            [
                "could not write file",
                "valid_appts.csv\"",
                "it is a folder",
                "--out",
            ],
            || export(&out),
        ),
        row(
            1,
            [
                "could not write file",
                "file\"",
                "File exists",
                "not overwritten",
            ],
            || rejects(&file),
        ),
        row(
            1,
            [
                "could not write file",
                "out\"",
                "File exists",
                "not overwritten",
            ],
            || rejects(&out),
        ),
        row(
            1,
            [
                "could not write file",
                "no/such/file\"",
                "No such file",
                "Check the spelling",
            ],
            || rejects(Path::new("no/such/file")),
        ),
    ]);
    let left: Vec<_> = std::fs::read_dir(&out).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half is left: {left:?}");
}

#[test]
fn an_unreadable_certificate_is_reported() {
    let (database, folder) = (Database::new(), Folder::new());
    let text = folder.write("cert.pem", "not in PEM");
    let serve = |cert: &Path| {
        let serve = ["serve", "--no-worker", "--bind", "127.0.0.1:0"];
        let serve = database.elt().args(serve);
        serve.path("--tls-cert", cert).path("--tls-key", cert)
    };
    let unread = "could not read file";
    check(&[
        row(
            1,
            [unread, "cert.pem\"", "no items", "files in PEM"],
            || serve(&text),
        ),
        row(
            1,
            [unread, "none.pem\"", "No such file", "Check the spelling"],
            || serve(&folder.path().join("none.pem")),
        ),
    ]);
}

#[test]
fn an_unavailable_address_is_reported() {
    let database = Database::new();
    let occupied = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = occupied.local_addr().unwrap().to_string();
    let serve = |address: &str| {
        database
            .elt()
            .args(["serve", "--no-worker", "--bind", address])
    };
    check(&[
        row(
            1,
            [
                "could not listen on",
                &taken,
                "Address already in use",
                "--bind",
            ],
            || serve(&taken),
        ),
        row(
            1,
            [
                "could not listen on",
                "192.0.2.1:80",
                "Cannot assign",
                "of this machine",
            ],
            || serve("192.0.2.1:80"),
        ),
    ]);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut child = Command::new("gzip")
        .arg("-c")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap().stdout
}
