-- what:   create elt.job_kind, elt.worker, elt.job and elt.job_attempt
-- why:    PostgreSQL is the queue's broker: work is enqueued in the transaction that causes it (sql/README.md, "The queue")
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the four tables (loses jobs that wait, and the history of those that are done)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.job_kind (
    kind text constraint job_kind_pkey primary key,
    function_name text,
    max_attempts bigint not null default 5,
    time_limit interval not null default '1 hour',
    description text not null,
    constraint job_kind_is_a_name check (kind ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint job_kind_function_has_a_schema
        check (function_name ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'),
    constraint job_kind_max_attempts_in_range check (max_attempts between 1 and 100),
    constraint job_kind_time_limit_in_range
        check (time_limit between interval '1 second' and interval '7 days')
);

comment on table elt.job_kind is
    'What a job can be. One row per kind; a project adds its own by a migration.';
comment on column elt.job_kind.kind is 'Name.';
comment on column elt.job_kind.function_name is
    'Schema and name of the function (args jsonb) returns jsonb that does the work, in one transaction with the job''s success; null: the worker program itself does it.';
comment on column elt.job_kind.max_attempts is 'How often such a job is tried, where enqueueing does not say.';
comment on column elt.job_kind.time_limit is 'How long an attempt may take, where enqueueing does not say.';
comment on column elt.job_kind.description is 'What such a job does, for people.';

create table elt.worker (
    worker_id bigint generated always as identity constraint worker_pkey primary key,
    host text not null,
    process_id bigint not null,
    elt_version text not null,
    queues text[] not null,
    concurrency bigint not null,
    holds_lock boolean not null,
    started_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    stopped_at timestamptz,
    constraint worker_queues_are_names check (
        array_to_string(queues, ',', ' ') ~ '^[a-z][a-z0-9_]{0,62}(,[a-z][a-z0-9_]{0,62})*$'
    ),
    constraint worker_concurrency_positive check (concurrency >= 1)
);

comment on table elt.worker is
    'One row per start of a worker. A living one renews last_seen_at, and holds the advisory lock (6646903, worker_id).';
comment on column elt.worker.worker_id is 'Number of the worker.';
comment on column elt.worker.host is 'Machine.';
comment on column elt.worker.process_id is 'Process on that machine.';
comment on column elt.worker.elt_version is 'Version of the program.';
comment on column elt.worker.queues is 'Queues that it takes jobs from.';
comment on column elt.worker.concurrency is 'Jobs that it runs at once.';
comment on column elt.worker.holds_lock is
    'Whether it holds its advisory lock while it lives, so that its death is seen at once. False behind a pooler, where only its leases tell.';
comment on column elt.worker.started_at is 'When it started.';
comment on column elt.worker.last_seen_at is 'Its latest heartbeat.';
comment on column elt.worker.stopped_at is 'When it stopped in order, or was found dead; null while it lives.';

create table elt.job (
    job_id bigint generated always as identity constraint job_pkey primary key,
    kind text not null,
    queue text not null default 'default',
    args jsonb not null default '{}',
    state text not null default 'queued',
    priority bigint not null default 0,
    run_at timestamptz not null default now(),
    attempt_count bigint not null default 0,
    max_attempts bigint not null,
    time_limit interval not null,
    dedup_key text,
    claim_count bigint not null default 0,
    worker_id bigint,
    lease_until timestamptz,
    cancel_requested_at timestamptz,
    progress jsonb,
    result jsonb,
    error text,
    created_by text not null default session_user,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    constraint job_kind_fkey foreign key (kind) references elt.job_kind (kind),
    constraint job_worker_id_fkey foreign key (worker_id) references elt.worker (worker_id),
    constraint job_state_known
        check (state in ('queued', 'running', 'succeeded', 'dead', 'cancelled')),
    constraint job_queue_is_a_name check (queue ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint job_args_are_an_object check (jsonb_typeof(args) = 'object'),
    constraint job_attempts_in_range check (
        attempt_count >= 0
        and attempt_count <= max_attempts
        and max_attempts between 1 and 100
        and claim_count >= attempt_count
    ),
    constraint job_time_limit_in_range
        check (time_limit between interval '1 second' and interval '7 days'),
    constraint job_is_leased_while_running
        check ((state = 'running') = (worker_id is not null and lease_until is not null)),
    constraint job_is_free_unless_running
        check (state = 'running' or (worker_id is null and lease_until is null)),
    constraint job_is_finished_in_the_end
        check ((state in ('succeeded', 'dead', 'cancelled')) = (finished_at is not null)),
    constraint job_has_started_when_running check (state <> 'running' or started_at is not null),
    constraint job_result_only_of_success check (result is null or state = 'succeeded')
)
-- Jobs are updated a few times and pruned; room on their pages keeps that cheap.
with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- In the order in which jobs are taken, so that the first is found without a sort; with the queue in
-- front, a worker of several queues would sort all that wait.
create index job_claim_idx on elt.job (priority desc, run_at, job_id) include (queue)
where state = 'queued';
create index job_lease_until_idx on elt.job (lease_until)
where state = 'running';
create index job_worker_id_idx on elt.job (worker_id)
where state = 'running';
create unique index job_dedup_key_key on elt.job (dedup_key)
where state in ('queued', 'running');
create index job_finished_at_idx on elt.job (finished_at);
create index job_kind_idx on elt.job (kind);

comment on table elt.job is
    'One row per job: what waits, what runs, what is done. Enqueue with elt.enqueue(), never by insert; change with the functions elt.cancel_job() and elt.retry_job(). Done jobs are pruned (elt.prune_jobs()).';
comment on column elt.job.job_id is 'Number of the job.';
comment on column elt.job.kind is 'What is to be done (elt.job_kind).';
comment on column elt.job.queue is 'Queue; a worker takes jobs of the queues that it was started for.';
comment on column elt.job.args is 'Arguments, an object.';
comment on column elt.job.state is
    'queued: waits for run_at and a free worker. running: a worker has it until lease_until. succeeded, dead, cancelled: done. Dead is a job that failed for the last time, or that could only fail again.';
comment on column elt.job.priority is 'Higher ones first.';
comment on column elt.job.run_at is 'Not before.';
comment on column elt.job.attempt_count is 'Attempts that count; one that was handed back does not.';
comment on column elt.job.max_attempts is 'Attempts in all.';
comment on column elt.job.time_limit is 'How long an attempt may take.';
comment on column elt.job.dedup_key is
    'Of several jobs with this key only one waits or runs at a time; null: no such limit.';
comment on column elt.job.claim_count is
    'How often a worker took it. The number of a claim is its fence: a worker that lost the job cannot finish it.';
comment on column elt.job.worker_id is 'Worker that has it; null unless it runs.';
comment on column elt.job.lease_until is
    'Until when the worker has it; heartbeats move it on. Behind it, another worker may take the job.';
comment on column elt.job.cancel_requested_at is 'When somebody asked a running job to end; null otherwise.';
comment on column elt.job.progress is 'How far it is, in the words of the job.';
comment on column elt.job.result is 'What came of it.';
comment on column elt.job.error is 'Why the latest attempt failed.';
comment on column elt.job.created_by is 'Database role that enqueued it.';
comment on column elt.job.created_at is 'When it was enqueued.';
comment on column elt.job.started_at is 'When its latest attempt began.';
comment on column elt.job.finished_at is 'When it was done; null before.';

create table elt.job_attempt (
    job_id bigint not null,
    claim_number bigint not null,
    worker_id bigint not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text,
    error text,
    sqlstate text,
    constraint job_attempt_pkey primary key (job_id, claim_number),
    constraint job_attempt_job_id_fkey
        foreign key (job_id) references elt.job (job_id) on delete cascade,
    constraint job_attempt_worker_id_fkey foreign key (worker_id) references elt.worker (worker_id),
    constraint job_attempt_outcome_known
        check (outcome in ('succeeded', 'failed', 'cancelled', 'released', 'lost')),
    constraint job_attempt_has_an_outcome_in_the_end
        check ((outcome is null) = (finished_at is null))
);

create index job_attempt_worker_id_idx on elt.job_attempt (worker_id);

comment on table elt.job_attempt is 'History: one row each time a worker took a job.';
comment on column elt.job_attempt.job_id is 'Job.';
comment on column elt.job_attempt.claim_number is 'Counts from 1 within the job.';
comment on column elt.job_attempt.worker_id is 'Worker that took it.';
comment on column elt.job_attempt.started_at is 'When it was taken.';
comment on column elt.job_attempt.finished_at is 'When the attempt ended; null while it runs.';
comment on column elt.job_attempt.outcome is
    'succeeded, failed, cancelled; released: handed back by a worker that stopped; lost: the worker died.';
comment on column elt.job_attempt.error is 'Why it failed.';
comment on column elt.job_attempt.sqlstate is 'SQLSTATE of the failure, where it has one.';

-- The ways of a job. Whoever changes the table by hand meets them too.
create function elt.check_job_state()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if (old.state, new.state) not in (
        ('queued', 'running'), ('queued', 'cancelled'),
        ('running', 'queued'), ('running', 'succeeded'), ('running', 'dead'), ('running', 'cancelled'),
        ('dead', 'queued'), ('cancelled', 'queued')
    ) then
        raise exception 'job % cannot become % from %', old.job_id, new.state, old.state
            using errcode = 'check_violation', constraint = 'job_state_changes_in_order';
    end if;
    return new;
end
$$;

comment on function elt.check_job_state() is 'Trigger of elt.job: a state follows only certain others.';

create trigger job_state_changes_in_order
before update of state on elt.job
for each row
when (old.state is distinct from new.state)
execute function elt.check_job_state();

-- A doorbell, once a statement and without a message: PostgreSQL makes one of many in a transaction.
-- Workers look by themselves now and then; nothing depends on being heard.
create function elt.notify_job()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if exists (select 1 from added where added.state = 'queued' and added.run_at <= now()) then
        perform pg_notify('elt_job', '');
    end if;
    return null;
end
$$;

comment on function elt.notify_job() is 'Trigger of elt.job: wakes workers for jobs that can run now.';

create trigger job_wakes_workers
after insert on elt.job
referencing new table as added
for each statement
execute function elt.notify_job();
