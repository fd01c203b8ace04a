-- reads:    elt.require_session, elt.api_token, elt.add_token
-- used by:  elt serve, page /account
-- careful:  only for the account itself, because a token acts as its account. A session is enough, as for changes of data;
--           the new token is in the audit
create or replace function elt.new_token(
    token_sha256 bytea, name text, new_token_sha256 bytea, may_change boolean, days integer
)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.require_session(token_sha256);
begin
    if days is null or days not between 1 and 3660 then
        raise exception 'a token is valid for 1 to 3660 days' using errcode = 'invalid_parameter_value';
    end if;
    -- Pages list at most twice as many, so that none is hidden.
    if (
        select count(*) >= 100
        from elt.api_token
        where api_token.account_id = owner_id and (api_token.expires_at is null or api_token.expires_at > now())
    ) then
        raise exception 'an account has at most 100 tokens'
            using errcode = 'object_not_in_prerequisite_state', hint = 'Revoke those that are not used.';
    end if;
    return elt.add_token(owner_id, btrim(name), new_token_sha256, may_change, make_interval(days => days));
exception
    when check_violation then
        raise exception 'the name of a token has 1 to 150 characters' using errcode = 'invalid_parameter_value';
end
$$;

comment on function elt.new_token(bytea, text, bytea, boolean, integer) is
    'Registers a token of the account whose session it is, and returns its number.';

revoke execute on function elt.new_token(bytea, text, bytea, boolean, integer) from public;
