-- reads:    elt.account, elt.api_token, elt.close_sessions, elt.add_audit, elt.account_name
-- used by:  elt user disable, elt.admin_disable_account
create or replace function elt.disable_account(account_id bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update elt.account set disabled_at = coalesce(account.disabled_at, now())
    where account.account_id = disable_account.account_id;
    update elt.api_token set revoked_at = coalesce(api_token.revoked_at, now())
    where api_token.account_id = disable_account.account_id;
    perform elt.close_sessions(account_id);
    perform elt.add_audit('account.disable', elt.account_name(account_id));
end
$$;

comment on function elt.disable_account(bigint) is
    'Disables an account: its password and tokens stop working and its sessions end.';

revoke execute on function elt.disable_account(bigint) from public;
