//! The queue's SQL functions.

use super::database;
use crate::support::Database;
use fallible_iterator::FallibleIterator;
use postgres::Client;
use postgres::error::SqlState;
use std::process::Command;

/// A worker without a process.
fn worker(database: &Database) -> i64 {
    database.number("select elt.start_worker('here', 1, 'test', '{default}', 1, false)")
}

/// Claims jobs, and returns their numbers in order.
fn claim(database: &Database, worker: i64, at_most: i64) -> Vec<i64> {
    let sql = "select job_id from elt.claim_jobs($1, '{default}', $2)";
    let rows = database.connect().query(sql, &[&worker, &at_most]).unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn state(database: &Database, job: i64) -> String {
    database.text(&format!("select state from elt.job where job_id = {job}"))
}

#[test]
fn jobs_are_claimed_by_priority_then_by_time_and_not_early() {
    let database = database();
    let worker = worker(&database);
    database.run(
        "select elt.enqueue('note', '{\"n\": 1}');
         select elt.enqueue('note', '{\"n\": 2}', run_at => now() - interval '1 hour');
         select elt.enqueue('note', '{\"n\": 3}', priority => 5);
         select elt.enqueue('note', '{\"n\": 4}', run_at => now() + interval '1 hour', priority => 9);
         select elt.enqueue('note', '{\"n\": 5}', queue => 'other', priority => 9)",
    );
    assert_eq!(claim(&database, worker, 10), [3, 2, 1]);
    assert!(claim(&database, worker, 10).is_empty());
}

#[test]
fn a_rollback_also_removes_the_job() {
    let database = database();
    database.run("begin; select elt.enqueue('note'); rollback");
    assert_eq!(database.number("select count(*) from elt.job"), 0);
}

#[test]
fn one_job_per_key_is_queued_and_a_running_job_frees_its_key() {
    let database = database();
    let worker = worker(&database);
    let enqueue = "select elt.enqueue('note', dedup_key => 'only')";
    let first = database.number(enqueue);
    assert_eq!(database.number(enqueue), first);
    assert_eq!(claim(&database, worker, 10), [first]);
    let second = database.number(enqueue);
    assert_ne!(second, first, "it may have missed what came since");
    assert_eq!(database.number(enqueue), second);
    assert_eq!(claim(&database, worker, 10), [second]);
    database.run(&format!(
        "select elt.succeed_job({first}, 1, null), elt.succeed_job({second}, 1, null)"
    ));
    assert!(![first, second].contains(&database.number(enqueue)));
}

/// A running job with a key, and a queued one with the same key.
fn one_runs_and_one_is_queued(database: &Database, worker: i64) -> (i64, i64) {
    let enqueue = "select elt.enqueue('note', dedup_key => 'only')";
    let runs = database.number(enqueue);
    assert_eq!(claim(database, worker, 1), [runs]);
    (runs, database.number(enqueue))
}

#[test]
fn a_requeued_job_gives_its_key_to_a_newer_job() {
    let database = database();
    let end = "update elt.job set state = 'dead', worker_id = null, lease_until = null, finished_at = now() \
               where job_id = JOB";
    for again in [
        "select elt.fail_job(JOB, 1, 'no', null, true)",
        "select elt.release_job(JOB, 1)",
        "update elt.job set lease_until = now() - interval '1 second' where job_id = JOB; \
         select elt.rescue_jobs()",
        &format!("{end}; select elt.retry_job(JOB)"),
    ] {
        database.run("delete from elt.job");
        let worker = worker(&database);
        let (runs, queued) = one_runs_and_one_is_queued(&database, worker);
        database.run(&again.replace("JOB", &runs.to_string()));
        let keys = "select string_agg(state || ' ' || coalesce(dedup_key, '-'), ', ' order by job_id) from elt.job";
        assert_eq!(database.text(keys), "queued -, queued only", "{again}");
        // It keeps the key if there is no newer job.
        database.run(&format!(
            "delete from elt.job where job_id = {runs}; update elt.job set run_at = now()"
        ));
        assert_eq!(claim(&database, worker, 1), [queued]);
        database.run(&again.replace("JOB", &queued.to_string()));
        assert_eq!(database.text(keys), "queued only", "{again}");
    }
}

#[test]
fn an_open_enqueue_of_a_key_does_not_block_a_retry() {
    let database = database();
    let worker = worker(&database);
    let enqueue = "select elt.enqueue('note', dedup_key => 'only')";
    let runs = database.number(enqueue);
    assert_eq!(claim(&database, worker, 1), [runs]);
    let mut other = database.connect();
    let mut open = other.transaction().unwrap();
    open.batch_execute(enqueue).unwrap();
    database.run("update elt.job set lease_until = now() - interval '1 second'");
    assert_eq!(database.number("select elt.rescue_jobs()"), 1);
    open.rollback().unwrap();
    assert_eq!(state(&database, runs), "queued");
    assert_eq!(
        database.number("select count(*) from elt.job where dedup_key is null"),
        1
    );
}

#[test]
fn a_queued_job_starts_after_all_its_enqueuers_have_committed() {
    let database = database();
    let worker = worker(&database);
    let enqueue = "select elt.enqueue('note', dedup_key => 'only')";
    let job = database.number(enqueue);
    let (mut one, mut two) = (database.connect(), database.connect());
    let mut one = one.transaction().unwrap();
    let mut two = two.transaction().unwrap();
    for transaction in [&mut one, &mut two] {
        let same: i64 = transaction.query_one(enqueue, &[]).unwrap().get(0);
        assert_eq!(same, job);
    }
    assert!(
        claim(&database, worker, 1).is_empty(),
        "it would not see what they did"
    );
    two.rollback().unwrap();
    assert!(claim(&database, worker, 1).is_empty());
    let mut listener = listener(&database);
    one.commit().unwrap();
    assert_eq!(heard(&mut listener), ["elt_job"]);
    assert_eq!(claim(&database, worker, 1), [job]);
}

#[test]
fn enqueueing_a_different_job_under_a_used_key_reports_the_difference() {
    let database = database();
    let told = |sql: &str| {
        let psql = Command::new("psql")
            .args(["-X", "-q", "-d", &database.url(), "-c", sql])
            .output();
        String::from_utf8(psql.unwrap().stderr).unwrap()
    };
    let same = "select elt.enqueue('note', '{\"n\": 1}', dedup_key => 'k'";
    assert_eq!(told(&format!("{same})")), "");
    assert_eq!(told(&format!("{same})")), "", "nothing is different");
    assert_eq!(
        told(&format!("{same}, run_at => now() - interval '1 day')")),
        ""
    );
    let said = told(
        "select elt.enqueue('divide', '{\"secret\": 77}', dedup_key => 'k', priority => 2, queue => 'slow', \
         run_at => now() + interval '1 hour', max_attempts => 9, time_limit => '7 minutes')",
    );
    let names = "job 1 already has the key and was not changed; it differs in: \
                 kind, args, queue, priority, run_at, max_attempts, time_limit";
    assert!(said.contains(names), "{said}");
    assert!(!said.contains("77"), "no value of an argument: {said}");
}

/// A session that listens to the channels of workers.
fn listener(database: &Database) -> Client {
    let mut client = database.connect();
    client
        .batch_execute("listen elt_job; listen elt_schedule")
        .unwrap();
    client
}

/// The channels of the notifications received so far.
fn heard(listener: &mut Client) -> Vec<String> {
    // Earlier notifications arrive with the answer.
    listener.batch_execute("select 1").unwrap();
    let mut notifications = listener.notifications();
    let channels = notifications
        .iter()
        .map(|notification| Ok(notification.channel().to_string()));
    channels.collect().unwrap()
}

#[test]
fn workers_are_notified_of_jobs_and_schedules_for_later_times() {
    let database = database();
    let mut listener = listener(&database);
    let (worker, later) = (worker(&database), "run_at => now() + interval '1 hour'");
    let job = database.number(&format!("select elt.enqueue('note', {later})"));
    assert_eq!(heard(&mut listener), ["elt_job"], "a job for later");
    database.run("update elt.job set run_at = now()");
    assert_eq!(heard(&mut listener), ["elt_job"], "a time that changed");
    claim(&database, worker, 1);
    assert!(heard(&mut listener).is_empty(), "a job that runs");
    database.run(&format!("select elt.fail_job({job}, 1, 'no', null, true)"));
    assert_eq!(heard(&mut listener), ["elt_job"], "a job that is retried");
    database.run(&format!("select elt.cancel_job({job})"));
    assert!(heard(&mut listener).is_empty(), "a job that is cancelled");
    database.run(&format!("select elt.retry_job({job})"));
    assert_eq!(heard(&mut listener), ["elt_job"]);
    database.run("update elt.schedule set description = 'x'");
    assert!(heard(&mut listener).is_empty(), "its times are the same");
    database.run("update elt.schedule set cron = '5 * * * *'");
    assert_eq!(heard(&mut listener), ["elt_schedule"]);
}

#[test]
fn a_worker_learns_when_its_next_job_and_schedule_are_due() {
    let database = database();
    let wait = |queues: &str| {
        database.text(&format!(
            "select coalesce((round(elt.job_wait('{queues}') / 60000.0))::text, 'nothing')"
        ))
    };
    assert_eq!(wait("{default}"), "nothing");
    database.run(
        "select elt.enqueue('note'), elt.enqueue('note', run_at => 'infinity'), \
                elt.enqueue('note', run_at => now() + interval '50 minutes'), \
                elt.enqueue('note', run_at => now() + interval '20 minutes', queue => 'slow'), \
                elt.enqueue('note', run_at => now() + interval '40 minutes', priority => -1)",
    );
    assert_eq!(wait("{default}"), "40", "whatever their priorities");
    assert_eq!(wait("{default,slow}"), "20");
    assert_eq!(wait("{other}"), "nothing");
    let never_early = "select (clock_timestamp() + wait * interval '1 millisecond' >= job.run_at)::integer::bigint \
                       from elt.job_wait('{slow}') as wait inner join elt.job on job.queue = 'slow'";
    assert_eq!(database.number(never_early), 1);
    database.run(
        "update elt.schedule set next_run_at = now() + interval '30 minutes'; \
         insert into elt.schedule (schedule, cron, kind, next_run_at, is_enabled, description) values \
             ('off', '0 0 1 1 *', 'note', now() + interval '10 minutes', false, 'x'), \
             ('due', '0 0 1 1 *', 'note', now() - interval '10 minutes', true, 'x')",
    );
    let schedule_wait = "select round(elt.schedule_wait() / 60000.0)::bigint";
    assert_eq!(database.number(schedule_wait), 30);
    database.run("update elt.schedule set is_enabled = false");
    let none = "select (elt.schedule_wait() is null)::integer::bigint";
    assert_eq!(database.number(none), 1);
}

#[test]
fn a_worker_that_lost_a_job_cannot_finish_it() {
    let database = database();
    let (slow, other) = (worker(&database), worker(&database));
    let job = database.number("select elt.enqueue('note')");
    claim(&database, slow, 1);
    database.run("update elt.job set lease_until = now() - interval '1 second'");
    assert_eq!(database.number("select elt.rescue_jobs()"), 1);
    assert_eq!(claim(&database, other, 1), [job]);
    for sql in [
        format!("select elt.succeed_job({job}, 1, null)"),
        format!("select elt.fail_job({job}, 1, 'x', null, true)"),
        format!("select elt.release_job({job}, 1)"),
    ] {
        let error = database.connect().batch_execute(&sql).unwrap_err();
        assert_eq!(
            error.code(),
            Some(&SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE),
            "{sql}"
        );
    }
    let held = format!("select count(*) from elt.heartbeat({slow}, array[{job}::bigint])");
    assert_eq!(database.number(&held), 0);
    database.run(&format!("select elt.succeed_job({job}, 2, '7')"));
    assert_eq!(state(&database, job), "succeeded");
    let outcomes = "select string_agg(outcome, ' ' order by claim_number) from elt.job_attempt";
    assert_eq!(database.text(outcomes), "lost succeeded");
}

#[test]
fn a_failing_job_is_retried_with_increasing_delays_until_it_is_dead() {
    let database = database();
    let worker = worker(&database);
    let job = database.number("select elt.enqueue('note')");
    let mut waits = Vec::new();
    for attempt in 1..=3 {
        assert_eq!(claim(&database, worker, 1), [job]);
        database.run(&format!(
            "select elt.fail_job({job}, {attempt}, 'no', '08006', true)"
        ));
        let wait = "select extract(epoch from run_at - now())::bigint from elt.job";
        waits.push(database.number(wait));
        database.run("update elt.job set run_at = now()");
    }
    assert!((11..=18).contains(&waits[0]), "{waits:?}");
    assert!((23..=36).contains(&waits[1]), "{waits:?}");
    assert_eq!(state(&database, job), "dead");
    assert_eq!(
        database.number("select count(*) from elt.job_attempt where outcome = 'failed'"),
        3
    );
    database.run(&format!("select elt.retry_job({job})"));
    assert_eq!(claim(&database, worker, 1), [job]);
    // Permanent errors are not retried.
    database.run(&format!(
        "select elt.fail_job({job}, 4, 'no', '23505', true)"
    ));
    assert_eq!(state(&database, job), "dead");
}

#[test]
fn a_released_job_does_not_count_as_an_attempt() {
    let database = database();
    let worker = worker(&database);
    let job = database.number("select elt.enqueue('note')");
    for claim_number in 1..=5 {
        claim(&database, worker, 1);
        database.run(&format!("select elt.release_job({job}, {claim_number})"));
    }
    assert_eq!(database.number("select attempt_count from elt.job"), 0);
    assert_eq!(claim(&database, worker, 1), [job]);
}

#[test]
fn cancelling_ends_a_queued_job_and_requests_the_end_of_a_running_one() {
    let database = database();
    let worker = worker(&database);
    let (waits, runs) = (
        database.number("select elt.enqueue('note', priority => -1)"),
        database.number("select elt.enqueue('note')"),
    );
    assert_eq!(claim(&database, worker, 1), [runs]);
    database.run(&format!(
        "select elt.cancel_job({waits}), elt.cancel_job({runs})"
    ));
    assert_eq!(
        (state(&database, waits), state(&database, runs)),
        ("cancelled".into(), "running".into())
    );
    let told = format!(
        "select count(*) from elt.heartbeat({worker}, array[{runs}::bigint]) where is_cancelled"
    );
    assert_eq!(database.number(&told), 1);
    database.run(&format!(
        "select elt.fail_job({runs}, 1, 'cancelled', null, true)"
    ));
    assert_eq!(state(&database, runs), "cancelled");
    let error = database
        .connect()
        .batch_execute(&format!("select elt.cancel_job({runs})"));
    assert!(error.is_err());
}

#[test]
fn the_database_refuses_wrong_state_changes_from_any_role() {
    let database = database();
    let worker = worker(&database);
    let job = database.number("select elt.enqueue('note')");
    claim(&database, worker, 1);
    database.run(&format!("select elt.succeed_job({job}, 1, null)"));
    for sql in [
        "update elt.job set state = 'queued', finished_at = null",
        "update elt.job set state = 'dead'",
        "insert into elt.job (kind, max_attempts, time_limit, state) values ('note', 1, '1 minute', 'running')",
        "insert into elt.job (kind, max_attempts, time_limit, state) values ('note', 1, '1 minute', 'lost')",
        "insert into elt.job (kind, max_attempts, time_limit, args) values ('note', 1, '1 minute', '[]')",
        "update elt.job set lease_until = now()",
    ] {
        let error = database.connect().batch_execute(sql).unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::CHECK_VIOLATION), "{sql}");
    }
}

