-- reads:    elt.job, elt.worker
-- used by:  elt worker, on a connection of its own
create or replace function elt.heartbeat(
    worker_id bigint, job_ids bigint[], lease interval default '60 seconds'
)
returns table (job_id bigint, claim_number bigint, is_cancelled boolean)
language sql
volatile
security definer
set search_path = ''
as $$
    with seen as (
        update elt.worker
        set last_seen_at = now(), stopped_at = null
        where worker.worker_id = heartbeat.worker_id
    ),

    -- A claim whose answer never arrived is held by nobody: others need not wait for its lease to end.
    dropped as (
        update elt.job
        set lease_until = now()
        where
            job.worker_id = heartbeat.worker_id
            and job.state = 'running'
            and job.started_at < now() - interval '5 seconds'
            and job.job_id <> all(job_ids)
    )

    update elt.job
    set lease_until = now() + lease
    where
        job.worker_id = heartbeat.worker_id
        and job.state = 'running'
        and job.job_id = any(job_ids)
    returning job.job_id, job.claim_count, job.cancel_requested_at is not null
$$;

comment on function elt.heartbeat(bigint, bigint[], interval) is
    'Renews the leases of the jobs that a worker says it runs, and returns those that it still has: one that is missing it has lost, and one that is cancelled it should end.';

revoke execute on function elt.heartbeat(bigint, bigint[], interval) from public;
