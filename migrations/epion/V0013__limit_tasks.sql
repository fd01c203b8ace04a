-- what:   limit the years of tasks to 1 to 9999; refuse invisible characters in their names
-- why:    programs that read the API cannot read other years, and a name must not reorder the text around it
-- locks:  ACCESS EXCLUSIVE on public.tasks, for an instant: the checks are not validated yet
-- time:   instant; the checks are validated by V0014
-- undo:   drop the three constraints
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table public.tasks
add constraint tasks_start_year_in_range check (
    start_time >= '0001-01-01 00:00:00+00'::timestamptz and start_time < '10000-01-01 00:00:00+00'::timestamptz
) not valid;

alter table public.tasks
add constraint tasks_end_year_in_range check (
    end_time >= '0001-01-01 00:00:00+00'::timestamptz and end_time < '10000-01-01 00:00:00+00'::timestamptz
) not valid;

alter table public.tasks
add constraint tasks_name_is_visible check (
    name !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]'
) not valid;

comment on constraint tasks_start_year_in_range on public.tasks is 'The year is from 0001 to 9999, in UTC.';
comment on constraint tasks_end_year_in_range on public.tasks is 'The year is from 0001 to 9999, in UTC.';
comment on constraint tasks_name_is_visible on public.tasks is
    'A name has no control characters and no invisible characters.';
