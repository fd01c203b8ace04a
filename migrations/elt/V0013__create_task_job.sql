-- what:   create elt.task_job, and the trigger functions of a table of tasks
-- why:    what a task starts by its name is data, and its times are the database's
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop the table and the functions (the rows come back with the project's migrations)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.task_job (
    task_name text constraint task_job_pkey primary key,
    kind text not null,
    args jsonb not null default '{}',
    description text not null,
    constraint task_job_kind_fkey foreign key (kind) references elt.job_kind (kind),
    constraint task_job_args_are_an_object check (jsonb_typeof(args) = 'object')
);

create index task_job_kind_idx on elt.task_job (kind);

comment on table elt.task_job is 'Which job a new task starts: one row per name of a task that starts one.';
comment on column elt.task_job.task_name is 'Name of the task, as it is written.';
comment on column elt.task_job.kind is 'Job that its creation enqueues.';
comment on column elt.task_job.args is 'Its arguments; the number of the task is added as task_id.';
comment on column elt.task_job.description is 'What it is for, for people.';

-- With its owner's rights: who may write a task needs none on the queue.
create function elt.enqueue_task_job()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    perform elt.enqueue(
        task_job.kind,
        task_job.args || jsonb_build_object('task_id', new.task_id),
        dedup_key => 'task:' || new.task_id
    )
    from elt.task_job
    where task_job.task_name = new.name;
    return null;
end
$$;

comment on function elt.enqueue_task_job() is
    'Trigger, after insert, of a table with task_id and name: enqueues what elt.task_job says, in the same transaction.';

create function elt.keep_times()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        new.created_at := now();
    else
        new.created_at := old.created_at;
    end if;
    -- Later than before also within one transaction.
    new.updated_at := case when tg_op = 'INSERT' then now() else clock_timestamp() end;
    return new;
end
$$;

comment on function elt.keep_times() is
    'Trigger, before insert or update, of a table with created_at and updated_at: keeps them, whatever the client sends.';
