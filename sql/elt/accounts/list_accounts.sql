-- reads:    elt.account, elt.session, elt.api_token, elt.sign_in, elt.require_admin, elt.sign_in_frees_at
-- used by:  elt serve, pages /accounts and /accounts/NAME
create or replace function elt.list_accounts(token_sha256 bytea, name text default null)
returns table (
    account_name text,
    role text,
    created_at timestamptz,
    password_set_at timestamptz,
    last_signed_in_at timestamptz,
    disabled_at timestamptz,
    must_change_password boolean,
    session_count bigint,
    token_count bigint,
    locked_until timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform elt.require_admin(token_sha256);
    return query
    select
        account.name,
        account.role,
        account.created_at,
        account.password_set_at,
        account.last_signed_in_at,
        account.disabled_at,
        account.must_change_password,
        (
            select count(*)
            from elt.session
            where
                session.account_id = account.account_id
                and session.created_at > now() - interval '7 days'
                and session.seen_at > now() - interval '12 hours'
        ),
        (
            select count(*)
            from elt.api_token
            where
                api_token.account_id = account.account_id
                and api_token.revoked_at is null
                and api_token.expires_at > now()
        ),
        (
            select max(elt.sign_in_frees_at(account.name, failed.address))
            from (
                select distinct sign_in.address
                from elt.sign_in
                where
                    lower(sign_in.name) = lower(account.name)
                    and not sign_in.is_success
                    and sign_in.attempted_at > now() - interval '15 minutes'
            ) as failed
        )
    from elt.account
    where lower(account.name) = lower(coalesce(list_accounts.name, account.name))
    order by account.disabled_at is not null, lower(account.name);
end
$$;

comment on function elt.list_accounts(bytea, text) is
    'Returns all accounts, or one, for the admin whose session it is. locked_until: until then, sign-ins from a network that failed too often must wait.';

revoke execute on function elt.list_accounts(bytea, text) from public;
