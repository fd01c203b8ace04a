-- what:   create elt.admin_table, and an index for the jobs of a task
-- why:    which tables the web application's admin shows, and what may be done there, is data
-- locks:  elt.job, against writers, while the index is made
-- time:   a second or so per million jobs that are kept; else instant
-- undo:   drop table elt.admin_table (its rows come back with the project's migrations); drop index elt.job_task_id_idx
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.admin_table (
    table_name text constraint admin_table_pkey primary key,
    place bigint not null default 0,
    role text not null default 'operator',
    may_add boolean not null default false,
    may_change boolean not null default false,
    may_delete boolean not null default false,
    list_columns text[] not null default '{}',
    search_columns text[] not null default '{}',
    filter_columns text[] not null default '{}',
    read_only_columns text[] not null default '{}',
    date_column text,
    title_column text,
    order_by text,
    is_descending boolean not null default false,
    job_argument text,
    constraint admin_table_has_a_schema check (table_name ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'),
    constraint admin_table_is_not_secret check (
        table_name not in ('elt.account', 'elt.session', 'elt.api_token', 'elt.sign_in', 'elt.change')
    ),
    constraint admin_table_role_known check (role in ('operator', 'admin')),
    constraint admin_table_job_argument_is_a_name check (job_argument ~ '^[a-z_][a-z0-9_]*$')
);

comment on table elt.admin_table is
    'Tables of the web application''s admin; the API changes the same ones. What the columns are, hold and mean is read from PostgreSQL''s catalogue. Rows of a table without a primary key are only listed. Rights follow with elt.grant_web().';
comment on column elt.admin_table.table_name is 'Schema and name.';
comment on column elt.admin_table.place is 'Where it stands among the others; lower ones first.';
comment on column elt.admin_table.role is 'Who may change what may be changed: operator (and admin), or only admin.';
comment on column elt.admin_table.may_add is 'Whether they may add rows.';
comment on column elt.admin_table.may_change is 'Whether they may change rows.';
comment on column elt.admin_table.may_delete is 'Whether they may delete rows.';
comment on column elt.admin_table.list_columns is 'Columns of the list, in order; all when empty.';
comment on column elt.admin_table.search_columns is 'Columns that a search looks into; all of type text when empty.';
comment on column elt.admin_table.filter_columns is 'Columns with a filter beside the list.';
comment on column elt.admin_table.read_only_columns is
    'Columns that the form shows and nobody changes there, beside those that PostgreSQL makes itself.';
comment on column elt.admin_table.date_column is 'Column to go down by year, month and day; null: none.';
comment on column elt.admin_table.title_column is 'Column that names a row in headings; null: its key does.';
comment on column elt.admin_table.order_by is 'Column that the list is sorted by at first; null: the key.';
comment on column elt.admin_table.is_descending is 'Whether that order is from high to low.';
comment on column elt.admin_table.job_argument is
    'Argument of jobs that names the row which they are for, by its key: they are shown beside it. Null: none.';

-- Writers wait for it; done jobs are pruned, so that there are few.
-- squawk-ignore require-concurrent-index-creation
create index job_task_id_idx on elt.job ((args ->> 'task_id')) where args ? 'task_id';
