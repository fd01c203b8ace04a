-- reads:    elt.job_kind, elt.account
-- used by:  elt.retry_job, elt.run_schedule
-- careful:  concerns only sessions of the web application, whose accounts are named by the setting elt.account. A
--           session in psql or of a worker has the rights of its database role
create or replace function elt.require_job_right(kind text)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        nullif(current_setting('elt.account', true), '') is null
        or not coalesce(pg_has_role(session_user, to_regrole('elt_web')::oid, 'member'), true)
        or exists (
            select 1
            from elt.job_kind
            inner join elt.account on account.role = 'admin' or account.role = job_kind.web_role
            where
                job_kind.kind = require_job_right.kind
                and account.name = current_setting('elt.account', true)
                and account.disabled_at is null
        )
    then
        return;
    end if;
    raise exception 'the account may not start jobs of kind "%"', kind
        using errcode = 'insufficient_privilege', hint = 'See elt.job_kind.web_role.';
end
$$;

comment on function elt.require_job_right(text) is
    'Raises an error if the account of the web application that acts may not start jobs of the kind. Admins may retry and run all kinds.';

revoke execute on function elt.require_job_right(text) from public;
