-- reads:    elt.account, elt.require_other, elt.add_audit, elt.account_name
-- used by:  elt serve, page /accounts/NAME
create or replace function elt.admin_enable_account(token_sha256 bytea, name text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    other_id constant bigint := elt.require_other(token_sha256, name);
begin
    update elt.account set disabled_at = null
    where account.account_id = other_id and account.disabled_at is not null;
    if found then
        perform elt.add_audit('account.enable', elt.account_name(other_id));
    end if;
end
$$;

comment on function elt.admin_enable_account(bytea, text) is
    'Enables another account with its old password, for the admin whose session it is. Its tokens stay revoked.';

revoke execute on function elt.admin_enable_account(bytea, text) from public;
