-- reads:    elt.account, elt.require_admin, elt.require_account
-- used by:  functions by which an admin changes another account
-- careful:  enabled admins are locked first and in one order, so of two admins who disable each other one is refused
create or replace function elt.require_other(token_sha256 bytea, name text)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    admin_id bigint;
    other_id bigint;
begin
    perform account.account_id
    from elt.account
    where account.role = 'admin' and account.disabled_at is null
    order by account.account_id
    for no key update;
    admin_id := elt.require_admin(token_sha256);
    other_id := elt.require_account(name);
    if not exists (
        select
        from elt.account
        where account.role = 'admin' and account.disabled_at is null and account.account_id <> other_id
    ) then
        raise exception '"%" is the only enabled admin', require_other.name
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = 'Give another account the role admin first.';
    end if;
    if other_id = admin_id then
        raise exception '"%" is your own account', require_other.name
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = 'Another admin can change it. Your password, sessions and tokens are on the page Account.';
    end if;
    return other_id;
end
$$;

comment on function elt.require_other(bytea, text) is
    'Returns the number of the account that an admin wants to change. Raises an error if it is the admin''s own, or the only enabled admin.';

revoke execute on function elt.require_other(bytea, text) from public;
