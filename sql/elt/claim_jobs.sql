-- reads:    elt.job, elt.job_kind, elt.job_attempt
-- used by:  elt worker
-- careful:  in a short transaction of its own: the lease holds the job, and not a lock. Two workers
--           never wait for each other here
create or replace function elt.claim_jobs(
    worker_id bigint, queues text[], at_most bigint, lease interval default '60 seconds'
)
returns table (
    job_id bigint,
    claim_number bigint,
    kind text,
    function_name text,
    args jsonb,
    attempt_count bigint,
    time_limit_ms bigint
)
language sql
volatile
security definer
set search_path = ''
as $$
    with chosen as (
        select job.job_id
        from elt.job
        where
            job.state = 'queued'
            and job.run_at <= now()
            and job.queue = any(queues)
        order by job.priority desc, job.run_at asc, job.job_id asc
        limit at_most
        for update skip locked
    ),

    claimed as (
        update elt.job
        set
            state = 'running',
            attempt_count = job.attempt_count + 1,
            claim_count = job.claim_count + 1,
            worker_id = claim_jobs.worker_id,
            lease_until = now() + lease,
            started_at = now(),
            progress = null
        from chosen
        where job.job_id = chosen.job_id
        returning
            job.job_id,
            job.claim_count,
            job.kind,
            job.args,
            job.attempt_count,
            job.time_limit,
            job.priority,
            job.run_at
    ),

    noted as (
        insert into elt.job_attempt (job_id, claim_number, worker_id)
        select claimed.job_id, claimed.claim_count, claim_jobs.worker_id
        from claimed
    )

    select
        claimed.job_id,
        claimed.claim_count,
        claimed.kind,
        job_kind.function_name,
        claimed.args,
        claimed.attempt_count,
        (extract(epoch from claimed.time_limit) * 1000)::bigint
    from claimed
    inner join elt.job_kind on claimed.kind = job_kind.kind
    order by claimed.priority desc, claimed.run_at asc, claimed.job_id asc
$$;

comment on function elt.claim_jobs(bigint, text[], bigint, interval) is
    'Gives a worker the next jobs of its queues: by priority, then by age. They are its own until the lease ends.';

revoke execute on function elt.claim_jobs(bigint, text[], bigint, interval) from public;
