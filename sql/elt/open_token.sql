-- reads:    elt.sign_in, elt.add_token
-- used by:  elt serve at /api-token-auth, when the password was right
create or replace function elt.open_token(
    sign_in_id bigint, account_id bigint, token_sha256 bytea, holds interval
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update elt.sign_in set is_success = true where sign_in.sign_in_id = open_token.sign_in_id;
    perform elt.add_token(account_id, 'signed in', token_sha256, false, holds);
end
$$;

comment on function elt.open_token(bigint, bigint, bytea, interval) is
    'Notes that an attempt to sign in succeeded, and makes a token known that may read.';

revoke execute on function elt.open_token(bigint, bigint, bytea, interval) from public;
