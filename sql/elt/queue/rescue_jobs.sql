-- reads:    elt.job, elt.worker, elt.end_attempt, elt.requeue_job, elt.holds_worker_lock
-- used by:  elt worker, at intervals
-- careful:  one session at a time; a second caller returns at once. A worker that holds its advisory lock (6646903, its
--           number) is alive. If the lock is free, the worker is dead, and its jobs are released before their leases
--           end. A job that kills its worker on every attempt is dead after the last one
create or replace function elt.rescue_jobs()
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    reason constant text := 'the worker died or lost its connection';
    candidate record;
    rescued bigint := 0;
begin
    if not pg_try_advisory_xact_lock(6646900, 3) then
        return 0;
    end if;
    update elt.worker
    set stopped_at = now()
    where
        worker.stopped_at is null
        and worker.holds_lock
        and not elt.holds_worker_lock(worker.worker_id);

    for candidate in
        select job.job_id, job.claim_count, job.attempt_count, job.max_attempts, job.cancel_requested_at
        from elt.job
        inner join elt.worker on job.worker_id = worker.worker_id
        where
            job.state = 'running'
            and (job.lease_until < now() or worker.stopped_at is not null)
        order by job.job_id
        for update of job skip locked
    loop
        perform elt.end_attempt(
            candidate.job_id, candidate.claim_count, 'lost', reason, null
        );
        update elt.job
        set error = reason
        where job.job_id = candidate.job_id;
        if candidate.cancel_requested_at is null and candidate.attempt_count < candidate.max_attempts then
            perform elt.requeue_job(candidate.job_id, now(), candidate.attempt_count);
        else
            update elt.job
            set
                state = case when candidate.cancel_requested_at is null then 'dead' else 'cancelled' end,
                worker_id = null,
                lease_until = null,
                run_at = now(),
                finished_at = clock_timestamp()
            where job.job_id = candidate.job_id;
        end if;
        rescued := rescued + 1;
    end loop;
    return rescued;
end
$$;

comment on function elt.rescue_jobs() is
    'Queues the jobs of dead workers and jobs with expired leases again, and returns their number.';

revoke execute on function elt.rescue_jobs() from public;
