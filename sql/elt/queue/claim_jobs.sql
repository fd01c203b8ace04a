-- reads:    elt.job, elt.job_kind, elt.job_attempt
-- used by:  elt worker
-- careful:  runs in a short transaction of its own. The lease keeps the job, not a lock, so workers never wait for each
--           other here. The planner is forced to use the indexes, because its statistics of a table that is empty now
--           and long a moment later are misleading: otherwise each claim would sort or read all queued jobs
create or replace function elt.claim_jobs(
    worker_id bigint, queues text[], at_most bigint, lease interval default '60 seconds'
)
returns table (
    job_id bigint,
    claim_number bigint,
    kind text,
    function_name text,
    args text,
    time_limit_ms bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set enable_sort = off
set enable_bitmapscan = off
set enable_seqscan = off
as $$
declare
    chosen record;
begin
    for chosen in
        select
            job.job_id,
            job_kind.function_name,
            greatest(job.run_at, job.created_at) as due_at
        from elt.job
        inner join elt.job_kind on job.kind = job_kind.kind
        where
            job.state = 'queued'
            and job.run_at <= now()
            and job.queue = any(queues)
        order by job.priority desc, job.run_at asc, job.job_id asc
        limit at_most
        for update of job skip locked
    loop
        update elt.job
        set
            state = 'running',
            attempt_count = job.attempt_count + 1,
            claim_count = job.claim_count + 1,
            worker_id = claim_jobs.worker_id,
            lease_until = now() + lease,
            started_at = now(),
            progress = null,
            error = null
        where job.job_id = chosen.job_id
        returning
            job.job_id,
            job.claim_count,
            job.kind,
            chosen.function_name,
            -- As text, because the program parses them, and cannot represent everything that jsonb can.
            case when chosen.function_name is null then job.args::text end,
            (extract(epoch from job.time_limit) * 1000)::bigint
        into
            claim_jobs.job_id,
            claim_jobs.claim_number,
            claim_jobs.kind,
            claim_jobs.function_name,
            claim_jobs.args,
            claim_jobs.time_limit_ms;
        insert into elt.job_attempt (job_id, claim_number, worker_id, due_at)
        values (claim_jobs.job_id, claim_jobs.claim_number, claim_jobs.worker_id, chosen.due_at);
        return next;
    end loop;
end
$$;

comment on function elt.claim_jobs(bigint, text[], bigint, interval) is
    'Gives a worker the next jobs of its queues, by priority and then by age. The worker holds them until the lease ends.';

revoke execute on function elt.claim_jobs(bigint, text[], bigint, interval) from public;
