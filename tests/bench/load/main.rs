//! Loading and the whole job beside what psql does by hand: `cargo bench --bench load`, or of another
//! number of rows `cargo bench --bench load -- 1000000`, or a part of it `cargo bench --bench load -- copy`. Both sides run in turn on one server of elt's
//! own, with its settings; the ratios are of medians.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod files;
mod input;
mod server;

use serde_json::Value;
use server::{Server, median, timed};
use std::fs;
use std::path::Path;

const ROWS: usize = 5_000_000;
const TURNS: usize = 3;
/// Rows of one more day.
const DAY: usize = 500;
const DAYS: usize = 7;
/// Rows that change before the job runs again.
const CHANGED: usize = 500;

type Part = fn(&Server, &Path, usize);

const PARTS: [(&str, Part); 6] = [
    ("copy", copy),
    ("job", whole_job),
    ("days", one_more_day),
    ("files", |server, _, _| files::many_files(server)),
    ("documents", documents),
    ("memory", memory),
];

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let rows = asked.iter().find_map(|argument| argument.parse().ok());
    let rows = rows.unwrap_or(ROWS);
    let named = |name: &str| asked.iter().any(|argument| argument == name);
    let is_all = !PARTS.iter().any(|(name, _)| named(name));
    let server = Server::start();
    let folder = server.folder("data");
    println!("{rows} rows, medians of {TURNS} turns; below 1 elt is faster");
    input::write_csv(&folder.join("appointments.csv"), rows);
    input::write_settings(&folder.join("settings.json"));
    for (_, part) in PARTS.iter().filter(|(name, _)| is_all || named(name)) {
        part(&server, &folder, rows);
    }
    server.stop();
}

fn ratio(what: &str, ours: &mut [f64], theirs: &mut [f64]) {
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "{what}: {:.2} ({ours:.2} s against {theirs:.2} s)",
        ours / theirs
    );
}

/// Seconds that the load of the one source took, as `--json` says it.
fn step(report: &Value) -> f64 {
    report["load"]["sources"][0]["seconds"].as_f64().unwrap()
}

/// The COPY step alone, with all that is noted of each row and of the load.
fn copy(server: &Server, folder: &Path, _: usize) {
    let project = server.project("raw", RAW, &[]);
    let names = input::COLUMNS.map(|name| format!("{name} text")).join(", ");
    server.psql(folder, &format!("create table by_hand_raw ({names})"));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(step(&project.elt(folder, &["load", "raw", "--force"])));
        server.psql(folder, "truncate by_hand_raw");
        let copy = r"\copy by_hand_raw from 'appointments.csv' (format csv, header)";
        theirs.push(timed(|| server.psql(folder, copy)));
    }
    ratio("CSV into staging, against \\copy", &mut ours, &mut theirs);
    server.psql(folder, "drop table by_hand_raw");
    project.drop();
}

const RAW: &str = "
create table staging.raw (
    _load_id bigint not null, _row bigint not null, emr_practice_id text, emr_appointment_id text,
    emr_provider_id text, emr_department_id text, appointment_status text, encounter_state text,
    encounter_status text, appointment_date text, _extra jsonb
) partition by list (_load_id);
insert into elt.source (source, format, file, description)
values ('raw', 'csv', 'appointments.csv', 'The rows as they are.');";

/// Load, core, rules, publish and three files: on a database that has nothing yet, and again after some rows have
/// changed.
fn whole_job(server: &Server, folder: &Path, rows: usize) {
    let (data, changed) = (server.folder("lab"), server.folder("changed"));
    for folder_of_data in [&data, &changed] {
        let settings = folder_of_data.join("lab1_epion_office_settings.json");
        let _ = fs::hard_link(folder.join("settings.json"), settings);
    }
    let file = folder.join("appointments.csv");
    let _ = fs::hard_link(&file, data.join("lab1_appointments.csv"));
    input::write_changed(
        &changed.join("lab1_appointments.csv"),
        &file,
        rows / CHANGED,
    );
    let script = fs::read_to_string("tests/bench/load/whole_job.sql").unwrap();
    let (mut first, mut again, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        server.elt(&data, &["migrate"]);
        first.push(job(server, &data));
        theirs.push(timed(|| server.psql(folder, &script)));
        for file in EXPORTS.map(|name| format!("{name}.csv")) {
            let ours = fs::read(data.join("out").join(&file)).unwrap();
            let theirs = fs::read(folder.join(&file)).unwrap();
            assert!(ours == theirs, "{file} differs");
        }
        again.push(job(server, &changed));
        if first.len() < TURNS {
            server.drop_database("epiondw");
        }
    }
    let mut same = theirs.clone();
    ratio(
        "the whole job, against a psql script",
        &mut first,
        &mut theirs,
    );
    ratio(
        "the same with some rows changed, against the script",
        &mut again,
        &mut same,
    );
    query(server);
    small_things(server);
}

