-- reads:    elt.session, elt.account, elt.require_own
-- used by:  elt serve, pages /account and /accounts/NAME
create or replace function elt.list_sessions(token_sha256 bytea, name text)
returns table (
    session_id bigint, address text, user_agent text, created_at timestamptz, seen_at timestamptz, is_own boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.require_own(token_sha256, name);
begin
    return query
    select
        session.session_id,
        session.address,
        session.user_agent,
        session.created_at,
        session.seen_at,
        session.token_sha256 = list_sessions.token_sha256
    from elt.session
    where
        session.account_id = owner_id
        and session.created_at > now() - interval '7 days'
        and session.seen_at > now() - interval '12 hours'
    order by session.seen_at desc, session.session_id desc;
end
$$;

comment on function elt.list_sessions(bytea, text) is
    'Returns the sessions of an account, the latest first: of the account itself or, for an admin''s session, of any account.';

revoke execute on function elt.list_sessions(bytea, text) from public;
