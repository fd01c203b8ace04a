-- reads:    elt.account, elt.close_sessions
-- used by:  elt user passwd, elt.change_password
-- careful:  ends all sessions of the account, since somebody else may have one of them
create or replace function elt.set_password(account_id bigint, password_hash text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
    update elt.account
    set password_hash = set_password.password_hash, password_set_at = now(), disabled_at = null
    where account.account_id = set_password.account_id;
    perform elt.close_sessions(account_id);
end
$$;

comment on function elt.set_password(bigint, text) is
    'Sets an account''s password, lets a disabled one in again, and ends its sessions.';

revoke execute on function elt.set_password(bigint, text) from public;
