//! Services have few rights, deleting needs a flag each time, and printed text cannot control the terminal.

use crate::support::{Database, Elt, Folder, Home, repository, root};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

#[test]
fn units_leave_a_service_only_what_it_needs() {
    let folder = repository().join(".systemd");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.lines().any(|line| line.starts_with("User=")),
            "{path:?}"
        );
        // Of ten; the threshold is in tenths.
        let rated = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--no-pager", "--threshold=30"])
            .arg(&path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&rated.stdout);
        assert!(rated.status.success(), "{said}");
        assert!(said.contains("Overall exposure level"), "{said}");
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, ["elt-serve.service", "elt-worker.service"]);
}

#[test]
fn root_goes_on_as_the_user_who_is_named() {
    let database = Database::new();
    database.elt().args(["migrate"]).run().ok();
    let worker = |elt: Elt| elt.args(["worker", "--until-empty", "--health-file"]);
    let folder = Folder::new();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let health = folder.path().join("health");
    let name = |uid: u32| {
        let user = nix::unistd::User::from_uid(uid.into()).unwrap();
        user.unwrap().name
    };
    if !nix::unistd::geteuid().is_root() {
        let other = worker(database.elt())
            .args([&health])
            .args(["--user", "root"]);
        other.run().exits_with(2).says(&["only root can switch to"]);
        return;
    }
    let owner = fs::metadata(root().join("cluster/run")).unwrap().uid();
    let elt = Elt::from_open_place(&database.url());
    let run = worker(elt).args([&health]).args(["--user", &name(owner)]);
    let said = run.run().ok();
    assert!(!said.stderr.contains("root"), "{}", said.stderr);
    assert_eq!(fs::metadata(&health).unwrap().uid(), owner);
    let own = worker(database.elt()).args([&health]);
    own.run().ok().says(&["elt is running as root"]);
    for (user, says) in [("root", "names root"), ("no such", "there is no user")] {
        let refused = worker(database.elt())
            .args([&health])
            .args(["--user", user]);
        refused.run().exits_with(2).says(&[says]);
    }
}

#[test]
fn the_embedded_server_lets_no_one_in_over_the_network() {
    let home = Home::started();
    let rules = "select string_agg(distinct type || ' ' || auth_method, ', ' order by type || ' ' || auth_method) \
                 from pg_hba_file_rules";
    let mut client = postgres::Client::connect(&home.url(), postgres::NoTls).unwrap();
    let found: String = client.query_one(rules, &[]).unwrap().get(0);
    assert_eq!(found, "host reject, local trust");
}

#[test]
fn no_variable_deletes() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let purge = database.elt().args(["purge", "load", "1"]);
    purge.env("ELT_YES", "1").run();
    assert_eq!(
        database.number("select count(*) from elt.load where staging_dropped_at is not null"),
        0
    );
    let home = Home::started();
    let reset = home.elt().args(["db", "reset"]).env("ELT_YES", "1");
    reset.run().exits_with(2).says(&["--yes"]);
}

#[test]
fn data_moves_no_cursor() {
    let (database, data) = (Database::new(), Folder::with_other_data());
    let evil = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{202e}";
    let file = data.path().join("practices.json");
    fs::write(
        &file,
        format!("{{\"id\": 1, \"name\": \"x\"}}\n{{\"id\": 2, \"{evil}\n"),
    )
    .unwrap();
    let load = format!(
        "load practices --max-rejects 100% --allow-shrink --data '{}'",
        data.path().display()
    );
    for line in [
        load.as_str(),
        "rejects practices",
        "rejects practices --out -",
    ] {
        let at_terminal = Elt::at_terminal(line).env("DATABASE_URL", database.url());
        let shown = at_terminal.run().stdout;
        if line != load {
            assert!(shown.contains("\\u{1b}]0;title"), "{line}: {shown:?}");
        }
        for active in ['\u{7}', '\u{9b}', '\u{202e}'] {
            assert!(!shown.contains(active), "{line}: {shown:?}");
        }
        assert!(
            !shown.contains("\u{1b}]") && !shown.contains("\u{1b}[2J"),
            "{line}: {shown:?}"
        );
    }
    // Bytes that are not for a terminal are as they were.
    let bytes = database.elt().args(["rejects", "practices", "--out", "-"]);
    assert!(bytes.run().ok().stdout.contains(evil));
}
