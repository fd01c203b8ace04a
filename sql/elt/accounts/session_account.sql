-- reads:    elt.session, elt.account
-- used by:  elt serve, with every request
-- careful:  seen_at is written at most once a minute. A session that began with a one-time password is no session yet
--           (elt.session_owes_password)
create or replace function elt.session_account(token_sha256 bytea)
returns table (session_id bigint, account_id bigint, name text, role text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    seen_at timestamptz;
begin
    select
        session.session_id,
        account.account_id,
        account.name,
        account.role,
        session.seen_at
    into
        session_account.session_id,
        session_account.account_id,
        session_account.name,
        session_account.role,
        seen_at
    from elt.session
    inner join elt.account on session.account_id = account.account_id
    where
        session.token_sha256 = session_account.token_sha256
        and session.created_at > now() - interval '7 days'
        and session.seen_at > now() - interval '12 hours'
        and account.disabled_at is null
        and not account.must_change_password;
    if not found then
        return;
    end if;
    if seen_at < now() - interval '1 minute' then
        update elt.session set seen_at = now()
        where session.session_id = session_account.session_id;
    end if;
    return next;
end
$$;

comment on function elt.session_account(bytea) is
    'Returns the account that the session of a cookie belongs to. No row if the session has ended, the account is disabled, or it must change its password first.';

revoke execute on function elt.session_account(bytea) from public;
