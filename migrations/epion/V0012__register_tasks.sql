-- what:   show tasks, practices and offices in the web application's admin; say in words what tasks must keep
-- why:    people note tasks there; what loads own is only looked at
-- locks:  public.tasks, against writers, while the index is made
-- time:   a second or so per million tasks
-- undo:   delete the three rows; drop index public.tasks_start_time_idx; comment on constraint ... is null
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.admin_table (
    table_name, place, may_add, may_change, may_delete, list_columns, search_columns, filter_columns,
    read_only_columns, date_column, title_column, order_by, is_descending, job_argument
)
values
(
    'public.tasks', 1, true, true, true, '{name,start_time,end_time,created_at,updated_at}', '{name}',
    '{start_time,end_time,created_at}', '{created_at,updated_at}', 'start_time', 'name', 'start_time', true, 'task_id'
),
(
    'public.epion_practices', 2, false, false, false, '{}', '{practice_name}', '{emr_practice_id}',
    '{}', null, 'practice_name', 'practice_name', false, null
),
(
    'public.epion_offices', 3, false, false, false, '{}', '{office_name}',
    '{epion_practice_id,launched_date,disabled_date}', '{}', 'launched_date', 'office_name', 'office_name', false, null
);

-- It can be switched on there.
update elt.schedule
set description = 'Loads what changed every night, once it is enabled.'
where schedule = 'nightly';

-- squawk-ignore require-concurrent-index-creation
create index tasks_start_time_idx on public.tasks (start_time);

comment on constraint tasks_name_at_most_200_characters on public.tasks is 'A name has at most 200 characters.';
comment on constraint tasks_name_not_blank on public.tasks is 'A name is not blank.';
comment on constraint tasks_end_not_before_start on public.tasks is 'The end is not before the start.';
