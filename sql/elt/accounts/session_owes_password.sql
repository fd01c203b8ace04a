-- reads:    elt.session, elt.account
-- used by:  elt serve, for requests whose session elt.session_account does not know
create or replace function elt.session_owes_password(token_sha256 bytea)
returns table (name text)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select account.name
    from elt.session
    inner join elt.account on session.account_id = account.account_id
    where
        session.token_sha256 = session_owes_password.token_sha256
        and session.created_at > now() - interval '1 hour'
        and account.disabled_at is null
        and account.must_change_password
$$;

comment on function elt.session_owes_password(bytea) is
    'Returns the account of a session that began with a one-time password within an hour, and can only change that password.';

revoke execute on function elt.session_owes_password(bytea) from public;