const EXPORTS: [&str; 3] = ["valid_appts", "epion_appts", "epion_utilization"];

/// Seconds of a load and three exports. Prints the parts.
fn job(server: &Server, data: &Path) -> f64 {
    let mut loaded = Value::Null;
    let load = timed(|| loaded = server.elt(data, &["load", "appointments", "office_settings"]));
    let export =
        timed(|| drop(server.elt(data, &[&["export", "--out", "out"][..], &EXPORTS].concat())));
    let report = &loaded["load"];
    let published = &report["published"];
    let seconds = |value: &Value| value.as_f64().unwrap_or_default();
    let rules = loaded["rules"].as_array().into_iter().flatten();
    println!(
        "  {:.2} s: staging {:.2}, preparing {:.2}, publish {:.2} (rules {:.2}), exports {export:.2}",
        load + export,
        step(&loaded),
        seconds(&published["prepare_seconds"]),
        seconds(&report["publish_seconds"]),
        rules.map(|rule| seconds(&rule["seconds"])).sum::<f64>(),
    );
    load + export
}

/// Over what the whole job left.
fn query(server: &Server) {
    let ours = "select * from public.epion_utilization";
    let theirs = "set search_path = by_hand; select date_trunc('month', valid.appointment_date::timestamp)::date, \
        count(department.emr_department_id), count(*), \
        round(count(department.emr_department_id)::numeric / count(*), 4) from valid \
        left join department on valid.emr_department_id = department.emr_department_id \
        and valid.appointment_date <@ department.live_periods group by 1 order by 1";
    let (mut elts, mut hands) = (Vec::new(), Vec::new());
    for _ in 0..2 * TURNS + 1 {
        elts.push(timed(|| server.query(ours)));
        hands.push(timed(|| server.by_hand(theirs)));
    }
    ratio("utilization, against a plain table", &mut elts, &mut hands);
}

fn small_things(server: &Server) {
    let here = std::env::current_dir().unwrap();
    let small = server.small();
    small.elt(&here, &["migrate"]);
    let out = server.folder("small").join("out");
    let run = ["run", "--force", "--out", out.to_str().unwrap()];
    let mut runs: Vec<f64> = (0..DAYS)
        .map(|_| timed(|| drop(small.elt(&here, &run))))
        .collect();
    let mut statuses: Vec<f64> = (0..DAYS)
        .map(|_| timed(|| drop(small.elt(&here, &["status"]))))
        .collect();
    println!(
        "elt run on data/: {:.0} ms; elt status: {:.0} ms",
        1000.0 * median(&mut runs),
        1000.0 * median(&mut statuses)
    );
    small.drop();
}

/// A file of a few rows of a source that has many.
fn one_more_day(server: &Server, folder: &Path, rows: usize) {
    let start = timed(|| drop(server.elt(folder, &["completions", "bash"])));
    for mode in ["merge", "append"] {
        for live in [rows / 5, rows] {
            let data = server.folder(&format!("{mode}_{live}"));
            input::write_csv(&data.join("days.csv"), live);
            let key = match mode {
                "merge" => "array['id']",
                _ => "null",
            };
            let project = server.project(
                "days",
                &DAY_TABLES.replace("{mode}", mode).replace("{key}", key),
                &[("core/incoming_days.sql", DAY_QUERY)],
            );
            project.elt(&data, &["load"]);
            let mut days: Vec<f64> = (0..DAYS)
                .map(|day| {
                    let file = data.join(format!("day{day}.csv"));
                    input::write_day(&file, &data.join("days.csv"), DAY + day);
                    let day_folder = server.folder(&format!("{mode}_{live}_{day}"));
                    fs::rename(file, day_folder.join("days.csv")).unwrap();
                    timed(|| drop(project.elt(&day_folder, &["load"]))) - start
                })
                .collect();
            println!(
                "{mode}: {DAY} rows more, where {live} are: {:.0} ms",
                1000.0 * median(&mut days)
            );
            project.drop();
        }
    }
}

