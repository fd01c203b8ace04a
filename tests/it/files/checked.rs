//! Rules see the rows of each file of a publish, not only those of the last one.

use super::Days;

const RESULT: &str = "select concat_ws(' ', violation_count, sample -> 0 ->> 'bike_id', sample -> 0 ->> '_load_id') \
                      from elt.rule_result where rule = 'pings_from_nowhere' order by publish_id desc limit 1";

#[test]
fn a_rule_of_level_error_refuses_a_file_that_is_not_the_last() {
    let days = Days::new();
    for source in ["pings", "trips", "bikes"] {
        days.write(&format!("{source}-1.csv"), &["1,Quay"]);
        days.write(&format!("{source}-2.csv"), &["2,nowhere", "3,nowhere"]);
        days.write(&format!("{source}-3.csv"), &["4,nowhere"]);
        days.write(&format!("{source}-4.csv"), &["5,Mill"]);
        let refused = days.loading(source).run().exits_with(3);
        refused.says(&["\"rows_nowhere\" (3 rows)", "_load_id between"]);
        assert_eq!(days.core(source), "");
    }
    assert_eq!(
        days.database
            .number("select count(*) from elt.live_override"),
        0
    );
}

#[test]
fn a_warning_counts_the_rows_of_all_files_once() {
    let days = Days::new();
    days.write("pings-1.csv", &["1,", "2,Quay"]);
    days.write("pings-2.csv", &["3,Quay"]);
    days.write("pings-3.csv", &["4,", "5,"]);
    days.write("bikes-1.csv", &["1,Quay"]);
    days.load("pings bikes");
    assert_eq!(days.database.text(RESULT), "3 4 4");
    // Files that were loaded before are not checked again.
    days.write("pings-4.csv", &["6,"]);
    days.load("pings");
    assert_eq!(days.database.text(RESULT), "1 6 5");
}

#[test]
fn unusual_headers_of_all_files_are_reported() {
    let days = Days::new();
    days.data
        .write("pings-1.csv", "bike_id,place,x\n1,Quay,1\n");
    days.write("pings-2.csv", &["2,Quay"]);
    days.load("pings");
    assert_eq!(
        days.database.text(
            "select string_agg(violation_count::text, ' ') from elt.rule_result where rule = 'headers_unlike_staging'"
        ),
        "1"
    );
}