#[test]
fn a_schedule_is_due_in_its_own_time_zone_across_clock_changes() {
    let database = Database::new();
    let next = |cron: &str, zone: &str, after: &str| {
        database.text(&format!(
            "select coalesce(to_char(elt.next_run('{cron}', '{zone}', '{after}') at time zone 'UTC', \
             'YYYY-MM-DD HH24:MI'), 'never')"
        ))
    };
    assert_eq!(
        next("*/15 * * * *", "UTC", "2026-03-07 00:14:59+00"),
        "2026-03-07 00:15"
    );
    assert_eq!(
        next("0 9 * * 1-5", "Europe/Berlin", "2026-03-07 00:00+00"),
        "2026-03-09 08:00"
    );
    assert_eq!(
        next("0 9 * * 1-5", "Europe/Berlin", "2026-03-28 00:00+00"),
        "2026-03-30 07:00"
    );
    assert_eq!(
        next("5/20 * * * *", "UTC", "2026-03-07 00:25+00"),
        "2026-03-07 00:45"
    );
    assert_eq!(
        next("0 0 29 2 *", "UTC", "2026-03-01 00:00+00"),
        "2028-02-29 00:00"
    );
    assert_eq!(
        next("0 0 13 * 5", "UTC", "2026-03-01 00:00+00"),
        "2026-03-06 00:00",
        "either day"
    );
    assert_eq!(
        next("0 0 1 * 7", "UTC", "2026-03-01 00:00+00"),
        "2026-03-08 00:00",
        "7 is Sunday"
    );
    assert_eq!(next("0 0 30 2 *", "UTC", "2026-03-01 00:00+00"), "never");
    for cron in [
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "5-1 * * * *",
        "* * * * 8",
        "* * * * * *",
        "MON * * * *",
        "* * * MON *",
        "* * * * JAN",
        "* * * * MONDAY",
        "* * * * FRI-MON",
        "* * * SUN-3 *",
        "* * * * MON,",
        "",
        "@",
        "@noon",
        "@reboot",
        "@daily 5",
    ] {
        let sql = format!("select elt.next_run('{cron}', 'UTC', now())");
        assert!(database.connect().batch_execute(&sql).is_err(), "{cron}");
    }
}

