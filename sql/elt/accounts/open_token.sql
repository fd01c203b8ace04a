-- reads:    elt.account, elt.use_sign_in, elt.add_token, elt.add_audit, elt.account_name
-- used by:  elt serve at /api-token-auth
create or replace function elt.open_token(
    sign_in_id bigint, password_hash text, token_sha256 bytea, holds interval
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.use_sign_in(open_token.sign_in_id, open_token.password_hash);
begin
    if owner_id is null then
        return false;
    end if;
    -- A one-time password can only choose a new one.
    if (select account.must_change_password from elt.account where account.account_id = owner_id) then
        return false;
    end if;
    perform elt.add_audit('sign_in.succeed', elt.account_name(owner_id));
    perform elt.add_token(
        owner_id, 'signed in', open_token.token_sha256, false,
        least(open_token.holds, interval '1 day'), is_from_sign_in => true
    );
    return true;
end
$$;

comment on function elt.open_token(bigint, text, bytea, interval) is
    'Registers a read-only token for at most a day. Returns false if the hash is not that of the password that the attempt (elt.begin_sign_in) is for, or if the account must change its password first.';

revoke execute on function elt.open_token(bigint, text, bytea, interval) from public;
