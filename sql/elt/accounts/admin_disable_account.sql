-- reads:    elt.require_other, elt.disable_account
-- used by:  elt serve, page /accounts/NAME
create or replace function elt.admin_disable_account(token_sha256 bytea, name text)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select elt.disable_account(elt.require_other(token_sha256, name))
$$;

comment on function elt.admin_disable_account(bytea, text) is
    'Disables another account (elt.disable_account), for the admin whose session it is.';

revoke execute on function elt.admin_disable_account(bytea, text) from public;
