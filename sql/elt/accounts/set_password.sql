-- reads:    elt.account, elt.sign_in, elt.api_token, elt.device, elt.close_sessions, elt.add_audit
-- used by:  elt user passwd, elt.change_password, elt.admin_reset_password
-- careful:  ends all sessions of the account and revokes the tokens that were issued for its old password, because
--           another person may have one of them
create or replace function elt.set_password(
    account_id bigint, password_hash text, revoke_tokens boolean default false
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    changed record;
begin
    update elt.account
    set
        password_hash = set_password.password_hash,
        password_set_at = now(),
        must_change_password = false,
        disabled_at = null
    where account.account_id = set_password.account_id
    returning account.name into changed;
    -- Also clears a sign-in lockout.
    delete from elt.sign_in
    using elt.account
    where
        account.account_id = set_password.account_id
        and lower(sign_in.name) = lower(account.name)
        and not sign_in.is_success;
    delete from elt.device where device.account_id = set_password.account_id;
    update elt.api_token set revoked_at = now()
    where
        api_token.account_id = set_password.account_id
        and api_token.revoked_at is null
        and (api_token.is_from_sign_in or set_password.revoke_tokens);
    perform elt.close_sessions(account_id);
    perform elt.add_audit(
        case
            when coalesce(nullif(current_setting('elt.account', true), ''), changed.name) = changed.name
                then 'password.set'
            else 'password.reset'
        end,
        changed.name,
        jsonb_build_object('revoke_tokens', nullif(set_password.revoke_tokens, false))
    );
end
$$;

comment on function elt.set_password(bigint, text, boolean) is
    'Sets the password of an account. Enables a disabled account and clears a sign-in lockout. Ends the account''s sessions, forgets its browsers, and revokes the tokens that were issued for the old password, or all its tokens if revoke_tokens is true.';

revoke execute on function elt.set_password(bigint, text, boolean) from public;
