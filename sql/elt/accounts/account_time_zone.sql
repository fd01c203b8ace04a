-- reads:    elt.account
-- used by:  elt serve, with every request
-- careful:  a zone may be unknown after a restore on another server. Such an account has the zone of elt serve
create or replace function elt.account_time_zone(account_id bigint)
returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    chosen text;
begin
    select account.time_zone into chosen
    from elt.account
    where account.account_id = account_time_zone.account_id;
    if chosen is null then
        return null;
    end if;
    -- Raises an error if the server does not know the zone.
    perform now() at time zone chosen;
    return chosen;
exception
    when invalid_parameter_value then
        return null;
end
$$;

comment on function elt.account_time_zone(bigint) is
    'Returns the time zone of an account. Null if it has none, or one that the server does not know.';

revoke execute on function elt.account_time_zone(bigint) from public;
