-- reads:    elt.job, elt.end_attempt
-- used by:  elt worker
-- careful:  a job that consists only of SQL calls it in the transaction that does the work, so that both commit or
--           neither does
create or replace function elt.succeed_job(job_id bigint, claim_number bigint, result jsonb)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform elt.end_attempt(job_id, claim_number, 'succeeded', null, null);
    update elt.job
    set
        state = 'succeeded',
        result = succeed_job.result,
        error = null,
        worker_id = null,
        lease_until = null,
        finished_at = clock_timestamp()
    where job.job_id = succeed_job.job_id;
end
$$;

comment on function elt.succeed_job(bigint, bigint, jsonb) is
    'Ends a job successfully and records its result. Raises an error if this claim no longer holds the job.';

revoke execute on function elt.succeed_job(bigint, bigint, jsonb) from public;
