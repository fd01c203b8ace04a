-- reads:    elt.api_token, elt.add_audit, elt.account_name
-- used by:  elt token revoke, elt.end_token
create or replace function elt.revoke_token(token_id bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id bigint;
    token_name text;
begin
    update elt.api_token set revoked_at = coalesce(api_token.revoked_at, now())
    where api_token.token_id = revoke_token.token_id
    returning api_token.account_id, api_token.name into owner_id, token_name;
    if not found then
        raise exception 'there is no token %', token_id
            using errcode = 'no_data_found', hint = 'Tokens are listed in elt.account_token.';
    end if;
    perform elt.add_audit(
        'token.revoke', elt.account_name(owner_id), jsonb_build_object('token', token_id, 'name', token_name)
    );
end
$$;

comment on function elt.revoke_token(bigint) is 'Revokes a token.';

revoke execute on function elt.revoke_token(bigint) from public;