#[test]
fn cron_accepts_names_of_days_months_and_schedules() {
    let database = Database::new();
    let mut client = database.connect();
    let mut times = |cron: &str| -> Vec<String> {
        let sql = "with recursive times (place, time) as (
                       select 1, elt.next_run($1, 'UTC', '2026-01-01 00:00Z')
                       union all
                       select place + 1, elt.next_run($1, 'UTC', time) from times where place < 20)
                   select time::text from times order by place";
        let rows = client.query(sql, &[&cron]).unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    for (written, same) in [
        ("0 9 * * MON", "0 9 * * 1"),
        ("0 9 * * mon-Fri", "0 9 * * 1-5"),
        ("0 9 * * SAT-SUN", "0 9 * * 6,0"),
        ("0 9 * * SUN-TUE", "0 9 * * 0-2"),
        ("0 9 * * SUN", "0 9 * * 7"),
        ("0 9 * * 7", "0 9 * * 0"),
        ("0 9 * * TUE,thu,6", "0 9 * * 2,4,6"),
        ("0 9 * * MON-FRI/2", "0 9 * * 1,3,5"),
        ("0 9 1 JAN,Jul *", "0 9 1 1,7 *"),
        ("0 9 1 oct-DEC *", "0 9 1 10-12 *"),
        ("0 9 1 FEB-11/3 *", "0 9 1 2,5,8,11 *"),
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        (" @Annually ", "0 0 1 1 *"),
    ] {
        assert_eq!(times(written), times(same), "{written}");
    }
    // The table accepts them too, and explains why it rejects @reboot.
    let insert = |cron: &str| {
        let sql = "insert into elt.schedule (schedule, cron, kind, description) values ('x', $1, 'prune', 'x')";
        database.connect().execute(sql, &[&cron])
    };
    let error = insert("@reboot").unwrap_err();
    let error = error.as_db_error().unwrap();
    assert_eq!(error.message(), "schedule \"@reboot\" has no time");
    assert!(error.detail().unwrap().contains("Workers start and stop"));
    assert!(error.hint().unwrap().contains("elt jobs enqueue"));
    let error = insert("@noon").unwrap_err();
    let hint = error.as_db_error().unwrap().hint().unwrap();
    assert!(hint.contains("@midnight"), "{hint}");
    insert("0 9 * JAN-MAR Mon,fri").unwrap();
    database.run("update elt.schedule set cron = '@daily' where schedule = 'x'");
}

