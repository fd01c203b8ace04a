-- reads:    elt.account, elt.device, elt.session, elt.use_sign_in, elt.add_audit, elt.account_name
-- used by:  elt serve
-- careful:  the browser gets a new device token each time, so that a copied token soon becomes useless
create or replace function elt.open_session(
    sign_in_id bigint,
    password_hash text,
    token_sha256 bytea,
    address text,
    user_agent text,
    old_device_sha256 bytea,
    device_sha256 bytea
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.use_sign_in(open_session.sign_in_id, open_session.password_hash);
begin
    if owner_id is null then
        return false;
    end if;
    update elt.account set last_signed_in_at = now()
    where account.account_id = owner_id;
    insert into elt.session (account_id, token_sha256, address, user_agent)
    values (owner_id, open_session.token_sha256, open_session.address, left(open_session.user_agent, 300));
    delete from elt.device
    where device.account_id = owner_id and device.token_sha256 = open_session.old_device_sha256;
    insert into elt.device (account_id, token_sha256)
    values (owner_id, open_session.device_sha256);
    perform elt.add_audit('sign_in.succeed', elt.account_name(owner_id), address => open_session.address);
    return true;
end
$$;

comment on function elt.open_session(bigint, text, bytea, text, text, bytea, bytea) is
    'Opens a session and registers its browser. Returns false if the hash is not that of the password that the attempt (elt.begin_sign_in) is for.';

revoke execute on function elt.open_session(bigint, text, bytea, text, text, bytea, bytea) from public;
