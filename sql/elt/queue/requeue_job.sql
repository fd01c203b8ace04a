-- reads:    elt.job
-- used by:  elt.fail_job, elt.release_job, elt.rescue_jobs, elt.retry_job
-- careful:  only queued jobs hold their key. If a newer job has the key, this job is queued without it. A transaction
--           that is enqueueing a job with this key is waited for at most a second, because the worker sends no
--           heartbeats meanwhile
create or replace function elt.requeue_job(job_id bigint, run_at timestamptz, attempt_count bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
begin
    update elt.job
    set
        state = 'queued',
        run_at = requeue_job.run_at,
        attempt_count = requeue_job.attempt_count,
        worker_id = null,
        lease_until = null,
        cancel_requested_at = null,
        finished_at = null
    where job.job_id = requeue_job.job_id;
exception
    when unique_violation or lock_not_available then
        update elt.job
        set dedup_key = null
        where job.job_id = requeue_job.job_id;
        perform elt.requeue_job(job_id, run_at, attempt_count);
end
$$;

comment on function elt.requeue_job(bigint, timestamptz, bigint) is
    'Queues a job again. Removes its dedup_key if a newer queued job has it.';

revoke execute on function elt.requeue_job(bigint, timestamptz, bigint) from public;
