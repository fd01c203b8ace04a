//! Links and folders of other users: elt writes neither through such links nor into such folders.

use crate::support::{Database, Elt, Folder, Home};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o777
}

#[test]
fn no_file_is_written_through_a_link() {
    let (database, folder) = (Database::new(), Folder::new());
    database.elt().args(["load"]).run().ok();
    let victim = folder.write("victim", "precious");
    let link = |name: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(&victim, &path).unwrap();
        path
    };
    let export = link("out/valid_appts.csv");
    let elt = database.elt().args(["export"]);
    elt.path("--out", &folder.path().join("out")).run().ok();
    let docs = link("docs/index.html");
    let elt = database.elt().args(["docs"]);
    elt.path("--out", &folder.path().join("docs")).run().ok();
    let health = link("health.json");
    let elt = database.elt().args(["worker", "--until-empty"]);
    elt.path("--health-file", &health).run().ok();
    for path in [export, docs, health] {
        let is_file = fs::symlink_metadata(&path).unwrap().is_file();
        assert!(is_file, "{} is still a link", path.display());
    }
    let rejects = link("rejects.csv");
    let elt = database.elt().args(["rejects", "appointments"]);
    elt.path("--out", &rejects)
        .run()
        .exits_with(1)
        .says(&["rejects.csv"]);
    assert_eq!(folder.read("victim"), "precious");
}

#[test]
fn a_projects_data_is_not_copied_over_a_link() {
    let folder = Folder::new();
    let file = folder.write("in/orders.csv", "order_id,v\n1,a\n");
    let project = folder.path().join("p");
    fs::create_dir_all(project.join("data")).unwrap();
    symlink(
        folder.path().join("victim"),
        project.join("data/orders.csv"),
    )
    .unwrap();
    let init = Elt::bare().args(["init"]).args([&project]);
    init.path("--from", &file).run().ok();
    assert!(!folder.path().join("victim").exists());
    let copied = fs::read_to_string(project.join("data/orders_2.csv")).unwrap();
    assert_eq!(copied, "order_id,v\n1,a\n");
}

#[test]
fn what_may_hold_personal_data_is_for_its_owner_alone() {
    let (database, folder) = (Database::new(), Folder::new());
    database.elt().args(["load"]).run().ok();
    let file = folder.path().join("bad.csv");
    let elt = database.elt().args(["rejects", "appointments"]);
    elt.path("--out", &file).run().ok();
    assert_eq!(mode(&file), 0o600);
    // Exports go by the umask.
    let elt = database.elt().args(["export"]);
    let out = folder.path().join("out");
    let mut shell = std::process::Command::new("sh");
    let command = elt.path("--out", &out).command();
    shell
        .args(["-c", "umask 027; exec \"$0\" \"$@\""])
        .arg(command.get_program());
    shell
        .args(command.get_args())
        .current_dir(crate::support::repository());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    assert!(shell.output().unwrap().status.success());
    assert_eq!(mode(&out.join("valid_appts.csv")), 0o640);
}

#[test]
fn the_home_of_the_server_is_its_users_own() {
    let home = Home::new();
    home.elt().args(["db", "start"]).run().ok();
    for file in ["start.lock", "use.lock", "keep"] {
        assert_eq!(mode(&home.path().join(file)), 0o600, "{file}");
    }
    home.elt().args(["db", "stop"]).run().ok();
    let configuration = home.path().join("elt.conf");
    let victim = home.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    fs::remove_file(&configuration).unwrap();
    symlink(&victim, &configuration).unwrap();
    home.elt().args(["db", "start"]).run().ok();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    home.elt().args(["db", "stop"]).run().ok();
    let open = Home::new();
    fs::set_permissions(open.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let said = open.elt().args(["db", "start"]).run().exits_with(1);
    said.says(&["is writable by all users", "ELT_HOME"]);
    if nix::unistd::geteuid().is_root() {
        let others = Home::new();
        let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
        nix::unistd::chown(others.path(), Some(nobody.uid), None).unwrap();
        let said = others.elt().args(["db", "start"]).run().exits_with(1);
        said.says(&["belongs to another user", "ELT_HOME"]);
    }
}
