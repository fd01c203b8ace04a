-- reads:    elt.session
-- used by:  elt.set_password, elt.disable_account
create or replace function elt.close_sessions(account_id bigint)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    delete from elt.session
    where session.account_id = close_sessions.account_id
$$;

comment on function elt.close_sessions(bigint) is 'Ends all sessions of an account.';

revoke execute on function elt.close_sessions(bigint) from public;
