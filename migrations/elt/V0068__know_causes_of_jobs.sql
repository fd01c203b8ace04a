-- what:   record what caused a job and when each attempt was due; describe the arguments of each kind of job; say which
--         role may start a kind in the web application; index attempts by their start and jobs by their folder
-- why:    the page of jobs shows causes and the length of the queue, starts any kind from a form, and says which later
--         job replaced a file
-- locks:  elt.job, elt.job_attempt and elt.job_kind, exclusively, while the indexes are built
-- time:   a second or so per million jobs that are kept; else instant
-- undo:   drop the table, the columns and the indexes (loses the causes); the function as in V0013 and V0036
set local lock_timeout = '2s';
set local statement_timeout = '30s';
set local search_path = pg_catalog, pg_temp;

alter table elt.job
add column account_name text,
add column role_name text,
add column schedule text,
add column cause_table text,
add column cause_key jsonb;

-- Defaults of their own, because jobs of earlier versions have no known cause. Only sessions of the web application
-- can name an account: any session may set elt.account.
alter table elt.job
alter column account_name set default case
    when coalesce(pg_has_role(session_user, to_regrole('elt_web')::oid, 'member'), true)
        then nullif(current_setting('elt.account', true), '')
end,
alter column role_name set default session_user;

comment on column elt.job.account_name is
    'Account of the web application that enqueued the job. Null if the job did not come from it.';
comment on column elt.job.role_name is
    'Database role of the session that enqueued the job. Null if a schedule was due, and for jobs of earlier versions.';
comment on column elt.job.schedule is 'Schedule that enqueued the job. Null if none did.';
comment on column elt.job.cause_table is 'Table of the row whose insert enqueued the job. Null if none did.';
comment on column elt.job.cause_key is 'Key of that row, by column. Null if there is none.';

alter table elt.job_attempt
add column due_at timestamptz;

comment on column elt.job_attempt.due_at is
    'Since when the job could have been claimed. It waited from then until started_at. Null for attempts of earlier versions.';

-- squawk-ignore require-concurrent-index-creation
create index job_attempt_started_at_idx on elt.job_attempt (started_at);
-- squawk-ignore require-concurrent-index-creation
create index job_folder_idx on elt.job ((result ->> 'folder'), finished_at) where result ? 'folder';

-- Few rows, so the check is validated at once.
alter table elt.job_kind
add column web_role text default 'operator'
constraint job_kind_web_role_known check (web_role in ('operator', 'admin'));

comment on column elt.job_kind.web_role is
    'Role of the accounts that may start such jobs in the web application: operator (and admin), or only admin. Null if the web application does not start them.';

update elt.job_kind
set
    description = case job_kind.kind
        when 'prune' then 'Deletes jobs that finished long ago, ended sessions and old sign-in attempts.'
        else 'Loads the files that changed, publishes, runs the rules and exports.'
    end,
    web_role = case job_kind.kind when 'prune' then 'admin' else 'operator' end
where job_kind.kind in ('pipeline', 'prune');

create table elt.job_argument (
    kind text not null,
    argument text not null,
    place bigint not null default 0,
    type text not null default 'text',
    is_list boolean not null default false,
    is_required boolean not null default false,
    choices text[],
    choice_table text,
    choice_column text,
    default_value jsonb,
    description text not null,
    constraint job_argument_pkey primary key (kind, argument),
    constraint job_argument_kind_fkey foreign key (kind) references elt.job_kind (kind) on delete cascade,
    constraint job_argument_is_a_name check (argument ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint job_argument_type_known
        check (type in ('text', 'integer', 'number', 'boolean', 'date', 'time', 'interval', 'json')),
    constraint job_argument_choices_not_empty check (choices <> '{}'),
    constraint job_argument_choice_table_has_a_schema
        check (choice_table ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'),
    constraint job_argument_choice_table_has_a_column check ((choice_table is null) = (choice_column is null)),
    constraint job_argument_choices_given_once check (choices is null or choice_table is null)
);

comment on table elt.job_argument is
    'Arguments of the kinds of jobs: elt jobs enqueue and the forms of the web application check them. A kind without rows here takes any JSON object.';
comment on column elt.job_argument.kind is 'Kind of job.';
comment on column elt.job_argument.argument is 'Name of the argument.';
comment on column elt.job_argument.place is 'Position among the others; lower ones first.';
comment on column elt.job_argument.type is
    'text, integer, number, boolean, date (2026-11-30), time (with its zone: 2026-11-30T17:30:00Z), interval (30 days) or json.';
comment on column elt.job_argument.is_list is 'Whether the argument is a list of such values.';
comment on column elt.job_argument.is_required is 'Whether the argument must be given.';
comment on column elt.job_argument.choices is 'The allowed values. Null for any.';
comment on column elt.job_argument.choice_table is
    'Schema and name of the table whose rows are the allowed values. Null if there is none.';
comment on column elt.job_argument.choice_column is 'Column of that table.';
comment on column elt.job_argument.default_value is
    'The value that applies if the argument is not given. Null if there is none.';
comment on column elt.job_argument.description is 'What the argument does.';

insert into elt.job_argument (kind, argument, place, type, is_list, choice_table, choice_column, default_value, description)
values
(
    'pipeline', 'sources', 1, 'text', true, 'elt.source', 'source', null,
    'Sources to load. All sources if none is given.'
),
(
    'pipeline', 'data', 2, 'text', false, null, null, null,
    'Folder of the input files, within a folder that the worker may read. Without it, each file is read from where it was loaded last.'
),
(
    'pipeline', 'out', 3, 'text', false, null, null, null,
    'Folder of the exports, within the folder that the worker may write, which is used without it.'
),
('pipeline', 'force', 4, 'boolean', false, null, null, 'false', 'Whether unchanged files are loaded too.'),
(
    'pipeline', 'keep_going', 5, 'boolean', false, null, null, 'false',
    'Whether the files of a pattern that follow a file that fails are loaded.'
),
('pipeline', 'full', 6, 'boolean', false, null, null, 'false', 'Whether all records of an API are requested.'),
('prune', 'keep', 1, 'interval', false, null, null, '"30 days"', 'How long finished jobs are kept.');

-- Only a job that this insert created has its time: with its key, an earlier job may be queued.
create or replace function elt.enqueue_task_job()
returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
    job_number bigint;
begin
    select
        elt.enqueue(
            task_job.kind,
            task_job.args || jsonb_build_object('task_id', new.task_id),
            dedup_key => 'task:' || new.task_id
        )
    into job_number
    from elt.task_job
    where task_job.task_name = new.name;
    update elt.job
    set
        cause_table = format('%s.%s', tg_table_schema, tg_table_name),
        cause_key = jsonb_build_object('task_id', new.task_id)
    where job.job_id = job_number and job.created_at = now();
    return null;
end
$$;

comment on function elt.enqueue_task_job() is
    'Trigger, after insert, of a table with task_id and name: enqueues the job of elt.task_job in the same transaction.';
