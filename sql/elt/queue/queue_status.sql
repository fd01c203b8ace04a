-- grain:    one row per queue that has jobs
-- reads:    elt.job, elt.worker_status
-- used by:  elt status, elt jobs
create or replace view elt.queue_status as
select
    job.queue,
    count(*) filter (where job.state = 'queued' and job.run_at <= now()) as waiting_count,
    count(*) filter (where job.state = 'queued' and job.run_at > now()) as later_count,
    count(*) filter (where job.state = 'running') as running_count,
    count(*) filter (where job.state = 'dead') as dead_count,
    extract(epoch from now() - min(job.run_at) filter (
        where job.state = 'queued' and job.run_at <= now()
    ))::bigint as oldest_wait_seconds,
    (
        select count(*)
        from elt.worker_status
        where worker_status.is_alive and job.queue = any(worker_status.queues)
    ) as worker_count
from elt.job
where job.state in ('queued', 'running', 'dead')
group by job.queue
order by job.queue;

comment on view elt.queue_status is 'Number of jobs in each queue, by state.';
comment on column elt.queue_status.queue is 'Queue.';
comment on column elt.queue_status.waiting_count is 'Queued jobs that can run now.';
comment on column elt.queue_status.later_count is 'Scheduled jobs.';
comment on column elt.queue_status.running_count is 'Running jobs.';
comment on column elt.queue_status.dead_count is 'Dead jobs: they failed and are not retried.';
comment on column elt.queue_status.oldest_wait_seconds is
    'How long the oldest job that can run now has waited. Null if there is none.';
comment on column elt.queue_status.worker_count is 'Live workers that take jobs from the queue.';
