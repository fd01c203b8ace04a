//! Loads of several files with the rights of the role that loads.

use crate::grants::Shared;
use crate::support::{Folder, repository};

#[test]
fn the_role_that_loads_loads_files_of_every_mode() {
    let shared = Shared::new();
    shared.run("dba", "grants --yes").ok();
    for role in ["migrate", "load"] {
        let sql = format!("create role me_{role} login in role elt_{role}");
        shared
            .database
            .connect_as("dba")
            .batch_execute(&sql)
            .unwrap();
    }
    let project = repository().join("tests/projects/bikes");
    let migrate = shared.elt("me_migrate", "migrate");
    migrate.path("--project", &project).run().ok();
    shared
        .database
        .connect_as("me_migrate")
        .batch_execute("update elt.source set file = source || '-*.csv'")
        .unwrap();
    let data = Folder::new();
    let load = |expected: i64| {
        let load = shared.elt("me_load", "load --keep-going --max-rejects 50%");
        load.path("--project", &project)
            .path("--data", data.path())
            .run()
            .exits_with(1);
        assert_eq!(
            shared.database.number("select count(*) from core.pings"),
            expected
        );
    };
    for (source, header) in [
        ("stations", "station_id,name"),
        ("bikes", "bike_id,station"),
        ("trips", "trip_id,bike"),
        ("pings", "bike_id,place"),
    ] {
        for file in 1..4 {
            data.write(
                &format!("{source}-{file}.csv"),
                format!("{header}\n{file},1\n7,1,1\n8,1\n"),
            );
        }
    }
    data.write("pings-0.csv", "<html></html>");
    load(6);
    // A file that comes again replaces its rows.
    data.write("pings-1.csv", "bike_id,place\n1,2\n");
    load(5);
    assert_eq!(
        shared.database.number("select count(*) from core.stations"),
        4
    );
    // It cannot record loads or files of its own making.
    let mut client = shared.database.connect_as("me_load");
    for sql in [
        "delete from elt.load",
        "insert into elt.load (load_id, source, location, elt_version, batch_load_id) \
         overriding system value values (999, 'pings', 'x', 'x', 999)",
        "update elt.load set batch_load_id = 1",
        "update elt.source set file = '../x'",
    ] {
        let error = client.batch_execute(sql).unwrap_err();
        assert_eq!(error.code().unwrap().code(), "42501", "{sql}");
    }
}
