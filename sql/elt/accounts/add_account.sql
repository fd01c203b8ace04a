-- reads:    elt.account, elt.add_audit
-- used by:  elt user add, elt.admin_add_account
create or replace function elt.add_account(name text, role text, password_hash text)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    number bigint;
begin
    insert into elt.account (name, role, password_hash, password_set_at)
    values (name, role, password_hash, case when password_hash is not null then now() end)
    returning account.account_id into number;
    perform elt.add_audit('account.add', name, jsonb_build_object('role', role));
    return number;
exception
    when unique_violation then
        raise exception 'account "%" already exists', name
            using
                errcode = 'invalid_parameter_value',
                hint = 'Names are compared without regard to case. elt user passwd sets the password of an existing account.';
    when check_violation then
        raise exception '"%" is not a valid account name', name
            using
                errcode = 'invalid_parameter_value',
                hint = 'Use at most 150 letters, digits and _ . @ + -, beginning with a letter or a digit.';
end
$$;

comment on function elt.add_account(text, text, text) is 'Creates an account and returns its number.';

revoke execute on function elt.add_account(text, text, text) from public;
