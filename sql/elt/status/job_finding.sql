-- grain:    one row per queue or worker with a problem
-- reads:    elt.worker_status, elt.queue_status
-- used by:  elt.finding
create or replace view elt.job_finding as
select
    'job' as area,
    format(
        'worker %s on %s is dead, and has jobs: %s',
        worker_status.worker_id, worker_status.host, worker_status.running_count
    ) as what,
    'problem' as level,
    'The jobs do not run until another worker takes them over, which a live worker does within seconds.' as why,
    'select elt.rescue_jobs()' as statement,
    null::text[] as command
from elt.worker_status
where not worker_status.is_alive and worker_status.running_count > 0
union all
select
    'job' as area,
    format('queue %s: queued jobs: %s', queue_status.queue, queue_status.waiting_count) as what,
    'problem' as level,
    format(
        'No worker takes jobs from it. The oldest one has waited for %s seconds.', queue_status.oldest_wait_seconds
    ) as why,
    format('elt worker --queue %s', queue_status.queue) as statement,
    array['worker', '--queue', queue_status.queue] as command
from elt.queue_status
where queue_status.waiting_count > 0 and queue_status.worker_count = 0;

comment on view elt.job_finding is
    'Jobs of dead workers, and queues without a worker. Empty if there is no problem.';
comment on column elt.job_finding.area is 'job.';
comment on column elt.job_finding.what is 'What was found.';
comment on column elt.job_finding.level is 'problem.';
comment on column elt.job_finding.why is 'Why it matters.';
comment on column elt.job_finding.statement is 'SQL statement or elt command that fixes it.';
comment on column elt.job_finding.command is 'Arguments of the elt command. Null for SQL statements.';
