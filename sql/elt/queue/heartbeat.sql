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

    -- Skips a job that is locked by an open transaction of another session, and renews the others.
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

    -- No worker knows of a claim whose answer got lost. Other workers need not wait for its lease to end.
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
    'Renews the leases of the jobs that a worker reports as running, and returns the jobs that it still holds. The worker has lost a job that is missing, and should end a job that is cancelled.';

revoke execute on function elt.heartbeat(bigint, bigint[], interval) from public;
