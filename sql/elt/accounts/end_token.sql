-- reads:    elt.api_token, elt.require_own, elt.revoke_token
-- used by:  elt serve, pages /account and /accounts/NAME
create or replace function elt.end_token(token_sha256 bytea, name text, token_id bigint)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.require_own(token_sha256, name);
    ended record;
    token_count bigint := 0;
begin
    for ended in
        select api_token.token_id
        from elt.api_token
        where
            api_token.account_id = owner_id
            and api_token.token_id = coalesce(end_token.token_id, api_token.token_id)
            and api_token.revoked_at is null
            and api_token.expires_at > now()
        order by api_token.token_id
    loop
        perform elt.revoke_token(ended.token_id);
        token_count := token_count + 1;
    end loop;
    return token_count;
end
$$;

comment on function elt.end_token(bytea, text, bigint) is
    'Revokes a token of an account, or all of them if token_id is null, and returns the number of revoked tokens. For the account itself or an admin''s session.';

revoke execute on function elt.end_token(bytea, text, bigint) from public;