const DAY_TABLES: &str = "
create table staging.days (
    _load_id bigint not null, _row bigint not null, emr_appointment_id text, appointment_status text,
    appointment_date text, _extra jsonb
) partition by list (_load_id);
create table core.days (
    id bigint primary key, status text, day date, _load_id bigint not null, _row bigint not null
);
insert into elt.source (source, format, file, mode, key, description)
values ('days', 'csv', 'days.csv', '{mode}', {key}, 'What is new of a day.');";

const DAY_QUERY: &str = "-- grain:    one row per id
-- reads:    staging.days, elt.live_load
-- fills:    core.days
create or replace view core.incoming_days as
select distinct on (elt.bigint_value(staged.emr_appointment_id))
    elt.bigint_value(staged.emr_appointment_id) as id,
    elt.text_value(staged.appointment_status) as status,
    elt.date_value(staged.appointment_date) as day,
    staged._load_id,
    staged._row
from staging.days as staged
where
    staged._load_id = (select live_load.load_id from elt.live_load where live_load.source = 'days')
    and elt.bigint_value(staged.emr_appointment_id) is not null
order by elt.bigint_value(staged.emr_appointment_id) asc, staged._row desc;

comment on view core.incoming_days is 'What a load says that core.days holds.';
";

/// NDJSON, against \copy of the same documents as a file of one column.
fn documents(server: &Server, folder: &Path, rows: usize) {
    input::write_json(&folder.join("documents.ndjson"), rows, false);
    let project = server.project("documents", DOCUMENTS, &[]);
    server.psql(folder, "create table by_hand_documents (payload jsonb)");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(step(
            &project.elt(folder, &["load", "documents", "--force"]),
        ));
        server.psql(folder, "truncate by_hand_documents");
        // No document has a backslash: as text it is its line.
        let copy = r"\copy by_hand_documents from 'documents.ndjson'";
        theirs.push(timed(|| server.psql(folder, copy)));
    }
    ratio(
        "NDJSON into staging, against \\copy",
        &mut ours,
        &mut theirs,
    );
    server.psql(folder, "drop table by_hand_documents");
    project.drop();
}

const DOCUMENTS: &str = "
create table staging.documents (
    _load_id bigint not null, _row bigint not null, payload jsonb
) partition by list (_load_id);
insert into elt.source (source, format, file, description)
values ('documents', 'json', 'documents.ndjson', 'The rows as objects.');";

/// The program's peak, by kind of file.
fn memory(server: &Server, folder: &Path, _: usize) {
    let project = server.project("raw", &format!("{RAW}{DOCUMENTS}"), &[]);
    let text = fs::read(folder.join("appointments.csv")).unwrap();
    let packed = server.folder("packed");
    let peak = |what: &str, data: &Path, source: &str| {
        let report = project.elt(data, &["load", source, "--force"]);
        let bytes = report["load"]["peak_memory_bytes"].as_u64().unwrap();
        println!("peak memory, {what}: {:.0} MiB", bytes as f64 / 1048576.0);
    };
    peak("CSV", folder, "raw");
    peak("NDJSON", folder, "documents");
    for (what, bytes) in [
        ("CSV in gzip", {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut encoder, &text).unwrap();
            encoder.finish().unwrap()
        }),
        ("CSV in zstd", zstd::encode_all(&text[..], 3).unwrap()),
    ] {
        fs::write(packed.join("appointments.csv"), bytes).unwrap();
        peak(what, &packed, "raw");
    }
    let mut long = text[..text.len().min(1 << 20)].to_vec();
    long.truncate(long.iter().rposition(|byte| *byte == b'\n').unwrap() + 1);
    long.extend_from_slice(b"1,2,3,4,\"");
    long.resize(long.len() + 10 * 1024 * 1024, b'x');
    long.extend_from_slice(b"\",,,2021-01-01\n");
    fs::write(packed.join("appointments.csv"), long).unwrap();
    peak("CSV with a field of 10 MiB", &packed, "raw");
    let rows = text.iter().filter(|byte| **byte == b'\n').count() - 1;
    input::write_json(&packed.join("documents.ndjson"), rows, true);
    peak("a JSON array", &packed, "documents");
    project.drop();
}
