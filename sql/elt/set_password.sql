-- reads:    elt.account, elt.sign_in, elt.close_sessions
-- used by:  elt user passwd, elt.change_password
-- careful:  ends all sessions of the account, since somebody else may have one of them
create or replace function elt.set_password(account_id bigint, password_hash text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update elt.account
    set password_hash = set_password.password_hash, password_set_at = now(), disabled_at = null
    where account.account_id = set_password.account_id;
    -- Whoever had tried too often need not wait.
    delete from elt.sign_in
    using elt.account
    where
        account.account_id = set_password.account_id
        and lower(sign_in.name) = lower(account.name)
        and not sign_in.is_success;
    perform elt.close_sessions(account_id);
end
$$;

comment on function elt.set_password(bigint, text) is
    'Sets an account''s password, lets a disabled one, or one that tried too often, in again, and ends its sessions.';

revoke execute on function elt.set_password(bigint, text) from public;
