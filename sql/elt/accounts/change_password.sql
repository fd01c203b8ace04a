-- reads:    elt.account, elt.session_account, elt.session_owes_password, elt.use_sign_in, elt.set_password
-- used by:  elt serve
-- careful:  a session alone is not enough: the caller must also give the old password. Ends all sessions of the
--           account, including the caller's
create or replace function elt.change_password(
    token_sha256 bytea, sign_in_id bigint, old_hash text, new_hash text, revoke_tokens boolean
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id constant bigint := elt.use_sign_in(change_password.sign_in_id, change_password.old_hash);
begin
    if owner_id is null or owner_id is distinct from coalesce(
        (
            select session_account.account_id
            from elt.session_account(change_password.token_sha256) as session_account
        ),
        (
            select account.account_id
            from elt.session_owes_password(change_password.token_sha256) as owing
            inner join elt.account on owing.name = account.name
        )
    ) then
        return false;
    end if;
    perform elt.set_password(owner_id, change_password.new_hash, change_password.revoke_tokens);
    return true;
end
$$;

comment on function elt.change_password(bytea, bigint, text, text, boolean) is
    'Sets the password of the account that the session belongs to. Returns false if old_hash is not the hash of its password or the attempt (elt.begin_sign_in) is for another account. See elt.set_password.';

revoke execute on function elt.change_password(bytea, bigint, text, text, boolean) from public;
