-- reads:    elt.account, elt.device, elt.sign_in
-- used by:  elt serve
-- careful:  the attempt is recorded as failed before the password is checked, so that simultaneous attempts count too.
--           Unknown names wait and are answered like known ones. The hash is not returned: the caller gets only what it
--           needs to compute the hash from the password
create or replace function elt.begin_sign_in(name text, network text, device_sha256 bytea default null)
returns table (sign_in_id bigint, wait_seconds bigint, password_salt text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    given constant text := left(begin_sign_in.name, 150);
    known_device bigint;
    frees_at timestamptz;
begin
    -- Attempts for the same name run one after another.
    perform pg_advisory_xact_lock(6646904, hashtext(lower(given)));
    select device.device_id into known_device
    from elt.device
    inner join elt.account on device.account_id = account.account_id
    where
        device.token_sha256 = begin_sign_in.device_sha256
        and device.created_at > now() - interval '180 days'
        and lower(account.name) = lower(given)
        and (
            select count(*) < 5
            from elt.sign_in
            where
                sign_in.device_id = device.device_id
                and not sign_in.is_success
                and sign_in.attempted_at > now() - interval '15 minutes'
        );
    if known_device is null then
        frees_at := elt.sign_in_frees_at(given, begin_sign_in.network);
    end if;
    if frees_at > now() then
        wait_seconds := ceil(extract(epoch from frees_at - now()));
        return next;
        return;
    end if;
    wait_seconds := 0;
    insert into elt.sign_in (name, address, device_id, is_success)
    values (given, begin_sign_in.network, known_device, false)
    returning sign_in.sign_in_id into begin_sign_in.sign_in_id;
    -- Everything except the hash itself.
    select regexp_replace(account.password_hash, '\$[^$]*$', '') into password_salt
    from elt.account
    where lower(account.name) = lower(given) and account.disabled_at is null;
    password_salt := coalesce(password_salt, '$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA');
    return next;
end
$$;

comment on function elt.begin_sign_in(text, text, bytea) is
    'Starts an attempt to sign in. Returns the seconds to wait, or 0 and the parameters for hashing the password, for elt.open_session and others. For a browser that has signed in to the account before, only its own failures count.';

revoke execute on function elt.begin_sign_in(text, text, bytea) from public;
