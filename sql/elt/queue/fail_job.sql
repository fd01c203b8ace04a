-- reads:    elt.job, elt.end_attempt, elt.requeue_job, elt.retry_pause
-- used by:  elt worker
-- careful:  errors of SQLSTATE classes 22 (data), 23 (constraints) and 42 (syntax, privileges, names) would occur
--           again, so such a job is not retried
create or replace function elt.fail_job(
    job_id bigint, claim_number bigint, error text, sqlstate_of_error text, may_pass boolean
)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    held elt.job;
    outcome text;
    state_after text;
begin
    select job.* into held
    from elt.job
    where job.job_id = fail_job.job_id
    for update;
    outcome := case when held.cancel_requested_at is null then 'failed' else 'cancelled' end;
    held := elt.end_attempt(job_id, claim_number, outcome, error, sqlstate_of_error);
    state_after := case
        when outcome = 'cancelled' then 'cancelled'
        when not may_pass or left(sqlstate_of_error, 2) in ('22', '23', '42') then 'dead'
        when held.attempt_count >= held.max_attempts then 'dead'
        else 'queued'
    end;
    update elt.job
    set error = fail_job.error
    where job.job_id = fail_job.job_id;
    if state_after = 'queued' then
        perform elt.requeue_job(job_id, now() + elt.retry_pause(held.attempt_count), held.attempt_count);
    else
        update elt.job
        set
            state = state_after,
            worker_id = null,
            lease_until = null,
            finished_at = clock_timestamp()
        where job.job_id = fail_job.job_id;
    end if;
    return state_after;
end
$$;

comment on function elt.fail_job(bigint, bigint, text, text, boolean) is
    'Ends an attempt that failed. The job is queued for the next attempt, is dead after the last one, or is cancelled if that was requested. Returns its state.';

revoke execute on function elt.fail_job(bigint, bigint, text, text, boolean) from public;
