-- reads:    elt.account, elt.api_token
-- used by:  elt token new, elt.open_token
create or replace function elt.add_token(
    account_id bigint,
    name text,
    token_sha256 bytea,
    may_change boolean,
    holds interval,
    is_from_sign_in boolean default false
)
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into elt.api_token (account_id, name, token_sha256, may_change, expires_at, is_from_sign_in)
    values (account_id, name, token_sha256, may_change, now() + holds, is_from_sign_in)
    returning api_token.token_id
$$;

comment on function elt.add_token(bigint, text, bytea, boolean, interval, boolean) is
    'Registers a token of an account and returns its number.';

revoke execute on function elt.add_token(bigint, text, bytea, boolean, interval, boolean) from public;
