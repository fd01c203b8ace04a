-- reads:    elt.api_token, elt.require_own
-- used by:  elt serve, pages /account and /accounts/NAME
create or replace function elt.list_tokens(token_sha256 bytea, name text)
returns table (
    token_id bigint,
    token_name text,
    may_change boolean,
    created_at timestamptz,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
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
        api_token.token_id,
        api_token.name,
        api_token.may_change,
        api_token.created_at,
        api_token.expires_at,
        api_token.last_used_at,
        api_token.revoked_at
    from elt.api_token
    where api_token.account_id = owner_id
    order by api_token.revoked_at is not null or api_token.expires_at <= now(), api_token.token_id desc
    limit 200;
end
$$;

comment on function elt.list_tokens(bytea, text) is
    'Returns the latest 200 tokens of an account, valid ones first, without their hashes: of the account itself or, for an admin''s session, of any account.';

revoke execute on function elt.list_tokens(bytea, text) from public;
