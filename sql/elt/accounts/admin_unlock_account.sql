-- reads:    elt.account, elt.sign_in, elt.require_admin, elt.require_account, elt.add_audit, elt.account_name
-- used by:  elt serve, page /accounts/NAME
-- careful:  failures of other names from the same network still count. The audit keeps the deleted attempts
create or replace function elt.admin_unlock_account(token_sha256 bytea, name text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    other_name text;
    failure_count bigint;
begin
    perform elt.require_admin(token_sha256);
    other_name := elt.account_name(elt.require_account(name));
    delete from elt.sign_in
    where lower(sign_in.name) = lower(other_name) and not sign_in.is_success;
    get diagnostics failure_count = row_count;
    perform elt.add_audit('account.unlock', other_name, jsonb_build_object('failures', failure_count));
end
$$;

comment on function elt.admin_unlock_account(bytea, text) is
    'Clears the sign-in lockout of an account, for the admin whose session it is.';

revoke execute on function elt.admin_unlock_account(bytea, text) from public;
