-- reads:    elt.account, elt.require_other, elt.set_password
-- used by:  elt serve, page /accounts/NAME
-- careful:  password_hash is the hash of a one-time password, which the admin sees once
create or replace function elt.admin_reset_password(
    token_sha256 bytea, name text, password_hash text, revoke_tokens boolean
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    other_id constant bigint := elt.require_other(token_sha256, name);
begin
    perform elt.set_password(other_id, password_hash, revoke_tokens);
    update elt.account set must_change_password = true
    where account.account_id = other_id;
end
$$;

comment on function elt.admin_reset_password(bytea, text, text, boolean) is
    'Gives another account a one-time password (elt.set_password), for the admin whose session it is.';

revoke execute on function elt.admin_reset_password(bytea, text, text, boolean) from public;
