-- what:   validate the checks that V0044 added
-- why:    a reader can rely on a validated check
-- locks:  SHARE UPDATE EXCLUSIVE on elt.api_token and elt.task_job, which blocks no reader and no writer
-- time:   instant: both tables are small
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- Old rows may break the rule. That is no reason to stop a deployment: new rows keep it either way.
do $$
begin
    alter table elt.api_token validate constraint api_token_name_is_visible;
    alter table elt.task_job validate constraint task_job_task_name_is_visible;
exception
    when check_violation then
        raise warning 'names of API tokens or tasks have invisible characters: %', sqlerrm
            using hint = 'Rename them, then run: alter table ... validate constraint ...';
end
$$;
