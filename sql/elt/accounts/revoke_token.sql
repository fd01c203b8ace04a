-- reads:    elt.api_token
-- used by:  elt token revoke
create or replace function elt.revoke_token(token_id bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update elt.api_token set revoked_at = coalesce(api_token.revoked_at, now())
    where api_token.token_id = revoke_token.token_id;
    if not found then
        raise exception 'there is no token %', token_id
            using errcode = 'no_data_found', hint = 'Tokens are listed in elt.account_token.';
    end if;
end
$$;

comment on function elt.revoke_token(bigint) is 'Revokes a token.';

revoke execute on function elt.revoke_token(bigint) from public;
