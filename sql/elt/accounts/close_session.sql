-- reads:    elt.session, elt.account, elt.act_as, elt.add_audit
-- used by:  elt serve, at signing out
create or replace function elt.close_session(token_sha256 bytea)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    closed record;
begin
    delete from elt.session
    using elt.account
    where session.token_sha256 = close_session.token_sha256 and session.account_id = account.account_id
    returning account.name, session.address into closed;
    if closed.name is not null then
        perform elt.act_as(closed.name, closed.address);
        perform elt.add_audit('session.close', closed.name);
    end if;
end
$$;

comment on function elt.close_session(bytea) is 'Ends the session of a cookie.';

revoke execute on function elt.close_session(bytea) from public;
