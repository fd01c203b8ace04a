-- reads:    elt.account, elt.api_token, elt.require_other, elt.close_sessions, elt.add_audit, elt.account_name
-- used by:  elt serve, page /accounts/NAME
-- careful:  tokens that may change data were issued for the old role and are revoked. Read-only tokens stay
create or replace function elt.admin_set_role(token_sha256 bytea, name text, role text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    other_id constant bigint := elt.require_other(token_sha256, name);
    old_role text;
begin
    select account.role into old_role
    from elt.account
    where account.account_id = other_id
    for no key update;
    if old_role = admin_set_role.role then
        return false;
    end if;
    update elt.account set role = admin_set_role.role
    where account.account_id = other_id;
    update elt.api_token set revoked_at = now()
    where api_token.account_id = other_id and api_token.may_change and api_token.revoked_at is null;
    perform elt.close_sessions(other_id);
    perform elt.add_audit(
        'account.set_role', elt.account_name(other_id),
        jsonb_build_object('from', old_role, 'to', admin_set_role.role)
    );
    return true;
exception
    when check_violation then
        raise exception 'there is no role "%"', admin_set_role.role
            using errcode = 'invalid_parameter_value', hint = 'Roles are viewer, operator and admin.';
end
$$;

comment on function elt.admin_set_role(bytea, text, text) is
    'Gives another account a role, ends its sessions and revokes its tokens that may change data, for the admin whose session it is. Returns false if it has the role already.';

revoke execute on function elt.admin_set_role(bytea, text, text) from public;