/// The times of a schedule between two moments, in UTC.
fn times_between(client: &mut Client, cron: &str, zone: &str, from: &str, to: &str) -> String {
    let sql = format!(
        "with recursive times (time) as (
             select elt.next_run('{cron}', '{zone}', '{from}Z')
             union all
             select elt.next_run('{cron}', '{zone}', time) from times where time < '{to}Z')
         select coalesce(string_agg(to_char(time at time zone 'UTC', 'DD HH24:MI'), ', ' order by time), '')
         from times where time < '{to}Z'"
    );
    client.query_one(&sql, &[]).unwrap().get(0)
}

/// Behaves like cron on days when clocks change. Three zones: New York changes by an hour at 2:00, Berlin too but
/// back at 3:00, Lord Howe by half an hour at 2:00.
#[test]
fn on_days_of_clock_changes_intervals_follow_elapsed_time_and_fixed_times_the_clock() {
    let database = Database::new();
    let mut client = database.connect();
    let mut expect = |zone: &str, from: &str, to: &str, expected: &[(&str, &str)]| {
        for (cron, times) in expected {
            let found = times_between(&mut client, cron, zone, from, to);
            assert_eq!(found, *times, "{cron} in {zone} after {from}");
        }
    };
    // From 2:00 (7:00 UTC) it is 3:00.
    expect(
        "America/New_York",
        "2026-03-08 05:30",
        "2026-03-08 09:00",
        &[
            ("0 * * * *", "08 06:00, 08 07:00, 08 08:00"),
            (
                "*/30 * * * *",
                "08 06:00, 08 06:30, 08 07:00, 08 07:30, 08 08:00, 08 08:30",
            ),
            ("*/30 2 * * *", ""),
            ("30 2 * * *", "08 07:00"),
            ("0 2 * * *", "08 07:00"),
            ("15,45 2 * * *", "08 07:00"),
            ("0 2,3 * * *", "08 07:00"),
            ("30 2,3 * * *", "08 07:00, 08 07:30"),
            ("30 1 * * *", "08 06:30"),
            ("30 2 8 3 *", "08 07:00"),
            ("30 2 * * SUN", "08 07:00"),
        ],
    );
    // From 2:00 (6:00 UTC) it is 1:00 again.
    expect(
        "America/New_York",
        "2026-11-01 04:30",
        "2026-11-01 08:30",
        &[
            ("0 * * * *", "01 05:00, 01 06:00, 01 07:00, 01 08:00"),
            ("@hourly", "01 05:00, 01 06:00, 01 07:00, 01 08:00"),
            ("30 * * * *", "01 05:30, 01 06:30, 01 07:30"),
            ("*/30 1 * * *", "01 05:00, 01 05:30, 01 06:00, 01 06:30"),
            ("30 1 * * *", "01 05:30"),
            ("0,30 1 * * *", "01 05:00, 01 05:30"),
            ("0 1 * * *", "01 05:00"),
            ("0 2 * * *", "01 07:00"),
            ("30 1,2 * * *", "01 05:30, 01 07:30"),
        ],
    );
    // From 2:00 (1:00 UTC) it is 3:00.
    expect(
        "Europe/Berlin",
        "2026-03-28 23:30",
        "2026-03-29 03:00",
        &[
            ("0 * * * *", "29 00:00, 29 01:00, 29 02:00"),
            ("0 */2 * * *", "29 02:00"),
            ("30 2 * * *", "29 01:00"),
            ("0 3 * * *", "29 01:00"),
            ("30 3 * * *", "29 01:30"),
        ],
    );
    // From 3:00 (1:00 UTC) it is 2:00 again.
    expect(
        "Europe/Berlin",
        "2026-10-24 23:30",
        "2026-10-25 03:30",
        &[
            ("0 * * * *", "25 00:00, 25 01:00, 25 02:00, 25 03:00"),
            (
                "*/20 2 * * *",
                "25 00:00, 25 00:20, 25 00:40, 25 01:00, 25 01:20, 25 01:40",
            ),
            ("30 2 * * *", "25 00:30"),
            ("0 3 * * *", "25 02:00"),
            ("59 2 * * *", "25 00:59"),
        ],
    );
    // From 2:00 (15:30 UTC) it is 2:30.
    expect(
        "Australia/Lord_Howe",
        "2026-10-03 14:00",
        "2026-10-03 17:00",
        &[
            ("0 * * * *", "03 14:30, 03 16:00"),
            ("30 * * * *", "03 15:00, 03 15:30, 03 16:30"),
            ("*/15 2 * * *", "03 15:30, 03 15:45"),
            ("15 2 * * *", "03 15:30"),
            ("0 2 * * *", "03 15:30"),
            ("45 2 * * *", "03 15:45"),
        ],
    );
    // From 2:00 (15:00 UTC) it is 1:30 again.
    expect(
        "Australia/Lord_Howe",
        "2026-04-04 13:30",
        "2026-04-04 17:00",
        &[
            ("0 * * * *", "04 14:00, 04 15:30, 04 16:30"),
            (
                "*/15 1 * * *",
                "04 14:00, 04 14:15, 04 14:30, 04 14:45, 04 15:00, 04 15:15",
            ),
            ("45 1 * * *", "04 14:45"),
            ("15 1 * * *", "04 14:15"),
            ("0 2 * * *", "04 15:30"),
        ],
    );
    // A time that was computed within the repeated hour.
    expect(
        "America/New_York",
        "2026-11-01 06:10",
        "2026-11-02 07:00",
        &[("30 1 * * *", "02 06:30"), ("15 2 * * *", "01 07:15")],
    );
}

