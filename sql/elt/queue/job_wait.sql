-- reads:    elt.job
-- used by:  elt worker, in the statement that claims a job, if there is none
-- careful:  now() has to be that of the claim: what becomes due between the two would be seen by neither. A
--           job that is due and was not claimed is locked by another session, which is not waited for here.
--           The planner is held to the index, as in elt.claim_jobs, and reads one entry of it: min() may read all
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
    'Milliseconds until the next job of these queues is due; null if no job waits for its time.';

revoke execute on function elt.job_wait(text[]) from public;
