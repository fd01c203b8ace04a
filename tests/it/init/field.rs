//! Files of kinds that occur in practice: each is loaded completely, with the right types.

use super::{init, run, run_on, types};
use crate::support::{Folder, repository};
use std::fs;
use std::path::{Path, PathBuf};

/// The path of a file of tests/data/field.
pub(super) fn file(name: &str) -> PathBuf {
    repository().join("tests/data/field").join(name)
}

/// Creates a project for the file, and returns the report of init.
pub(super) fn init_for(project: &Path, name: &str) -> serde_json::Value {
    let document = init(project, &["--json"]).path("--from", &file(name));
    document.run().ok().json()
}

/// Replaces the file of the source with its next version.
pub(super) fn replace_file(project: &Path, name: &str, text: &str) {
    fs::write(project.join("data").join(name), text).unwrap();
}

/// The number of rows below the header.
pub(super) fn row_count(text: &str) -> usize {
    text.lines().count() - 1
}

#[test]
fn a_repeated_id_can_only_be_a_part_of_the_key() {
    let folder = Folder::new();
    let project = folder.path().join("gtfs");
    let document = init_for(&project, "gtfs_stop_times/stop_times.txt");
    assert_eq!(document["project"]["key"], "trip_id, stop_sequence");
    assert_eq!(row_count(&run(&project).1), 24);
}

#[test]
fn a_measurement_that_is_unique_by_chance_is_not_a_key() {
    let folder = Folder::new();
    let project = folder.path().join("sensors");
    let document = init_for(&project, "falsekey2/readings.csv");
    assert_eq!(document["project"]["key"], "sensor, taken_at");
    let (database, _) = run(&project);
    let day = "sensor,taken at,reading\na,2024-01-01 10:00,17\na,2024-01-01 11:00,17\n\
               b,2024-01-01 10:00,17\nb,2024-01-01 11:00,17\n";
    replace_file(&project, "readings.csv", day);
    assert_eq!(row_count(&run_on(&database, &project, &[])), 4);
}

#[test]
fn ids_with_some_letters_are_text() {
    let folder = Folder::new();
    let project = folder.path().join("routes");
    let document = init_for(&project, "route/routes.txt");
    let first = &document["project"]["columns"][0];
    assert_eq!(first["sql_type"], "text");
    assert!(
        first["notes"][0]
            .as_str()
            .unwrap()
            .contains("\"A\" (row 10)"),
        "{first}"
    );
    let (_, exported) = run(&project);
    assert_eq!(row_count(&exported), 10);
    assert!(
        exported.contains("\nA,MTA,A,") && exported.contains("\nS,MTA,S,"),
        "{exported}"
    );
}

#[test]
fn whole_amounts_become_numeric() {
    let folder = Folder::new();
    let project = folder.path().join("sales");
    let document = init_for(&project, "int_then_decimal/sales.csv");
    assert_eq!(
        types(&document),
        "order_id bigint, amount numeric, rate numeric"
    );
    let (database, _) = run(&project);
    replace_file(
        &project,
        "sales.csv",
        "order_id,amount,rate\n1,5.25,2\n2,7,3.5\n3,12,4\n",
    );
    let exported = run_on(&database, &project, &[]);
    assert_eq!(
        exported,
        "order_id,amount,rate\n1,5.25,2\n2,7,3.5\n3,12,4\n"
    );
}

#[test]
fn a_load_is_refused_if_a_column_can_no_longer_be_read() {
    let folder = Folder::new();
    let project = folder.path().join("sales");
    init_for(&project, "int_then_decimal/sales.csv");
    let (database, before) = run(&project);
    replace_file(
        &project,
        "sales.csv",
        "order_id,amount,rate\n1,\"5,25\",2\n2,\"7,10\",3\n3,12,4\n",
    );
    let out = Folder::new();
    let refused = database
        .elt_with(&project, &["run"])
        .path("--out", out.path());
    refused.run().exits_with(3).says(&[
        "sales_with_unreadable_columns",
        "amount",
        "5,25",
        "7,10",
        "core.sales_staged",
    ]);
    let live = database
        .elt_with(&project, &["export"])
        .path("--out", out.path());
    live.run().ok();
    assert_eq!(out.read("sales.csv"), before);
    // With level warning, the rule no longer refuses the load.
    let rule = project.join("sql/quality/sales_with_unreadable_columns.sql");
    let text = fs::read_to_string(&rule).unwrap();
    fs::write(
        &rule,
        text.replace("-- level:    error", "-- level:    warning"),
    )
    .unwrap();
    let exported = run_on(&database, &project, &[]);
    assert_eq!(exported, "order_id,amount,rate\n1,,2\n2,,3\n3,12,4\n");
}

#[test]
fn codes_keep_leading_zeros_of_later_files() {
    let folder = Folder::new();
    let project = folder.path().join("sites");
    let document = init_for(&project, "leading_zeros/addresses.csv");
    assert_eq!(
        types(&document),
        "site bigint, zip text, fips text, phone text"
    );
    let (database, _) = run(&project);
    replace_file(
        &project,
        "addresses.csv",
        "site,zip,fips,phone\n1,02134,01001,0301234\n",
    );
    let exported = run_on(&database, &project, &["--allow-shrink"]);
    assert_eq!(exported, "site,zip,fips,phone\n1,02134,01001,0301234\n");
}