#[test]
fn two_workers_enqueue_one_time_of_a_schedule_once() {
    let database = database();
    database.run(
        "update elt.schedule set is_enabled = false;
         insert into elt.schedule (schedule, cron, kind, missed_runs, next_run_at, description) values
             ('hourly', '0 * * * *', 'note', 'one', '2026-01-01 00:00+00', 'x'),
             ('exact', '0 * * * *', 'note', 'none', '2026-01-01 00:00+00', 'x'),
             ('punctual', '0 * * * *', 'note', 'none', '2026-03-01 11:58+00', 'x')",
    );
    let look = "select elt.enqueue_due('2026-03-01 12:00+00')";
    let threads: Vec<i64> = std::thread::scope(|scope| {
        let looks = [0, 1, 2].map(|_| scope.spawn(|| database.number(look)));
        looks.into_iter().map(|look| look.join().unwrap()).collect()
    });
    assert_eq!(
        threads.iter().sum::<i64>(),
        2,
        "one for all that were missed, and the punctual one"
    );
    let enqueued = "select string_agg(dedup_key, ' ' order by dedup_key) from elt.job";
    assert_eq!(database.text(enqueued), "schedule:hourly schedule:punctual");
    let next = "select string_agg(distinct to_char(next_run_at at time zone 'UTC', 'HH24:MI'), ' ') \
                from elt.schedule where is_enabled";
    assert_eq!(database.text(next), "13:00");
}

