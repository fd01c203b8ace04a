-- reads:    elt.account, elt.require_session
-- used by:  functions that change other accounts
-- careful:  the session proves who acts: elt_web cannot read the sessions, so it can act only for an admin who is making
--           a request
create or replace function elt.require_admin(token_sha256 bytea)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    admin_id constant bigint := elt.require_session(require_admin.token_sha256);
begin
    if not exists (
        select
        from elt.account
        where account.account_id = admin_id and account.role = 'admin'
    ) then
        raise exception 'only admins manage accounts' using errcode = 'insufficient_privilege';
    end if;
    return admin_id;
end
$$;

comment on function elt.require_admin(bytea) is
    'Returns the number of the account that a session belongs to, and acts as that account (elt.act_as). Raises an error if it is not an admin''s.';

revoke execute on function elt.require_admin(bytea) from public;
