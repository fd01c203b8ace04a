-- what:   notify workers of jobs and schedules for a later time; accept names and @daily in elt.schedule.cron
-- why:    workers wait until the next job or schedule is due, and no longer; people know these words from cron
-- locks:  elt.job and elt.schedule, against writers, while the index is built and for an instant
-- time:   instant; done jobs are pruned, so that elt.job is small. The check is validated by V0042
-- undo:   drop trigger job_wakes_workers_again on elt.job, schedule_wakes_workers on elt.schedule; drop index elt.job_run_at_idx; the check as in V0012
set local lock_timeout = '2s';
set local statement_timeout = '30s';
set local search_path = pg_catalog, pg_temp;

-- Finds the next job that is not due yet.
-- squawk-ignore require-concurrent-index-creation
create index job_run_at_idx on elt.job (run_at) include (queue)
where state = 'queued';

-- A job for later is announced too: a worker that waits has to know until when.
create or replace function elt.notify_job()
returns trigger
language plpgsql
set search_path from current
as $$
begin
    if exists (select 1 from added where added.state = 'queued') then
        perform pg_notify('elt_job', '');
    end if;
    return null;
end
$$;

comment on function elt.notify_job() is 'Trigger of elt.job: wakes workers for new jobs, also for those of a later time.';

create function elt.notify_job_again()
returns trigger
language plpgsql
set search_path from current
as $$
begin
    perform pg_notify('elt_job', '');
    return null;
end
$$;

comment on function elt.notify_job_again() is
    'Trigger of elt.job: wakes workers for jobs that wait again, or for another time.';

create trigger job_wakes_workers_again
after update of state, run_at, queue on elt.job
for each row
when (
    new.state = 'queued'
    and (old.state <> new.state or old.run_at <> new.run_at or old.queue <> new.queue)
)
execute function elt.notify_job_again();

create function elt.notify_schedule()
returns trigger
language plpgsql
set search_path from current
as $$
begin
    perform pg_notify('elt_schedule', '');
    return null;
end
$$;

comment on function elt.notify_schedule() is
    'Trigger of elt.schedule: tells workers that the next time of a schedule changed.';

create trigger schedule_wakes_workers
after insert or update of cron, time_zone, is_enabled, next_run_at on elt.schedule
for each statement
execute function elt.notify_schedule();

-- A wider check replaces it. elt.next_run() checks the rest.
-- squawk-ignore ban-drop-constraint
alter table elt.schedule drop constraint schedule_cron_has_five_fields;
alter table elt.schedule
add constraint schedule_cron_is_readable check (
    cron ~* '^\s*(@[a-z]+|[0-9a-z*/,-]+(\s+[0-9a-z*/,-]+){4})\s*$'
) not valid;

comment on constraint schedule_cron_is_readable on elt.schedule is
    'Five fields: minute, hour, day of the month, month, day of the week; each *, a number, a range, a list, a step (*/15), or a name (MON, JAN). Or @hourly, @daily, @weekly, @monthly, @yearly.';
comment on column elt.schedule.cron is
    'When: minute, hour, day of the month, month (JAN is 1), day of the week (0, 7 and SUN are Sunday); each *, a number, a range, a list, or a step (*/15). If both days are restricted, either is enough. Or @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually.';
comment on column elt.schedule.time_zone is
    'Whose clock. With * in the hours or minutes a schedule runs whenever the clock shows a time that fits, in the hour that a change back repeats as well. A fixed time that a change to summer time skips comes right after the change; one that a change back repeats comes the first time only.';
