-- what:   show elt.schedule and elt.task_job in the web application's admin, and note their changes
-- why:    when jobs come, and which tasks start some, is changed by admins; who did is kept
-- locks:  elt.schedule and elt.task_job, against writers, for an instant
-- time:   instant; two rows
-- undo:   delete both rows; comments on constraints is null; drop trigger schedule_note_change on elt.schedule, task_job_note_change on elt.task_job
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- What is enqueued, and with which arguments, stays with migrations: a pipeline writes to the folder
-- that its arguments name.
insert into elt.admin_table (
    table_name, place, role, may_change, list_columns, filter_columns, read_only_columns
)
values (
    'elt.schedule', 100, 'admin', true,
    '{schedule,cron,time_zone,is_enabled,next_run_at,description}', '{is_enabled,kind}',
    '{kind,args,queue,priority,next_run_at,last_run_at,last_job_id,error}'
), (
    'elt.task_job', 101, 'admin', false,
    '{task_name,kind,description}', '{kind}', '{}'
);

comment on constraint schedule_cron_has_five_fields on elt.schedule is
    'Five fields: minute, hour, day of the month, month, day of the week; each *, a number, a range, a list, or a step (*/15).';
comment on constraint schedule_missed_runs_known on elt.schedule is 'one or none.';

-- Not of what workers keep up to date.
create trigger schedule_note_change
after insert or delete or update of cron, time_zone, is_enabled, missed_runs, description, args, kind
on elt.schedule
for each row
execute function elt.note_change('schedule');

create trigger task_job_note_change
after insert or update or delete on elt.task_job
for each row
execute function elt.note_change('task_name');
