-- reads:    elt.local_timestamp_value
-- used by:  core queries
-- careful:  PL/pgSQL, because SQL would split the text again for every use of the zone. The minutes
--           have the sign of the hours
create or replace function elt.instant_value(value text)
returns timestamptz
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    trimmed text := btrim(value, E' \t\n\r\f\x0B');
    zone text := substring(trimmed, '(?:Z|z|UTC|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)$');
    before_zone text := left(trimmed, length(trimmed) - length(zone));
begin
    if zone in ('Z', 'z', 'UTC') then
        return elt.local_timestamp_value(before_zone) at time zone 'UTC';
    end if;
    return elt.local_timestamp_value(before_zone) at time zone make_interval(
        hours => left(zone, 3)::integer,
        mins => (left(zone, 1) || lpad(ltrim(substr(zone, 4), ':'), 2, '0'))::integer
    );
end
$$;

comment on function elt.instant_value(text) is
    'Reads a date and time with a zone: what elt.local_timestamp_value reads, followed by Z, UTC, +01:00, +0100 or +01. Null for anything else, including a text without a zone.';
