-- The queue's functions, as psql and workers call them.
begin;
select plan(24);

insert into elt.job_kind (kind, max_attempts, description) values ('tap', 2, 'x');
select throws_like($$select elt.enqueue('nothing')$$, 'there is no kind of job "nothing"', 'kinds are known');
select throws_like(
    $$select elt.enqueue('tap', '[1]')$$, 'the arguments of a job must be an object%', 'arguments are an object'
);

create temporary table noted (name text, number bigint);
insert into noted select 'one', elt.enqueue('tap', dedup_key => 'one');
select is(
    elt.enqueue('tap', dedup_key => 'one'), (select number from noted where name = 'one'),
    'of a key one waits'
);
insert into noted select 'urgent', elt.enqueue('tap', priority => 9);
insert into noted select 'later', elt.enqueue('tap', priority => 10, run_at => now() + interval '1 hour');
insert into noted select 'worker', elt.start_worker('here', 1, '0', '{default}', 2, false);

select results_eq(
    $$select claim_jobs.job_id from elt.claim_jobs((select number from noted where name = 'worker'), '{default}', 9)
    as claim_jobs$$,
    $$select number from noted where name in ('urgent', 'one') order by name desc$$,
    'by priority, and not before its time'
);
select is_empty(
    $$select * from elt.claim_jobs((select number from noted where name = 'worker'), '{default}', 9)$$,
    'nothing is taken twice'
);
select results_eq(
    $$select state, attempt_count, claim_count from elt.job where job_id = (select number from noted where name = 'one')$$,
    $$values ('running', 1::bigint, 1::bigint)$$, 'what is taken runs'
);
insert into noted select 'next', elt.enqueue('tap', dedup_key => 'one', run_at => now() + interval '1 hour');
select isnt(
    (select number from noted where name = 'next'), (select number from noted where name = 'one'),
    'one that runs does not hold its key'
);
select is(
    elt.job_difference(
        (select number from noted where name = 'next'), 'tap', '{"n": 1}', 'default', 3, now() + interval '1 hour', 2, null
    ),
    '{args,priority}', 'what is different of it has a name'
);
select cmp_ok(elt.job_wait('{default}'), '>', 0::bigint, 'how long until the next one is due is known');
select cmp_ok(elt.job_wait('{default}'), '<=', 3600000::bigint, 'to the millisecond');
select is(elt.job_wait('{other}'), null, 'of the queues that are asked for');
select throws_like(
    $$select elt.succeed_job((select number from noted where name = 'one'), 7, null)$$,
    'claim 7 of job % is over', 'who does not have it cannot finish it'
);
select lives_ok(
    $$select elt.succeed_job((select number from noted where name = 'one'), 1, '{"n": 1}')$$, 'who has it can'
);
select throws_like(
    $$select elt.succeed_job((select number from noted where name = 'one'), 1, null)$$,
    'claim 1 of job % is over', 'once'
);
select is(
    elt.enqueue('tap', dedup_key => 'one'), (select number from noted where name = 'next'),
    'the next one with its key still waits'
);
select results_eq(
    $$select outcome from elt.job_attempt where job_id = (select number from noted where name = 'one')$$,
    $$values ('succeeded')$$, 'the attempt is on record'
);

select throws_like($$select elt.cancel_job(0)$$, 'there is no job 0', 'what is not there is not cancelled');
select is(
    elt.cancel_job((select number from noted where name = 'later')), 'cancelled', 'what waits is cancelled at once'
);
select is(
    elt.cancel_job((select number from noted where name = 'urgent')), 'running', 'what runs is asked to end'
);
select throws_like(
    $$select elt.cancel_job((select number from noted where name = 'one'))$$, 'job % is already succeeded',
    'what is done is done'
);
select throws_like(
    $$select elt.retry_job((select number from noted where name = 'one'))$$, 'job % is succeeded: only%',
    'and is not tried again'
);
select lives_ok(
    $$select elt.retry_job((select number from noted where name = 'later'))$$, 'what was cancelled can be'
);
select throws_like(
    $$select elt.after_restore()$$, 'a worker is running on this database', 'a database that is worked on is no copy'
);
update elt.worker set last_seen_at = now() - interval '1 hour';
select results_eq(
    $$select what, how_many from elt.after_restore() where what like '% jobs: %'$$,
    $$values ('running jobs: cancelled', 1::bigint), ('queued jobs: cancelled', 2::bigint)$$,
    'in a copy nothing waits and nothing runs'
);

select * from finish();
rollback;