#[test]
fn old_finished_jobs_are_pruned_and_running_ones_are_kept() {
    let database = database();
    let worker = worker(&database);
    for _ in 0..3 {
        database.run("select elt.enqueue('note')");
    }
    claim(&database, worker, 2);
    database.run(
        "select elt.succeed_job(1, 1, null); \
                  update elt.job set finished_at = now() - interval '31 days' where job_id = 1; \
                  update elt.worker set stopped_at = now() - interval '31 days'",
    );
    assert_eq!(
        database.text("select elt.prune_jobs('{}')::text"),
        "{\"jobs\": 1, \"workers\": 0}"
    );
    assert_eq!(database.number("select count(*) from elt.job"), 2);
    assert_eq!(database.number("select count(*) from elt.job_attempt"), 1);
}

#[test]
fn an_invalid_schedule_is_refused_and_does_not_block_others() {
    let database = database();
    let insert = "insert into elt.schedule (schedule, cron, time_zone, kind, description) values ";
    for (values, said) in [
        (
            "('x', '61 * * * *', 'UTC', 'note', 'x')",
            "\"61\" is not a valid field of a schedule",
        ),
        (
            "('x', '0 24 * * *', 'UTC', 'note', 'x')",
            "\"24\" is not a valid field of a schedule",
        ),
        (
            "('x', '0 9 31 2 *', 'UTC', 'note', 'x')",
            "schedule \"x\" never comes",
        ),
        (
            "('x', '0 9 * * *', 'Mars/Phobos', 'note', 'x')",
            "time zone \"Mars/Phobos\"",
        ),
    ] {
        let error = database
            .connect()
            .batch_execute(&format!("{insert} {values}"));
        let error = error.unwrap_err();
        let text = error.as_db_error().unwrap().message();
        assert!(text.contains(said), "{text}");
    }
    database.run(&format!(
        "update elt.schedule set is_enabled = false; \
         {insert} ('bad', '0 9 * * *', 'UTC', 'note', 'x'), ('good', '0 9 * * *', 'UTC', 'note', 'x'); \
         alter table elt.schedule disable trigger user; \
         update elt.schedule set time_zone = 'Mars/Phobos' where schedule = 'bad'; \
         alter table elt.schedule enable trigger user; \
         update elt.schedule set next_run_at = now() where schedule in ('bad', 'good')"
    ));
    assert_eq!(database.number("select elt.enqueue_due()"), 1);
    let jobs = "select string_agg(dedup_key, ' ') from elt.job";
    assert_eq!(database.text(jobs), "schedule:good");
    let shown = database.elt().args(["jobs", "schedules"]).run().ok();
    assert!(shown.stdout.contains("Mars/Phobos"), "{}", shown.stdout);
}

