-- reads:    elt.job, elt.end_attempt, elt.requeue_job
-- used by:  elt worker, when it must stop before a job is finished
create or replace function elt.release_job(job_id bigint, claim_number bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    held elt.job;
begin
    held := elt.end_attempt(job_id, claim_number, 'released', null, null);
    if held.cancel_requested_at is null then
        perform elt.requeue_job(job_id, held.run_at, held.attempt_count - 1);
    else
        update elt.job
        set
            state = 'cancelled',
            attempt_count = held.attempt_count - 1,
            worker_id = null,
            lease_until = null,
            finished_at = clock_timestamp()
        where job.job_id = release_job.job_id;
    end if;
end
$$;

comment on function elt.release_job(bigint, bigint) is
    'Returns a job to its queue for another worker, unless it is cancelled. The attempt does not count.';

revoke execute on function elt.release_job(bigint, bigint) from public;
