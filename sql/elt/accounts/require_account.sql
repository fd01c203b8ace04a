-- reads:    elt.account
-- used by:  elt user, elt token
create or replace function elt.require_account(name text)
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    number bigint;
begin
    select account.account_id into number
    from elt.account
    where lower(account.name) = lower(require_account.name);
    if number is null then
        raise exception 'there is no account "%"', name
            using errcode = 'no_data_found', hint = 'Accounts are listed in elt.account.';
    end if;
    return number;
end
$$;

comment on function elt.require_account(text) is
    'Returns the number of an account. Raises an error if it does not exist.';

revoke execute on function elt.require_account(text) from public;
