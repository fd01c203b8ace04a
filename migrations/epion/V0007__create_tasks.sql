-- what:   create public.tasks
-- why:    people note tasks there, and a new one may start a job by its name (elt.task_job)
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table public.tasks (loses all tasks)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table public.tasks (
    task_id bigint generated always as identity constraint tasks_pkey primary key,
    name text not null,
    start_time timestamptz not null,
    end_time timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint tasks_name_at_most_200_characters check (char_length(name) <= 200),
    constraint tasks_name_not_blank check (name ~ '\S'),
    constraint tasks_end_not_before_start check (end_time >= start_time)
);

comment on table public.tasks is
    'Tasks. Creating one whose name stands in elt.task_job starts that job; changing or saving one again does not.';
comment on column public.tasks.task_id is 'Number of the task.';
comment on column public.tasks.name is 'Name, at most 200 characters and not blank.';
comment on column public.tasks.start_time is 'When it starts.';
comment on column public.tasks.end_time is 'When it ends, not before it starts; null if that is open.';
comment on column public.tasks.created_at is 'When it was created; kept by the database.';
comment on column public.tasks.updated_at is 'When it was last changed; kept by the database.';

create trigger tasks_keep_times
before insert or update on public.tasks
for each row
execute function elt.keep_times();

-- Only after insert: an update to that name is no new task, and a dump restores rows before triggers.
create trigger tasks_enqueue_job
after insert on public.tasks
for each row
execute function elt.enqueue_task_job();
