-- what:   add time_zone to elt.account
-- why:    each account reads and writes times in its own time zone
-- locks:  ACCESS EXCLUSIVE on elt.account, for an instant: a column without a default
-- time:   instant; a small table
-- undo:   drop trigger account_time_zone_known; drop function elt.check_time_zone; drop the column (loses the choices)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.account add column time_zone text;

comment on column elt.account.time_zone is
    'Time zone of the account''s pages and API, a name of pg_timezone_names. Null: that of elt serve.';

create function elt.check_time_zone()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    known_name text;
begin
    if new.time_zone is null then
        return new;
    end if;
    select zone.name into known_name
    from pg_timezone_names as zone
    where lower(zone.name) = lower(btrim(new.time_zone))
    order by zone.name
    limit 1;
    if known_name is null then
        raise exception 'there is no time zone "%"', left(new.time_zone, 100)
            using errcode = 'invalid_parameter_value', hint = 'Write a name such as Europe/Berlin or UTC.';
    end if;
    new.time_zone := known_name;
    return new;
end
$$;

comment on function elt.check_time_zone() is
    'Trigger of elt.account. Refuses a time zone that the server does not know, and writes the others as pg_timezone_names does.';

revoke execute on function elt.check_time_zone() from public;

-- Only if it is set: the list is read from files.
create trigger account_time_zone_known before insert or update of time_zone on elt.account
for each row execute function elt.check_time_zone();
