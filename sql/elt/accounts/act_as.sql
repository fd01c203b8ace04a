-- used by:  functions that act for an account of the web application
create or replace function elt.act_as(account_name text, address text)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select
        set_config('elt.account', coalesce(act_as.account_name, ''), true),
        set_config('elt.address', coalesce(act_as.address, ''), true)
$$;

comment on function elt.act_as(text, text) is
    'Sets the account and the address that elt.add_audit and elt.note_change record until the transaction ends.';

revoke execute on function elt.act_as(text, text) from public;
