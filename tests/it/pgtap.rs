//! Tests in SQL: the scripts of tests/sql run by pgTAP, and all functions in PL/pgSQL checked by plpgsql_check.
//! Only the tests' server has these extensions; elt needs none.

use crate::support::{Database, repository};
use postgres::{Client, SimpleQueryMessage};

/// A database with an extension in a separate schema; if it is missing, the failure names its package.
fn with_extension(extension: &str) -> Result<Database, String> {
    let database = Database::new();
    let sql = format!("create schema tap; create extension {extension} schema tap");
    let created = database.connect().batch_execute(&sql);
    created.map_err(|error| {
        let version = "select current_setting('server_version_num')::bigint / 10000";
        let version = database.number(version);
        let package = extension.replace('_', "-");
        format!(
            "no extension {extension}: {error}. Debian's package is postgresql-{version}-{package}: \
             sh .ci/setup browser"
        )
    })?;
    Ok(database)
}

/// Runs a script, and returns the failed lines of its TAP output.
fn problems(client: &mut Client, script: &str) -> Vec<String> {
    client
        .batch_execute("set search_path to tap; set client_min_messages to warning")
        .unwrap();
    let messages = match client.simple_query(script) {
        Ok(messages) => messages,
        Err(error) => return vec![format!("{error:?}")],
    };
    let mut lines = Vec::new();
    for message in messages {
        if let SimpleQueryMessage::Row(row) = message {
            lines.extend(row.get(0).unwrap_or_default().lines().map(str::to_string));
        }
    }
    let planned = lines
        .iter()
        .find_map(|line| line.strip_prefix("1..")?.parse().ok());
    let ok = lines.iter().filter(|line| line.starts_with("ok ")).count();
    let is_fine =
        |line: &&String| line.starts_with("ok ") || line.starts_with("1..") || line.is_empty();
    let mut problems: Vec<String> = lines
        .iter()
        .filter(|line| !is_fine(line))
        .cloned()
        .collect();
    if planned != Some(ok) {
        problems.push(format!("planned: {planned:?}, ok: {ok}"));
    }
    problems
}

#[test]
fn scripts_of_tests_sql_find_all_ok() {
    let database = with_extension("pgtap").unwrap();
    let mut scripts = 0;
    let mut all = Vec::new();
    for entry in std::fs::read_dir(repository().join("tests/sql")).unwrap() {
        let path = entry.unwrap().path();
        let script = std::fs::read_to_string(&path).unwrap();
        let problems = problems(&mut database.connect(), &script);
        all.extend(
            problems
                .iter()
                .map(|problem| format!("{}: {problem}", path.display())),
        );
        scripts += 1;
    }
    assert!(scripts >= 4, "{scripts}");
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn what_is_not_ok_is_found() {
    let database = with_extension("pgtap").unwrap();
    let mut client = database.connect();
    for script in [
        "begin; select plan(1); select is(1, 2, 'no'); select * from finish(); rollback",
        "begin; select plan(2); select is(1, 1, 'too few'); select * from finish(); rollback",
        "begin; select is(1, 1, 'no plan'); rollback",
    ] {
        assert!(!problems(&mut client, script).is_empty(), "{script}");
        client.batch_execute("rollback; discard temp").unwrap();
    }
}

#[test]
fn an_extension_that_is_missing_is_no_reason_to_skip() {
    let said = with_extension("no_such_thing").err().unwrap();
    assert!(
        said.contains("-no-such-thing: sh .ci/setup browser"),
        "{said}"
    );
}

/// Findings of plpgsql_check on correct functions: a part of the message, and why it is wrong.
const KNOWN: [(&str, &str); 4] = [
    (
        "target type is different type than source type",
        "'{}' is the first value of a list",
    ),
    (
        "elt.enqueue(text,jsonb,text,bigint,timestamp with time zone,text,bigint,interval) on , line : \
         warning extra: control reached end",
        "its loop has no other end than return",
    ),
    (
        "cannot determinate a result of dynamic SQL",
        "which columns there are is known when it runs",
    ),
    (
        "The tuple structure of a not-yet-assigned record is indeterminate",
        "what is assigned is known when it runs",
    ),
];

/// What functions make before they read it, so that it is there to be looked at.
const TEMPORARY: &str = "
    create temporary table elt_incoming (_load_id bigint, _row bigint);
    create temporary table elt_earlier (_load_id bigint);
    create temporary table elt_rebuilt (_load_id bigint);
    create temporary table elt_purged_load (load_id bigint);
    create temporary table elt_violated (load_id bigint);
    create temporary table elt_difference (elt_kind text, elt_content text, elt_copies bigint);
    create temporary sequence elt_pair;
    create temporary table elt_previewed (number bigint, layer text, name text, key text[], method text);
    create temporary table elt_seen (id bigint);
    create trigger elt_preview_insert after insert on elt_seen referencing new table as new_rows
        for each statement execute function elt.note_seen_rows('elt_preview_1')";

/// Findings on a function, as a trigger of each table that has it. One that is a trigger of none cannot be
/// looked at, and is a finding itself.
const FINDINGS: &str = "
    select
        format('%s on %s, line %s: %s: %s %s', pg_proc.oid::regprocedure, pg_trigger.tgrelid::regclass,
            finding.lineno, finding.level, finding.message, finding.detail) as finding
    from pg_proc
    inner join pg_language on pg_language.oid = pg_proc.prolang
    left join pg_trigger on pg_trigger.tgfoid = pg_proc.oid and not pg_trigger.tgisinternal
    cross join lateral tap.plpgsql_check_function_tb(
        funcoid => pg_proc.oid,
        relid => coalesce(pg_trigger.tgrelid, 0),
        fatal_errors => false,
        extra_warnings => true,
        oldtable => pg_trigger.tgoldtable,
        newtable => pg_trigger.tgnewtable
    ) as finding
    where
        pg_language.lanname = 'plpgsql'
        and pg_proc.pronamespace in ('elt'::regnamespace, 'public'::regnamespace)
    order by finding";

#[test]
fn functions_in_plpgsql_have_no_errors() {
    let database = with_extension("plpgsql_check").unwrap();
    let mut client = database.connect();
    client.batch_execute(TEMPORARY).unwrap();
    client
        .batch_execute(include_str!("citus/stand_ins.sql"))
        .unwrap();
    let found = |client: &mut Client| -> Vec<String> {
        let rows = client.query(FINDINGS, &[]).unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    let findings = found(&mut client);
    let unknown: Vec<&String> = findings
        .iter()
        .filter(|finding| !KNOWN.iter().any(|(known, _)| finding.contains(known)))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for (known, reason) in KNOWN {
        let is_there = findings.iter().any(|finding| finding.contains(known));
        assert!(is_there, "no longer said: {known} ({reason})");
    }
    // It looks: a function that names a column that is not there is found.
    client
        .batch_execute(
            "create function public.broken() returns bigint language plpgsql as $$
             begin return (select job.nothing from elt.job); end $$",
        )
        .unwrap();
    assert!(
        found(&mut client)
            .iter()
            .any(|finding| finding.contains("job.nothing"))
    );
}
