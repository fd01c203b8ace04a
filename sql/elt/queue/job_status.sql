-- grain:    one row per job
-- reads:    elt.job, elt.worker
-- used by:  elt jobs, elt serve
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
    job.finished_at,
    job.worker_id,
    job.account_name,
    job.role_name,
    job.schedule,
    job.cause_table,
    job.cause_key,
    concat_ws(
        ', ',
        'schedule ' || job.schedule,
        'row ' || (select string_agg(key_part.value, ', ' order by key_part.key) from jsonb_each_text(job.cause_key) as key_part)
        || ' of ' || job.cause_table,
        coalesce(
            'account ' || job.account_name,
            'role ' || job.role_name,
            -- Jobs of earlier versions. A schedule has no account or role when it is due.
            case when job.schedule is null then job.created_by end
        )
    ) as cause,
    case
        when job.state = 'running' then now() - job.started_at
        -- A job that was cancelled in the queue did not run.
        when job.finished_at is not null and job.started_at >= job.run_at then job.finished_at - job.started_at
    end as duration
from elt.job
left join elt.worker on job.worker_id = worker.worker_id;

comment on view elt.job_status is 'Jobs, with the worker that runs them.';
comment on column elt.job_status.job_id is 'Number of the job.';
comment on column elt.job_status.kind is 'Kind of job.';
comment on column elt.job_status.queue is 'Queue of the job.';
comment on column elt.job_status.state is 'queued, running, succeeded, dead or cancelled.';
comment on column elt.job_status.priority is 'Jobs with a higher priority run first.';
comment on column elt.job_status.attempt_count is 'Number of attempts so far.';
comment on column elt.job_status.max_attempts is 'Maximum number of attempts.';
comment on column elt.job_status.time_limit is 'Time limit of an attempt.';
comment on column elt.job_status.host is 'Machine that runs it; null if it is not running.';
comment on column elt.job_status.process_id is 'Process that runs it; null if it is not running.';
comment on column elt.job_status.dedup_key is 'Deduplication key: only one queued job can have it.';
comment on column elt.job_status.error is 'Error of the latest failed attempt.';
comment on column elt.job_status.created_by is
    'Account of the web application that enqueued it, otherwise the database role.';
comment on column elt.job_status.args is 'Arguments.';
comment on column elt.job_status.progress is 'Progress that the job has reported.';
comment on column elt.job_status.result is 'Result of the job.';
comment on column elt.job_status.is_being_cancelled is 'Whether its worker was asked to cancel it.';
comment on column elt.job_status.run_at is 'Earliest time at which it may run.';
comment on column elt.job_status.created_at is 'When it was enqueued.';
comment on column elt.job_status.started_at is 'When its latest attempt started.';
comment on column elt.job_status.finished_at is 'When it finished.';
comment on column elt.job_status.worker_id is 'Worker that runs it; null if it is not running.';
comment on column elt.job_status.account_name is
    'Account of the web application that enqueued it. Null if it did not come from there.';
comment on column elt.job_status.role_name is
    'Database role of the session that enqueued it. Null if a schedule was due, and for jobs of earlier versions.';
comment on column elt.job_status.schedule is 'Schedule that enqueued it. Null if none did.';
comment on column elt.job_status.cause_table is 'Table of the row whose insert enqueued it. Null if none did.';
comment on column elt.job_status.cause_key is 'Key of that row, by column.';
comment on column elt.job_status.cause is
    'What caused it, in words: the schedule or the row, and the account or the database role.';
comment on column elt.job_status.duration is
    'How long its latest attempt has been running, or how long its last attempt took. Null if it is queued or did not run.';
