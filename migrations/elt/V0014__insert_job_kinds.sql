-- what:   insert the engine's kinds of jobs, and the schedule that prunes
-- why:    workers run the whole job on request, and clear up after themselves
-- locks:  none on existing tables
-- time:   instant; three rows
-- undo:   delete the three rows, once no job has these kinds
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.job_kind (kind, function_name, max_attempts, time_limit, description)
values
(
    'pipeline', null, 5, '6 hours',
    'Load what changed, publish, run the rules, export. Arguments: sources (list), data (folder), out (folder), force.'
),
(
    'prune', 'elt.prune_jobs', 3, '10 minutes',
    'Delete jobs that were done long ago. Arguments: keep (an interval, 30 days).'
);

insert into elt.schedule (schedule, cron, kind, description)
values ('prune', '17 3 * * *', 'prune', 'Clears away what was done long ago, every night.');
