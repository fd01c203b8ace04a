-- reads:    elt.session
-- used by:  elt serve, at signing out
create or replace function elt.close_sessions(account_id bigint, only_session bigint default null)
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    delete from elt.session
    where
        session.account_id = close_sessions.account_id
        and (only_session is null or session.session_id = only_session)
$$;

comment on function elt.close_sessions(bigint, bigint) is
    'Ends one session of an account, or all of them.';

revoke execute on function elt.close_sessions(bigint, bigint) from public;
