-- reads:    elt.schedule, elt.job, elt.next_run, elt.enqueue
-- used by:  elt worker, at intervals
-- careful:  the row lock and the new time commit together with the job, so two workers enqueue a due schedule once. A
--           schedule has at most one queued job. If the previous job is still running, the next one is queued anyway,
--           and another thread may start it. Only a job that this transaction created has its time, and gets the schedule
--           as its cause
create or replace function elt.enqueue_due(at_time timestamptz default now())
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    due record;
    enqueued bigint := 0;
    job_number bigint;
begin
    for due in
        select schedule.*
        from elt.schedule
        where
            schedule.is_enabled
            and (schedule.next_run_at is null or schedule.next_run_at <= at_time)
        order by schedule.schedule
        for update skip locked
    loop
        job_number := null;
        begin
            if
                due.next_run_at is not null
                and (due.missed_runs = 'one' or due.next_run_at > at_time - interval '5 minutes')
            then
                job_number := elt.enqueue(
                    due.kind,
                    due.args,
                    queue => due.queue,
                    priority => due.priority,
                    dedup_key => 'schedule:' || due.schedule
                );
                update elt.job
                set schedule = due.schedule, role_name = null
                where job.job_id = job_number and job.created_at = now();
            end if;
            update elt.schedule
            set
                last_run_at = case when job_number is null then schedule.last_run_at else due.next_run_at end,
                last_job_id = coalesce(job_number, schedule.last_job_id),
                next_run_at = elt.next_run(due.cron, due.time_zone, at_time),
                error = null
            where schedule.schedule = due.schedule;
            enqueued := enqueued + (job_number is not null)::integer;
        exception
            -- For example, a time zone that no longer exists. Other schedules must still run.
            when others then
                update elt.schedule
                set error = sqlerrm, next_run_at = at_time + interval '1 hour'
                where schedule.schedule = due.schedule;
        end;
    end loop;
    return enqueued;
end
$$;

comment on function elt.enqueue_due(timestamptz) is
    'Enqueues the jobs of all schedules that are due, sets their next time and returns their number.';

revoke execute on function elt.enqueue_due(timestamptz) from public;
