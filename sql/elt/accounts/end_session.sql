-- reads:    elt.session, elt.require_own, elt.add_audit, elt.account_name
-- used by:  elt serve, pages /account and /accounts/NAME
create or replace function elt.end_session(token_sha256 bytea, name text, session_id bigint)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.require_own(token_sha256, name);
    session_count bigint;
begin
    delete from elt.session
    where
        session.account_id = owner_id
        and session.session_id = coalesce(end_session.session_id, session.session_id)
        and session.token_sha256 <> end_session.token_sha256;
    get diagnostics session_count = row_count;
    if session_count > 0 then
        perform elt.add_audit(
            'session.end', elt.account_name(owner_id), jsonb_build_object('sessions', session_count)
        );
    end if;
    return session_count;
end
$$;

comment on function elt.end_session(bytea, text, bigint) is
    'Ends a session of an account, or all of them if session_id is null, but never the session that asks for it. Returns the number of ended sessions. For the account itself or an admin''s session.';

revoke execute on function elt.end_session(bytea, text, bigint) from public;
