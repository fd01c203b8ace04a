-- reads:    elt.sign_in, elt.account, elt.act_as, elt.add_audit
-- used by:  elt.open_session, elt.open_token, elt.change_password
-- careful:  an attempt can be used once: it is finished whether or not the hash is right. Digests are compared, so that
--           the response time reveals nothing about the hash
create or replace function elt.use_sign_in(sign_in_id bigint, password_hash text)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    attempt record;
    owner_id bigint;
begin
    update elt.sign_in
    set finished_at = now()
    where
        sign_in.sign_in_id = use_sign_in.sign_in_id
        and sign_in.finished_at is null
        and sign_in.attempted_at > now() - interval '2 minutes';
    if not found then
        return null;
    end if;
    select
        account.account_id,
        account.name,
        sign_in.address
    into attempt
    from elt.sign_in
    left join elt.account on lower(sign_in.name) = lower(account.name)
    where sign_in.sign_in_id = use_sign_in.sign_in_id;
    select account.account_id into owner_id
    from elt.account
    where
        account.account_id = attempt.account_id
        and account.disabled_at is null
        -- A one-time password is valid for a week.
        and (not account.must_change_password or account.password_set_at > now() - interval '7 days')
        and sha256(convert_to(account.password_hash, 'UTF8')) = sha256(convert_to(use_sign_in.password_hash, 'UTF8'))
    -- Waits for a change of the account, and then sees it.
    for no key update;
    if owner_id is null then
        -- The name of an unknown account is not recorded: it may be a password in the wrong field.
        perform elt.act_as(null, attempt.address);
        perform elt.add_audit('sign_in.fail', attempt.name);
        return null;
    end if;
    update elt.sign_in set is_success = true
    where sign_in.sign_in_id = use_sign_in.sign_in_id;
    perform elt.act_as(attempt.name, attempt.address);
    return owner_id;
end
$$;

comment on function elt.use_sign_in(bigint, text) is
    'Finishes an attempt to sign in that is at most two minutes old. Returns the account''s number if the hash is that of its password, otherwise null. Records a failure in the audit. After success, acts as the account (elt.act_as).';

revoke execute on function elt.use_sign_in(bigint, text) from public;
