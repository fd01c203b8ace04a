-- Causes, arguments, files and the history of jobs.
begin;
select plan(27);

insert into elt.account (name, role) values ('ann', 'operator');
insert into elt.job_kind (kind, description) values ('tap', 'x');
insert into elt.task_job (task_name, kind, description) values ('tap', 'tap', 'x');
insert into elt.schedule (schedule, cron, kind, description, is_enabled) values ('tap', '0 9 * * *', 'tap', 'x', true);
create temporary table noted (name text, number bigint);

-- Causes.
insert into noted select 'role', elt.enqueue('tap');
set local elt.account = 'ann';
insert into noted select 'account', elt.enqueue('tap');
insert into noted select 'run', elt.run_schedule('tap');
insert into noted select 'again', elt.run_schedule('tap');
insert into public.tasks (name, start_time) values ('tap', now());
insert into noted select 'row', max(job_id) from elt.job;
reset elt.account;
update elt.job set dedup_key = null;
update elt.schedule set next_run_at = now() - interval '1 second' where schedule = 'tap';
select is(elt.enqueue_due(), 1::bigint, 'the schedule is due');
insert into noted select 'due', last_job_id from elt.schedule where schedule = 'tap';

create function pg_temp.cause(name text) returns text language sql
as $$ select cause from elt.job_status inner join noted on job_id = number where noted.name = cause.name $$;
select is(pg_temp.cause('role'), 'role ' || session_user, 'a role');
select is(pg_temp.cause('account'), 'account ann', 'an account');
select is(pg_temp.cause('run'), 'schedule tap, account ann', 'a schedule that an account ran');
select is(
    (select number from noted where name = 'again'), (select number from noted where name = 'run'), 'it has one job'
);
select is(
    pg_temp.cause('row'), format('row %s of public.tasks, account ann', max(task_id)), 'a row that an account inserted'
) from public.tasks;
select is(pg_temp.cause('due'), 'schedule tap', 'a schedule that was due');

-- A role that is not of the web application cannot name an account.
create role tap_enqueuer;
grant usage on schema elt to tap_enqueuer;
grant execute on function elt.enqueue(text, jsonb, text, bigint, timestamptz, text, bigint, interval) to tap_enqueuer;
set local session authorization tap_enqueuer;
set local elt.account = 'ann';
do $$ begin perform elt.enqueue('tap', '{"who": "enqueuer"}'); end $$;
reset session authorization;
reset elt.account;
select is(cause, 'role tap_enqueuer', 'a claimed account does not count')
from elt.job_status where args ->> 'who' = 'enqueuer';

-- Arguments.
insert into elt.job_argument (kind, argument, type, is_list, is_required, choices, description) values
('tap', 'one', 'integer', false, true, null, 'x'),
('tap', 'some', 'text', true, false, '{a,b}', 'x'),
('tap', 'day', 'date', false, false, null, 'x'),
('tap', 'span', 'interval', false, false, null, 'x');
select is_empty($$select * from elt.job_argument_problems('tap', '{"one": 1, "task_id": 3}')$$, 'valid');
select is_empty(
    $$select * from elt.job_argument_problems('tap', '{"one": 1, "some": ["a"], "day": null, "span": "1 day"}')$$,
    'null is not given'
);
select results_eq(
    $$select argument from elt.job_argument_problems('tap', '{"some": "a", "day": "2026-02-30", "span": "x", "y": 1}')$$,
    $$values ('day'), ('one'), ('some'), ('span'), ('y')$$, 'each argument has one problem'
);
select results_eq(
    $$select problem from elt.job_argument_problems('tap', '{"one": 1, "some": ["a", "c"]}')$$,
    $$values ('There is no choice "c".')$$, 'choices'
);
select results_eq(
    $$select problem from elt.job_argument_problems('pipeline', '{"sources": ["nothing"]}')$$,
    $$values ('There is no choice "nothing".')$$, 'choices are rows of a table'
);
select is_empty($$select * from elt.job_argument_problems('nothing', '{"x": 1}')$$, 'nothing is known of other kinds');
select is(elt.job_value_problem('1.5', 'integer'), 'This must be a whole number.', 'integer');
select is(elt.job_value_problem('"2026-11-30T10:00"', 'time') is null, false, 'a time has a zone');
select is(elt.job_value_problem('"2026-11-30T10:00:00Z"', 'time'), null, 'such as this');
select is(elt.job_value_problem('{"a": 1}', 'json'), null, 'json is anything');
select is(elt.job_value_problem('1', 'text'), 'This must be a text.', 'text');

