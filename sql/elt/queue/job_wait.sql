-- reads:    elt.job
-- used by:  elt worker, in the statement that claims a job, if none was claimed
-- careful:  now() must be the same as that of the claim, because both would miss a job that becomes due in between. A
--           job that is due and was not claimed is locked by another session, and this function does not wait for it.
--           The planner is forced to use the index, as in elt.claim_jobs, and reads one entry of it. min() could read
--           all of them
create or replace function elt.job_wait(queues text[])
returns bigint
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
set enable_sort = off
set enable_bitmapscan = off
set enable_seqscan = off
as $$
    select ceil(extract(epoch from job.run_at - clock_timestamp()) * 1000)::bigint
    from elt.job
    where
        job.state = 'queued'
        and job.run_at > now()
        and job.run_at < 'infinity'
        and job.queue = any(queues)
    order by job.run_at asc
    limit 1
$$;

comment on function elt.job_wait(text[]) is
    'Milliseconds until the next job of these queues is due. Null if no job is scheduled.';

revoke execute on function elt.job_wait(text[]) from public;
