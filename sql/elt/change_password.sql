-- reads:    elt.session_account, elt.set_password
-- used by:  elt serve
-- careful:  ends all sessions, also the one that asks
create or replace function elt.change_password(token_sha256 bytea, password_hash text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    account_id bigint;
begin
    select session_account.account_id into account_id
    from elt.session_account(token_sha256) as session_account;
    if account_id is null then
        raise exception 'the session has ended' using errcode = 'invalid_authorization_specification';
    end if;
    perform elt.set_password(account_id, password_hash);
end
$$;

comment on function elt.change_password(bytea, text) is
    'Sets the password of whoever the session belongs to, and ends all sessions of the account.';

revoke execute on function elt.change_password(bytea, text) from public;
