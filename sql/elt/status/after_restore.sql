-- reads:    elt.worker_status, elt.worker, elt.job, elt.schedule, elt.session, elt.end_attempt, elt.next_run
-- used by:  users in psql, after a backup was restored and before a worker starts
-- careful:  a backup contains the queue as it was. Without this function, the first worker runs the queued jobs,
--           retries the running ones and catches up on missed schedules, although the original database may have done
--           all that. API tokens are kept, because they are used by other programs
create or replace function elt.after_restore()
returns table (what text, how_many bigint)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    reason constant text := 'the database was restored from a backup';
    running record;
    cancelled bigint := 0;
begin
    if exists (select 1 from elt.worker_status where worker_status.is_alive) then
        raise exception 'a worker is running on this database'
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = 'Its jobs must not be cancelled.',
                hint = 'See elt.worker_status. If this is a restored copy, stop its workers first.';
    end if;
    for running in
        select job.job_id, job.claim_count
        from elt.job
        where job.state = 'running'
        order by job.job_id
        for update
    loop
        perform elt.end_attempt(running.job_id, running.claim_count, 'lost', reason, null);
        update elt.job
        set
            state = 'cancelled',
            error = reason,
            worker_id = null,
            lease_until = null,
            finished_at = clock_timestamp()
        where job.job_id = running.job_id;
        cancelled := cancelled + 1;
    end loop;
    what := 'running jobs: cancelled';
    how_many := cancelled;
    return next;

    update elt.job
    set state = 'cancelled', error = reason, finished_at = clock_timestamp()
    where job.state = 'queued';
    get diagnostics how_many = row_count;
    what := 'queued jobs: cancelled';
    return next;

    update elt.worker
    set stopped_at = now()
    where worker.stopped_at is null;
    get diagnostics how_many = row_count;
    what := 'workers: ended';
    return next;

    update elt.schedule
    set next_run_at = elt.next_run(schedule.cron, schedule.time_zone, now())
    where schedule.is_enabled;
    get diagnostics how_many = row_count;
    what := 'schedules: next time computed from now';
    return next;

    delete from elt.session;
    get diagnostics how_many = row_count;
    what := 'browser sessions: ended';
    return next;
end
$$;

comment on function elt.after_restore() is
    'Prepares the queue of a restored backup: cancels queued and running jobs (elt jobs retry queues one again), computes the next times of schedules from now, and ends browser sessions. Returns what it did.';

revoke execute on function elt.after_restore() from public;
