-- reads:    elt.api_token, elt.account
-- used by:  elt serve, with every request that has a token
-- careful:  last_used_at is written at most once a minute
create or replace function elt.token_account(token_sha256 bytea)
returns table (token_id bigint, account_id bigint, name text, role text, may_change boolean)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    last_used_at timestamptz;
begin
    select
        api_token.token_id,
        account.account_id,
        account.name,
        account.role,
        api_token.may_change,
        api_token.last_used_at
    into
        token_account.token_id,
        token_account.account_id,
        token_account.name,
        token_account.role,
        token_account.may_change,
        last_used_at
    from elt.api_token
    inner join elt.account on api_token.account_id = account.account_id
    where
        api_token.token_sha256 = token_account.token_sha256
        and api_token.revoked_at is null
        and api_token.expires_at > now()
        and account.disabled_at is null
        and not account.must_change_password;
    if not found then
        return;
    end if;
    if last_used_at is null or last_used_at < now() - interval '1 minute' then
        update elt.api_token set last_used_at = now()
        where api_token.token_id = token_account.token_id;
    end if;
    return next;
end
$$;

comment on function elt.token_account(bytea) is
    'Returns the account that a token belongs to, and whether it may change data. No row if the token is not valid, or the account must change its password first.';

revoke execute on function elt.token_account(bytea) from public;
