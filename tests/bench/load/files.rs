//! Many small files of one source, against a psql script that copies each of them and merges all at once.

use crate::server::{Server, timed};
use std::fmt::Write;
use std::fs;

const FILES: usize = 10_000;
const ROWS: usize = 100;

/// Each file is a load with its own record, which can be undone; the script keeps nothing of that.
pub(crate) fn many_files(server: &Server) {
    let data = server.folder("many_files");
    let mut script = String::from(
        "create temporary table staged (place bigint generated always as identity, id text, status text, day text);\n",
    );
    for file in 0..FILES {
        let mut text = String::from("id,status,day\n");
        for row in 0..ROWS {
            // A third of the rows are corrected by later files.
            let id = (file * ROWS + row) * 2 / 3;
            writeln!(text, "{id},open,2026-01-{:02}", 1 + file % 28).unwrap();
        }
        let name = format!("day-{file:05}.csv");
        fs::write(data.join(&name), text).unwrap();
        writeln!(
            script,
            "\\copy staged (id, status, day) from '{name}' (format csv, header)"
        )
        .unwrap();
    }
    script.push_str(
        "insert into by_hand_days select distinct on (id::bigint) id::bigint, status, day::date from staged \
         order by id::bigint, place desc on conflict (id) do update set status = excluded.status, day = excluded.day;\n",
    );
    fs::write(data.join("script.sql"), script).unwrap();
    for mode in ["merge", "append"] {
        let key = match mode {
            "merge" => "array['id']",
            _ => "null",
        };
        let tables = TABLES.replace("{mode}", mode).replace("{key}", key);
        let project = server.project(
            "many_days",
            &tables,
            &[("core/incoming_many_days.sql", QUERY)],
        );
        server.psql(
            &data,
            "create table by_hand_days (id bigint primary key, status text, day date)",
        );
        let mut report = serde_json::Value::Null;
        let ours = timed(|| report = project.elt(&data, &["load", "many_days"]));
        let again = timed(|| drop(project.elt(&data, &["load", "many_days"])));
        let theirs = timed(|| server.psql(&data, "\\i script.sql"));
        let loaded = report["load"]["sources"].as_array().unwrap().len();
        assert_eq!(loaded, FILES);
        println!(
            "{mode}: {FILES} files of {ROWS} rows: {:.0} files/s ({ours:.1} s, of which publishing {:.1} s); \
             unchanged: {again:.1} s; ratio to the script {:.2} ({theirs:.1} s)",
            FILES as f64 / ours,
            report["load"]["publish_seconds"].as_f64().unwrap(),
            ours / theirs
        );
        server.psql(&data, "drop table by_hand_days");
        project.drop();
    }
}

const TABLES: &str = "
create table staging.many_days (
    _load_id bigint not null, _row bigint not null, id text, status text, day text, _extra jsonb
) partition by list (_load_id);
create table core.many_days (
    id bigint primary key, status text, day date, _load_id bigint not null, _row bigint not null
);
insert into elt.source (source, format, file, mode, key, description)
values ('many_days', 'csv', 'day-*.csv', '{mode}', {key}, 'What is new of a day.');";

const QUERY: &str = "-- grain:    one row per id
-- reads:    staging.many_days, elt.live_load
-- fills:    core.many_days
create or replace view core.incoming_many_days as
select distinct on (elt.bigint_value(staged.id))
    elt.bigint_value(staged.id) as id,
    elt.text_value(staged.status) as status,
    elt.date_value(staged.day) as day,
    staged._load_id,
    staged._row
from staging.many_days as staged
where
    staged._load_id = (select live_load.load_id from elt.live_load where live_load.source = 'many_days')
    and elt.bigint_value(staged.id) is not null
order by elt.bigint_value(staged.id) asc, staged._row desc;

comment on view core.incoming_many_days is 'What a load says that core.many_days holds.';
";
