-- reads:    elt.session
-- used by:  elt serve, at signing out
create or replace function elt.close_session(token_sha256 bytea)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    delete from elt.session
    where session.token_sha256 = close_session.token_sha256
$$;

comment on function elt.close_session(bytea) is 'Ends the session of a cookie.';

revoke execute on function elt.close_session(bytea) from public;
