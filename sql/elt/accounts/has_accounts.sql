-- reads:    elt.account
-- used by:  elt serve, before it starts
-- careful:  runs with its owner's rights, because the role that serves pages cannot read accounts
create or replace function elt.has_accounts()
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from elt.account where account.disabled_at is null)
$$;

comment on function elt.has_accounts() is 'Whether there is an account that can sign in.';

revoke execute on function elt.has_accounts() from public;
