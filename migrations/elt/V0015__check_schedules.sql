-- what:   let elt.schedule refuse times that are none, and compute the next one when they change
-- why:    one row that cannot be read must not keep the others from coming; a changed time counts from now on
-- locks:  elt.schedule, exclusively, for an instant
-- time:   instant; a small table
-- undo:   drop trigger schedule_keeps_next_run; drop function elt.keep_next_run; alter table elt.schedule drop column error
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.schedule add column error text;

comment on column elt.schedule.error is
    'Why it could not be enqueued the last time it was due; null if it could. It is looked at again an hour later.';

create function elt.keep_next_run()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
    next_run timestamptz;
begin
    -- A migration may insert a row before sql/elt has made the function; elt.enqueue_due() completes it.
    if to_regprocedure('elt.next_run(text, text, timestamptz)') is null then
        return new;
    end if;
    next_run := elt.next_run(new.cron, new.time_zone, now());
    if next_run is null then
        raise exception 'schedule "%" never comes: %', new.schedule, new.cron
            using errcode = 'invalid_parameter_value';
    end if;
    new.next_run_at := case when tg_op = 'INSERT' then coalesce(new.next_run_at, next_run) else next_run end;
    new.error := null;
    return new;
end
$$;

comment on function elt.keep_next_run() is
    'Trigger of elt.schedule: refuses a time that is none, and computes the next one from now on.';

create trigger schedule_keeps_next_run
before insert or update of cron, time_zone, is_enabled on elt.schedule
for each row
execute function elt.keep_next_run();

-- Only the trigger of a table of tasks is to call it.
revoke execute on function elt.enqueue_task_job() from public;
