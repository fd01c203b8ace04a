-- grain:    one row per worker
-- reads:    elt.worker, elt.job, elt.holds_worker_lock
-- used by:  elt status, elt jobs
create or replace view elt.worker_status as
select
    worker.worker_id,
    worker.host,
    worker.process_id,
    worker.elt_version,
    worker.queues,
    worker.concurrency,
    (
        select count(*)
        from elt.job
        where job.worker_id = worker.worker_id and job.state = 'running'
    ) as running_count,
    (
        worker.stopped_at is null
        and worker.last_seen_at > now() - interval '60 seconds'
        and (not worker.holds_lock or elt.holds_worker_lock(worker.worker_id))
    ) as is_alive,
    worker.started_at,
    worker.last_seen_at,
    worker.stopped_at
from elt.worker;

comment on view elt.worker_status is 'Workers, and whether they are alive.';
comment on column elt.worker_status.worker_id is 'Number of the worker.';
comment on column elt.worker_status.host is 'Machine that it runs on.';
comment on column elt.worker_status.process_id is 'Process of the worker.';
comment on column elt.worker_status.elt_version is 'Version of the program.';
comment on column elt.worker_status.queues is 'Queues from which it takes jobs.';
comment on column elt.worker_status.concurrency is 'Number of jobs that it can run at once.';
comment on column elt.worker_status.running_count is 'Number of jobs that it is running.';
comment on column elt.worker_status.is_alive is
    'Whether it sent a heartbeat within a minute and holds its advisory lock, if it should have one.';
comment on column elt.worker_status.started_at is 'When it started.';
comment on column elt.worker_status.last_seen_at is 'Time of its latest heartbeat.';
comment on column elt.worker_status.stopped_at is 'When it stopped or was found dead.';