#[test]
fn numbers_that_print_differently_from_the_file_are_reported() {
    let folder = Folder::new();
    let project = folder.path().join("shop");
    let file = folder.write("shop.csv", "item_id,plan,weight\n7,4,1\n8,5,2\n");
    init(&project, &[]).path("--from", &file).run().ok();
    let (database, _) = run(&project);
    replace_file(
        &project,
        "shop.csv",
        "item_id,plan,weight\n007,+4,1\n8,5,2.50\n",
    );
    run_on(&database, &project, &[]);
    assert_eq!(
        database.text(
            "select string_agg(concat_ws(' ', column_name, text, printed), ', ' order by column_name) \
             from quality.shop_with_rewritten_numbers"
        ),
        "item_id 007 7, plan +4 4"
    );
}

#[test]
fn decimal_commas_and_points_are_read_with_their_units() {
    let folder = Folder::new();
    let project = folder.path().join("power");
    let document = init_for(&project, "decimal_comma/verbrauch.csv");
    assert_eq!(
        types(&document),
        "datum date, zaehler_nr text, verbrauch_k_wh numeric, betrag_in numeric, aenderung numeric"
    );
    assert_eq!(
        run(&project).1,
        "datum,zaehler_nr,verbrauch_k_wh,betrag_in,aenderung\n2024-01-01,000123,1234.56,370.37,12.5\n\
         2024-01-02,000123,987.00,296.10,-3.0\n2024-01-03,000124,1000000.01,300000.00,0.0\n\
         2024-01-04,000124,-5.5,-1.65,1.2\n"
    );
    let project = folder.path().join("payments");
    init_for(&project, "money/payments.csv");
    let (database, exported) = run(&project);
    assert_eq!(
        exported,
        "payee,amount,share,qty,change,ratio\nAcme,1234.50,12.5,1200,-45.00,0.5\nBeta,99.00,3,15,12.00,0.25\n\
         Delta,-5.00,0,0,3.00,0.001\nGamma,1000000.00,84.5,1000000,-0.50,1\n"
    );
    // An amount in another currency cannot be read.
    replace_file(
        &project,
        "payments.csv",
        "Payee,Amount,Share,Qty,Change,Ratio\nAcme,€5,1%,1,1,1\nBeta,$6,2%,2,2,2\nGamma,$7,3%,3,3,3\n\
         Delta,$8,4%,4,4,4\nEta,$9,5%,5,5,5\n",
    );
    run_on(&database, &project, &[]);
    assert_eq!(
        database.text("select string_agg(text, ' ') from quality.payments_with_unreadable_values"),
        "€5"
    );
}

#[test]
fn a_data_frame_is_read_with_its_infinities_and_gaps() {
    let folder = Folder::new();
    let project = folder.path().join("frame");
    let document = init_for(&project, "pandas/frame.csv");
    assert_eq!(
        types(&document),
        "column_1 numeric, x double precision, p_value double precision, flag boolean, when timestamp, cnt numeric"
    );
    assert_eq!(
        run(&project).1,
        "column_1,x,p_value,flag,when,cnt\n0,0.1,1.5e-05,t,2024-01-05 00:00:00,1.0\n\
         1,0.25,0.03,f,2024-01-06 00:00:00,\n2,Infinity,,t,2024-01-07 00:00:00,3.0\n\
         3,-0.5,0.5,,,4.0\n4,1e-07,2.2250738585072014e-308,t,2024-01-08 12:30:00.5,5.0\n"
    );
}

#[test]
fn a_day_above_12_decides_for_all_dates_of_the_file() {
    let folder = Folder::new();
    let project = folder.path().join("periods");
    let document = init_for(&project, "periods/periods.csv");
    assert_eq!(types(&document), "a text, b date, c date");
    assert!(run(&project).1.contains("00125868,2004-12-01,2004-12-31\n"));
    let project = folder.path().join("visits");
    let document = init_for(&project, "visits/visits.csv");
    let column = &document["project"]["columns"][1];
    assert_eq!(column["sql_type"], "text");
    assert!(
        column["notes"][0]
            .as_str()
            .unwrap()
            .contains("--dates day-first or --dates month-first")
    );
    assert!(run(&project).1.contains("1,03/02/2018 10:21:42,etc.\n"));
}

#[test]
fn times_without_a_zone_are_timestamps() {
    let folder = Folder::new();
    let project = folder.path().join("taxi");
    let document = init_for(&project, "naive_ts/taxi.csv");
    assert_eq!(
        types(&document),
        "ride bigint, pickup timestamp, dropoff timestamp, tz_mixed text"
    );
    assert!(
        run(&project)
            .1
            .contains("1,2024-03-10 01:59:00,2024-03-10 03:05:00,")
    );
}

#[test]
fn names_of_system_columns_are_replaced_and_reported() {
    let folder = Folder::new();
    let project = folder.path().join("labels");
    let document = init_for(&project, "xmin/train_labels.csv");
    let column = &document["project"]["columns"][4];
    assert_eq!(
        (&column["name"], &column["notes"][0]),
        (&"xmin_value".into(), &"\"xmin\" in the file".into())
    );
    assert_eq!(row_count(&run(&project).1), 3);
    let project = folder.path().join("names");
    init_for(&project, "names2/names.csv");
    let (_, exported) = run(&project);
    assert_eq!(row_count(&exported), 3);
    assert!(exported.contains("r2c28"), "{exported}");
}

#[test]
fn other_files_of_a_series_are_reported() {
    let folder = Folder::new();
    for (name, first, key) in [
        ("days", "orders_2024-01-01.csv", "id"),
        ("appendday", "obs_2024-01-01.csv", "day, station"),
    ] {
        let project = folder.path().join(name);
        let outcome = init(&project, &["--json"])
            .path("--from", &file(&format!("{name}/{first}")))
            .run()
            .ok();
        assert_eq!(outcome.json()["project"]["key"], key);
        outcome.says(&[
            "2 other files",
            "2024-01-02.csv",
            "2024-01-03.csv",
            "--mode append",
        ]);
    }
}
