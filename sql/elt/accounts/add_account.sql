-- reads:    elt.account
-- used by:  elt user add
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
    return number;
exception
    when unique_violation then
        raise exception 'there is an account "%" already', name
            using
                errcode = 'invalid_parameter_value',
                hint = 'Names differ in more than case; an account that there is can be given another password.';
    when check_violation then
        raise exception '"%" is not a name for an account', name
            using
                errcode = 'invalid_parameter_value',
                hint = 'A name has letters, digits and _ . @ + -, begins with a letter or digit, and has at most 150 of them.';
end
$$;

comment on function elt.add_account(text, text, text) is 'Makes an account, and says its number.';

revoke execute on function elt.add_account(text, text, text) from public;
