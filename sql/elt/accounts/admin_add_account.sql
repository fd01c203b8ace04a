-- reads:    elt.account, elt.require_admin, elt.add_account
-- used by:  elt serve, page /accounts
-- careful:  password_hash is the hash of a one-time password, which the admin sees once
create or replace function elt.admin_add_account(token_sha256 bytea, name text, role text, password_hash text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    number bigint;
begin
    perform elt.require_admin(token_sha256);
    number := elt.add_account(name, role, password_hash);
    update elt.account set must_change_password = true
    where account.account_id = number;
end
$$;

comment on function elt.admin_add_account(bytea, text, text, text) is
    'Creates an account with a one-time password, for the admin whose session it is.';

revoke execute on function elt.admin_add_account(bytea, text, text, text) from public;
