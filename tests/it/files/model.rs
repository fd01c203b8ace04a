//! Random files that are loaded together, compared with the same files loaded one after the other: core, and what each
//! rollback leaves. `PROPTEST_CASES=300 cargo test files::model` tries more.

use super::Days;
use crate::support::runner;
use proptest::prelude::*;

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 6;

type File = Vec<(u8, u8)>;

fn files() -> impl Strategy<Value = Vec<File>> {
    let row = (0..4_u8, 0..3_u8);
    prop::collection::vec(prop::collection::vec(row, 0..5), 2..6)
}

fn write(days: &Days, source: &str, number: usize, file: &File) {
    let rows: Vec<String> = file
        .iter()
        .map(|(key, value)| format!("{key},v{value}"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    days.write(&format!("{source}-{number}.csv"), &rows);
}

/// Core, then core after each rollback.
fn states(days: &Days, source: &str) -> Vec<String> {
    let mut states = vec![days.core(source)];
    while days.elt(&format!("rollback {source}")).run().code == Some(0) {
        states.push(days.core(source));
    }
    states
}

#[test]
fn files_loaded_together_are_like_files_loaded_one_by_one() {
    let mut runner = runner(CASES);
    let (together, apart) = (Days::new(), Days::new());
    let clear = "truncate core.bikes, core.trips, core.pings; delete from elt.live_pointer; delete from elt.earlier_row; \
                 update elt.load set live_publish_id = null, rolled_back_at = now() where live_publish_id is not null";
    for days in [&together, &apart] {
        days.database.run("update elt.source set keep_loads = 10");
    }
    let kinds = prop_oneof![Just("bikes"), Just("trips"), Just("pings")];
    runner
        .run(&(kinds, files(), files()), |(source, before, after)| {
            for days in [&together, &apart] {
                days.database.run(clear);
                for entry in std::fs::read_dir(days.data.path()).unwrap() {
                    std::fs::remove_file(entry.unwrap().path()).unwrap();
                }
            }
            // The second group comes on top of the first.
            for (group, files) in [before, after].iter().enumerate() {
                for (index, file) in files.iter().enumerate() {
                    let number = group * 10 + index;
                    write(&together, source, number, file);
                    write(&apart, source, number, file);
                    apart.load(source);
                }
                together.load(source);
            }
            prop_assert_eq!(states(&together, source), states(&apart, source));
            Ok(())
        })
        .unwrap();
}
