-- reads:    elt.schedule, elt.next_run, elt.enqueue
-- used by:  elt worker, now and then
-- careful:  the row's lock and its new time commit together with the job: two workers enqueue one time
--           of a schedule once. A schedule has one queued job at most. If the last one still runs, the next is
--           queued all the same, and another thread may start it
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
            -- A time zone that is no longer known, say. The others must come.
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
    'Enqueues what the schedules say is due, sets their next time, and says how many.';

revoke execute on function elt.enqueue_due(timestamptz) from public;
