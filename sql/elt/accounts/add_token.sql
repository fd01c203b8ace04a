-- reads:    elt.account, elt.api_token, elt.add_audit, elt.account_name
-- used by:  elt token new, elt.open_token, elt.new_token
create or replace function elt.add_token(
    account_id bigint,
    name text,
    token_sha256 bytea,
    may_change boolean,
    holds interval,
    is_from_sign_in boolean default false
)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    number bigint;
    ends_at constant timestamptz := now() + holds;
begin
    insert into elt.api_token (account_id, name, token_sha256, may_change, expires_at, is_from_sign_in)
    values (account_id, name, token_sha256, may_change, ends_at, is_from_sign_in)
    returning api_token.token_id into number;
    perform elt.add_audit(
        'token.add', elt.account_name(account_id),
        jsonb_build_object('token', number, 'name', name, 'may_change', may_change, 'expires_at', ends_at)
    );
    return number;
end
$$;

comment on function elt.add_token(bigint, text, bytea, boolean, interval, boolean) is
    'Registers a token of an account and returns its number.';

revoke execute on function elt.add_token(bigint, text, bytea, boolean, interval, boolean) from public;
