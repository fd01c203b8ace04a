-- reads:    elt.worker_status, elt.worker, elt.job, elt.schedule, elt.session, elt.end_attempt, elt.next_run
-- used by:  people in psql, once a backup was restored and before a worker starts
-- careful:  a backup holds the queue as it was. Without this the first worker takes the jobs that waited,
--           starts those again that ran, and makes up for what schedules missed, which the original may
--           have done long ago, or may be doing. Tokens of programs stay, since they come from elsewhere
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
        raise exception 'a worker lives on this database'
            using
                errcode = 'object_not_in_prerequisite_state',
                detail = 'Whoever works on it has jobs that are not to be cancelled.',
                hint = 'See elt.worker_status. Stop the workers if this is a copy that was just restored.';
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
    what := 'jobs that ran: cancelled';
    how_many := cancelled;
    return next;

    update elt.job
    set state = 'cancelled', error = reason, finished_at = clock_timestamp()
    where job.state = 'queued';
    get diagnostics how_many = row_count;
    what := 'jobs that waited: cancelled';
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
    what := 'schedules: due next from now on';
    return next;

    delete from elt.session;
    get diagnostics how_many = row_count;
    what := 'sessions of browsers: ended';
    return next;
end
$$;

comment on function elt.after_restore() is
    'Makes the queue of a restored backup quiet: jobs that waited or ran are cancelled (elt jobs retry brings one back), schedules count from now on, browsers have to sign in again. Says what it did.';

revoke execute on function elt.after_restore() from public;
