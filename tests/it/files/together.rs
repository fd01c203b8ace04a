//! Small files that are staged together and share a partition.

use super::Days;

#[test]
fn small_files_share_a_partition() {
    let days = Days::new();
    for day in 1..6 {
        days.write(
            &format!("bikes-{day}.csv"),
            &[&format!("{day},Quay"), "9,Mill"],
        );
    }
    days.load("bikes");
    let partitions = "select count(*) from pg_inherits where inhparent = 'staging.bikes'::regclass";
    assert_eq!(days.database.number(partitions), 1);
    assert_eq!(
        days.database.text("select string_agg(concat_ws(' ', load_id, batch_load_id, rows_staged), ', ' order by load_id) from elt.load"),
        "1 1 2, 2 1 2, 3 1 2, 4 1 2, 5 1 2"
    );
    assert_eq!(
        days.database
            .number("select count(*) from elt.load_finding"),
        0
    );
    // The partition stays as long as one of its loads is retained.
    days.database.run("update elt.source set keep_loads = 1");
    days.elt("gc").run().ok();
    assert_eq!(days.database.number(partitions), 1);
    days.write("bikes-6.csv", &["6,Quay"]);
    days.load("bikes");
    days.elt("gc").run().ok();
    assert_eq!(days.database.number(partitions), 1);
    assert_eq!(
        days.database
            .number("select count(*) from elt.load where staging_dropped_at is not null"),
        5
    );
    assert_eq!(
        days.database
            .number("select count(*) from elt.load_finding"),
        0
    );
    assert_eq!(days.database.number("select count(*) from core.bikes"), 7);
}

#[test]
fn a_load_of_a_batch_is_purged_alone() {
    let days = Days::new();
    for day in 1..4 {
        days.write(
            &format!("bikes-{day}.csv"),
            &[&format!("{day},Quay"), "9,Mill"],
        );
    }
    days.load("bikes");
    for (load, left) in [
        (
            1,
            "2 Quay bikes-2.csv, 3 Quay bikes-3.csv, 9 Mill bikes-2.csv",
        ),
        (3, "2 Quay bikes-2.csv, 9 Mill bikes-2.csv"),
    ] {
        days.elt(&format!("purge load {load} --yes")).run().ok();
        assert_eq!(days.core("bikes"), left);
        assert_eq!(
            days.database.number(&format!(
                "select count(*) from staging.bikes where _load_id = {load}"
            )),
            0
        );
        assert_eq!(
            days.database
                .number("select count(*) from elt.load_finding"),
            0
        );
    }
    assert_eq!(
        days.database.number("select count(*) from staging.bikes"),
        2
    );
    days.elt("purge load 2 --yes").run().ok();
    assert_eq!(days.core("bikes"), "");
    let partitions = "select count(*) from pg_inherits where inhparent = 'staging.bikes'::regclass";
    assert_eq!(days.database.number(partitions), 0);
}

#[test]
fn files_with_other_headers_and_large_files_are_staged_in_order() {
    let days = Days::new();
    days.write("bikes-1.csv", &["1,Quay"]);
    days.data
        .write("bikes-2.csv", "station,bike_id,colour\nMill,1,red\n");
    days.data.write("bikes-3.csv", "station,bike_id\nPort,1\n");
    // Larger than the files that are staged together.
    let filler: Vec<String> = (10..80_000)
        .map(|bike| format!("{bike},Station {bike}"))
        .collect();
    let mut rows: Vec<&str> = vec!["1,Hill"];
    rows.extend(filler.iter().map(String::as_str));
    days.write("bikes-4.csv", &rows);
    days.write("bikes-5.csv", &["2,Quay"]);
    // A small file with much text.
    let packed = rows.join("\n") + "\n";
    let many = format!("bike_id,station\n{}3,Mill\n", packed.repeat(14));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, many.as_bytes()).unwrap();
    days.database
        .run("update elt.source set file = 'bikes-*', keep_loads = 10 where source = 'bikes'");
    let gzip = encoder.finish().unwrap();
    days.data.write("bikes-6.csv.gz", &gzip);
    days.write("bikes-7.csv", &["3,Dock"]);
    let loaded = days.load("bikes");
    assert_eq!(loaded.len(), 7, "{loaded:?}");
    assert_eq!(
        days.database.text("select string_agg(concat_ws(' ', bike_id, station), ', ' order by bike_id) from core.bikes where bike_id < 10"),
        "1 Hill, 2 Quay, 3 Dock"
    );
    assert_eq!(
        days.database.text(
            "select string_agg(_extra::text, '') from staging.bikes where _extra is not null"
        ),
        "{\"colour\": \"red\"}"
    );
    assert_eq!(
        days.database
            .number("select count(*) from elt.load where state = 'copying'"),
        0
    );
}
