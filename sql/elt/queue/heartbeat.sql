-- reads:    elt.job, elt.worker
-- used by:  elt worker, on a connection of its own
create or replace function elt.heartbeat(
    worker_id bigint, job_ids bigint[], lease interval default '60 seconds'
)
returns table (job_id bigint, claim_number bigint, is_cancelled boolean)
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    with seen as (
        update elt.worker
        set last_seen_at = now(), stopped_at = null
        where worker.worker_id = heartbeat.worker_id
    ),

    -- Somebody's open transaction may hold one of them: then it is passed over this time, and the rest goes on.
    mine as (
        select
            job.job_id,
            job.job_id = any(job_ids) as is_run
        from elt.job
        where
            job.worker_id = heartbeat.worker_id
            and job.state = 'running'
            and (job.job_id = any(job_ids) or job.started_at < now() - interval '5 seconds')
        order by job.job_id
        for no key update skip locked
    ),

    -- A claim whose answer never arrived is held by nobody: others need not wait for its lease to end.
    renewed as (
        update elt.job
        set lease_until = case when mine.is_run then now() + lease else now() end
        from mine
        where job.job_id = mine.job_id
    )

    select
        job.job_id,
        job.claim_count,
        job.cancel_requested_at is not null
    from elt.job
    where
        job.worker_id = heartbeat.worker_id
        and job.state = 'running'
        and job.job_id = any(job_ids)
$$;

comment on function elt.heartbeat(bigint, bigint[], interval) is
    'Renews the leases of the jobs that a worker says it runs, and returns those that it still has: one that is missing it has lost, and one that is cancelled it should end.';

revoke execute on function elt.heartbeat(bigint, bigint[], interval) from public;
