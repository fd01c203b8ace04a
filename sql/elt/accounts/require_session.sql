-- reads:    elt.session, elt.account, elt.session_account, elt.act_as
-- used by:  functions that change what belongs to the account of a session
create or replace function elt.require_session(token_sha256 bytea)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    owner record;
begin
    select
        session_account.account_id,
        session_account.name,
        session.address
    into owner
    from elt.session_account(require_session.token_sha256) as session_account
    inner join elt.session on session_account.session_id = session.session_id;
    if owner.account_id is null then
        raise exception 'the session has ended'
            using errcode = 'invalid_authorization_specification', hint = 'Sign in again.';
    end if;
    -- Waits for a change of the account, such as one that ends its sessions, and then sees it.
    perform 1
    from elt.account
    where account.account_id = owner.account_id
    for no key update;
    if not exists (
        select 1
        from elt.session_account(require_session.token_sha256) as still
        where still.account_id = owner.account_id
    ) then
        raise exception 'the session has ended'
            using errcode = 'invalid_authorization_specification', hint = 'Sign in again.';
    end if;
    perform elt.act_as(owner.name, owner.address);
    return owner.account_id;
end
$$;

comment on function elt.require_session(bytea) is
    'Returns the number of the account that a session belongs to, and acts as that account (elt.act_as). Raises an error if the session has ended.';

revoke execute on function elt.require_session(bytea) from public;
