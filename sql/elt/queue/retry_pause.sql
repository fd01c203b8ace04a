-- used by:  elt.fail_job, elt.rescue_jobs
create or replace function elt.retry_pause(attempt_count bigint)
returns interval
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select
        least(
            interval '1 hour',
            interval '15 seconds' * power(2, least(greatest(attempt_count, 1), 20) - 1)
        ) * (0.8 + 0.4 * random())
$$;

comment on function elt.retry_pause(bigint) is
    'Delay before the next attempt: 15 seconds, doubled with each attempt up to an hour, plus or minus a fifth at random, so that jobs that failed together are not retried together.';
