-- reads:    nothing
-- used by:  elt loads, elt serve
-- careful:  the bound is exclusive at the end: a day ends when the next one begins
create or replace function elt.time_bound(value text, is_end boolean, time_zone text)
returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    trimmed text := lower(btrim(value));
    day date;
begin
    if trimmed in ('today', 'yesterday') then
        day := (now() at time zone time_zone)::date - (trimmed = 'yesterday')::integer;
    elsif trimmed ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
        day := trimmed::date;
    end if;
    if day is not null then
        return (day + is_end::integer)::timestamp at time zone time_zone;
    end if;
    if trimmed ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ t][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$' then
        return trimmed::timestamp at time zone time_zone;
    end if;
    if trimmed ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ t][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)? ?(z|utc|[+-][0-9]{2}(:?[0-9]{2})?)$' then
        return trimmed::timestamptz;
    end if;
    return null;
exception
    when data_exception then
        return null;
end
$$;

comment on function elt.time_bound(text, boolean, text) is
    'Returns the start (or with is_end the end) of a filter by time: a day as 2026-11-30, today or yesterday, or a time as 2026-11-30 17:30, in this time zone unless it names its own. Null if the text is neither.';
