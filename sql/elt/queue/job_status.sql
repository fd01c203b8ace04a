-- grain:    one row per job
-- reads:    elt.job, elt.worker
-- used by:  elt jobs
create or replace view elt.job_status as
select
    job.job_id,
    job.kind,
    job.queue,
    job.state,
    job.priority,
    job.attempt_count,
    job.max_attempts,
    job.time_limit,
    worker.host,
    worker.process_id,
    job.dedup_key,
    job.error,
    job.created_by,
    job.args,
    job.progress,
    job.result,
    job.cancel_requested_at is not null and job.state = 'running' as is_being_cancelled,
    job.run_at,
    job.created_at,
    job.started_at,
    job.finished_at
from elt.job
left join elt.worker on job.worker_id = worker.worker_id;

comment on view elt.job_status is 'Jobs, with the worker that runs them.';
comment on column elt.job_status.job_id is 'Number of the job.';
comment on column elt.job_status.kind is 'What is to be done.';
comment on column elt.job_status.queue is 'Its queue.';
comment on column elt.job_status.state is 'queued, running, succeeded, dead or cancelled.';
comment on column elt.job_status.priority is 'Higher ones first.';
comment on column elt.job_status.attempt_count is 'Attempts so far.';
comment on column elt.job_status.max_attempts is 'Attempts in all.';
comment on column elt.job_status.time_limit is 'How long an attempt may take.';
comment on column elt.job_status.host is 'Machine that runs it; null unless it runs.';
comment on column elt.job_status.process_id is 'Process that runs it; null unless it runs.';
comment on column elt.job_status.dedup_key is 'Key of which one job is queued at a time.';
comment on column elt.job_status.error is 'Why the latest attempt failed.';
comment on column elt.job_status.created_by is 'Who enqueued it: the account of the web application, else the database role.';
comment on column elt.job_status.args is 'Arguments.';
comment on column elt.job_status.progress is 'How far it is.';
comment on column elt.job_status.result is 'What came of it.';
comment on column elt.job_status.is_being_cancelled is 'Whether its worker was asked to end it.';
comment on column elt.job_status.run_at is 'Not before.';
comment on column elt.job_status.created_at is 'When it was enqueued.';
comment on column elt.job_status.started_at is 'When its latest attempt began.';
comment on column elt.job_status.finished_at is 'When it was done.';