#[test]
fn a_changed_schedule_counts_from_now() {
    let database = database();
    database.run(
        "insert into elt.schedule (schedule, cron, kind, next_run_at, is_enabled, description) \
         values ('x', '0 9 * * *', 'note', '2026-01-01', false, 'x'); \
         update elt.schedule set is_enabled = true where schedule = 'x'",
    );
    let is_later = "select count(*) from elt.schedule where schedule = 'x' and next_run_at > now()";
    assert_eq!(database.number(is_later), 1);
    database.run(
        "update elt.schedule set next_run_at = now() - interval '1 day', missed_runs = 'none'",
    );
    assert_eq!(database.number(is_later), 0, "other columns change no time");
}

#[test]
fn an_open_transaction_does_not_block_heartbeats() {
    let database = database();
    let worker = worker(&database);
    let jobs = [(); 2].map(|()| database.number("select elt.enqueue('note')"));
    assert_eq!(claim(&database, worker, 2), jobs);
    let mut open = database.connect();
    open.batch_execute(&format!("begin; select elt.cancel_job({})", jobs[0]))
        .unwrap();
    database.run("update elt.job set lease_until = now() where job_id = 2");
    let heartbeat = format!(
        "set statement_timeout = '5s'; select elt.heartbeat({worker}, array(select job_id from elt.job))"
    );
    database.run(&heartbeat);
    let renewed = "select count(*) from elt.job where lease_until > now() + interval '30 seconds'";
    assert_eq!(database.number(renewed), 2);
    open.batch_execute("commit").unwrap();
}

#[test]
fn a_read_only_role_can_neither_start_nor_end_jobs() {
    let database = database();
    let role = format!("{}_looker", database.name());
    database.run(&format!(
        "create role {role} login; grant usage on schema elt to {role}; grant select on elt.job_status to {role}"
    ));
    let mut looker = database.connect_as(&role);
    looker.batch_execute("table elt.job_status").unwrap();
    for sql in [
        "select elt.enqueue('pipeline', '{\"out\": \"/etc\"}')",
        "select elt.cancel_job(1)",
        "select elt.retry_job(1)",
        "select elt.claim_jobs(1, '{default}', 1)",
    ] {
        let error = looker.batch_execute(sql).unwrap_err();
        assert_eq!(
            error.code(),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE),
            "{sql}"
        );
    }
    drop(looker);
    database.run(&format!("drop owned by {role}; drop role {role}"));
}
