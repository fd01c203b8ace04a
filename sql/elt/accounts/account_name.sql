-- reads:    elt.account
-- used by:  functions that record what was done to an account
create or replace function elt.account_name(account_id bigint)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select account.name
    from elt.account
    where account.account_id = account_name.account_id
$$;

comment on function elt.account_name(bigint) is 'Returns the name of an account.';

revoke execute on function elt.account_name(bigint) from public;
