-- reads:    elt.account_name, elt.require_session, elt.require_admin, elt.require_account
-- used by:  functions that list or end the sessions and tokens of an account
create or replace function elt.require_own(token_sha256 bytea, name text)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.require_session(require_own.token_sha256);
begin
    if lower(elt.account_name(owner_id)) = lower(require_own.name) then
        return owner_id;
    end if;
    perform elt.require_admin(require_own.token_sha256);
    return elt.require_account(require_own.name);
end
$$;

comment on function elt.require_own(bytea, text) is
    'Returns the number of an account. Raises an error unless it is the account of the session, or an admin''s session.';

revoke execute on function elt.require_own(bytea, text) from public;
