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

comment on view elt.queue_status is 'How much there is to do in each queue.';
comment on column elt.queue_status.queue is 'Queue.';
comment on column elt.queue_status.waiting_count is 'Jobs that could run now.';
comment on column elt.queue_status.later_count is 'Jobs that wait for their time.';
comment on column elt.queue_status.running_count is 'Jobs that a worker has.';
comment on column elt.queue_status.dead_count is 'Jobs that failed for good.';
comment on column elt.queue_status.oldest_wait_seconds is
    'How long the first of those that could run has waited; null if there is none.';
comment on column elt.queue_status.worker_count is 'Living workers that take jobs from it.';
