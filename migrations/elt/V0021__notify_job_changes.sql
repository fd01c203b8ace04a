-- what:   notify channel elt_job_change of what becomes of jobs, while somebody watches; note the account that
--         enqueues a job
-- why:    pages that show jobs are live, and say who started them
-- locks:  elt.job, against writers, for an instant
-- time:   instant
-- undo:   alter table elt.job alter column created_by set default session_user; drop trigger job_tells_watchers on elt.job; drop function elt.notify_job_change()
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.job
alter column created_by set default coalesce(nullif(current_setting('elt.account', true), ''), session_user);

comment on column elt.job.created_by is
    'Who enqueued it: the account of the web application, else the database role.';

-- Transactions that notify commit one after the other, which would cost workers half their speed: so
-- only while somebody watches. Who does holds the advisory lock (6646905, 0) alone.
create function elt.notify_job_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if not pg_try_advisory_xact_lock_shared(6646905, 0) then
        perform pg_notify('elt_job_change', '');
    end if;
    return null;
end
$$;

comment on function elt.notify_job_change() is
    'Trigger of elt.job: tells whoever watches, and holds the advisory lock (6646905, 0), that some job changed.';

create trigger job_tells_watchers
after insert or update of state, progress, cancel_requested_at or delete on elt.job
for each statement
execute function elt.notify_job_change();
