-- what:   validate the checks that V0013 added
-- why:    a reader can rely on a validated check
-- locks:  SHARE UPDATE EXCLUSIVE on public.tasks, which blocks no reader and no writer
-- time:   a second or so per million tasks
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '10min';

-- Old tasks may break the rules. That is no reason to stop a deployment: new rows keep them either way.
do $$
begin
    alter table public.tasks validate constraint tasks_start_year_in_range;
    alter table public.tasks validate constraint tasks_end_year_in_range;
    alter table public.tasks validate constraint tasks_name_is_visible;
exception
    when check_violation then
        raise warning 'some tasks have years beyond 9999, or invisible characters in their names: %', sqlerrm
            using hint = 'Correct them, then run: alter table public.tasks validate constraint ...';
end
$$;
