-- what:   let the task lab5 start the whole job, and schedule that for every night
-- why:    one row each says what is started
-- locks:  none on existing tables
-- time:   instant; two rows
-- undo:   delete both rows
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.task_job (task_name, kind, description)
values ('lab5', 'pipeline', 'Loads what changed, publishes, and writes the exports.');

insert into elt.schedule (schedule, cron, time_zone, kind, is_enabled, description)
values (
    'nightly', '30 2 * * *', 'America/New_York', 'pipeline', false,
    'Loads what changed every night. Switch it on: update elt.schedule set is_enabled = true where schedule = ''nightly''.'
);
