-- what:   create elt.schedule
-- why:    jobs that come again and again are enqueued by the workers, from rows that a migration inserts
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.schedule (the rows come back with the migrations that insert them)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.schedule (
    schedule text constraint schedule_pkey primary key,
    cron text not null,
    time_zone text not null default 'UTC',
    kind text not null,
    args jsonb not null default '{}',
    queue text not null default 'default',
    priority bigint not null default 0,
    missed_runs text not null default 'one',
    is_enabled boolean not null default true,
    next_run_at timestamptz,
    last_run_at timestamptz,
    last_job_id bigint,
    description text not null,
    constraint schedule_kind_fkey foreign key (kind) references elt.job_kind (kind),
    constraint schedule_is_a_name check (schedule ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint schedule_queue_is_a_name check (queue ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint schedule_cron_has_five_fields
        check (cron ~ '^\s*[0-9*/,-]+(\s+[0-9*/,-]+){4}\s*$'),
    constraint schedule_args_are_an_object check (jsonb_typeof(args) = 'object'),
    constraint schedule_missed_runs_known check (missed_runs in ('one', 'none'))
);

create index schedule_next_run_at_idx on elt.schedule (next_run_at) where is_enabled;
create index schedule_kind_idx on elt.schedule (kind);

comment on table elt.schedule is
    'Jobs that come again and again. One row per schedule; any worker enqueues what is due, and one time of a schedule once.';
comment on column elt.schedule.schedule is 'Name.';
comment on column elt.schedule.cron is
    'When: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday); each *, a number, a range, a list, or a step (*/15). If both days are restricted, either is enough.';
comment on column elt.schedule.time_zone is
    'Whose clock. A time that a change to summer time skips comes when the clock has gone on; one that a change back repeats comes once.';
comment on column elt.schedule.kind is 'What is enqueued.';
comment on column elt.schedule.args is 'Its arguments.';
comment on column elt.schedule.queue is 'Its queue.';
comment on column elt.schedule.priority is 'Its priority.';
comment on column elt.schedule.missed_runs is
    'What is done about times that passed while no worker lived: one: one run for all of them. none: the next time is waited for.';
comment on column elt.schedule.is_enabled is 'False: nothing is enqueued.';
comment on column elt.schedule.next_run_at is 'When it is due next; null: to be computed by the next worker that looks.';
comment on column elt.schedule.last_run_at is 'The time for which a job was enqueued last.';
comment on column elt.schedule.last_job_id is 'That job; it may be pruned by now.';
comment on column elt.schedule.description is 'What it is for, for people.';