-- Files.
delete from elt.job;
insert into elt.job (kind, state, max_attempts, time_limit, finished_at, result)
select
    'tap', 'succeeded', 1, '1 hour', now() - interval '1 hour' + number * interval '1 minute',
    jsonb_build_object('folder', folder, 'export', jsonb_build_object('files', jsonb_build_array(
        jsonb_build_object('file', 'a.csv', 'sha256', sha256, 'rows', 1, 'bytes', 2)
    )))
from (values (1, '/o', 'x'), (2, '/o', 'y'), (3, '/p', 'z'), (4, '/o', 'x')) as written (number, folder, sha256);
select results_eq(
    $$select row_number() over (order by job_id), replaced_by - min(job_id) over () + 1 from elt.job_file$$,
    $$values (1::bigint, null::bigint), (2, 4), (3, null), (4, null)$$,
    'a file is replaced if the last job that wrote it wrote other bytes'
);

-- History: due an hour ago and started half an hour ago, then failed; one still queued; one cancelled in the queue.
delete from elt.job;
insert into elt.worker (host, process_id, elt_version, queues, concurrency, holds_lock)
values ('here', 1, '0', '{default}', 1, false);
insert into elt.job (kind, state, max_attempts, time_limit, created_at, run_at, started_at, finished_at) values
('tap', 'dead', 1, '1 hour', now() - interval '60 min', now() - interval '60 min', now() - interval '30 min', now() - interval '10 min'),
('tap', 'queued', 1, '1 hour', now() - interval '20 min', now() - interval '20 min', null, null),
('tap', 'queued', 1, '1 hour', now() - interval '20 min', now() + interval '20 min', null, null),
('tap', 'cancelled', 1, '1 hour', now() - interval '50 min', now() - interval '50 min', null, now() - interval '40 min');
insert into elt.job_attempt (job_id, claim_number, worker_id, started_at, finished_at, outcome, due_at)
select job.job_id, 1, (select max(worker_id) from elt.worker), job.started_at, job.finished_at, 'failed', job.run_at
from elt.job where job.state = 'dead';
create temporary table history as
select row_number() over (order by from_time desc) - 1 as minutes_ago, * from elt.job_history('2 hours', '1 minute');
select is(count(*), 120::bigint, 'a row per minute') from history;
select is(max(from_time), date_trunc('minute', now()), 'up to now') from history;
select is(sum(failed_count), 1::numeric, 'an attempt that failed') from history where minutes_ago = 10;
select is(sum(failed_count + succeeded_count), 1::numeric, 'is counted once') from history;
select results_eq(
    $$select minutes_ago, queued_count from history where minutes_ago in (0, 15, 25, 35, 45, 55, 65) order by 1$$,
    $$values (0::bigint, 1::bigint), (15, 1), (25, 0), (35, 1), (45, 2), (55, 1), (65, 0)$$,
    'jobs that were due and not claimed'
);
create temporary table taken as
select job_id from elt.claim_jobs((select max(worker_id) from elt.worker), '{default}', 1);
select is(due_at, now() - interval '20 min', 'a claim records since when its job was due')
from elt.job_attempt inner join taken using (job_id);
select is(duration is not null, state = 'dead' or state = 'running', 'only jobs that ran have a duration')
from elt.job_status where state = 'cancelled';

select * from finish();
rollback;
