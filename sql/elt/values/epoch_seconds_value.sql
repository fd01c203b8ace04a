-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           Double precision counts the seconds of one day to the microsecond, but not those since
--           1970
create or replace function elt.epoch_seconds_value(value text)
returns timestamptz
language sql
immutable
parallel safe
as $$
    select case
        when octet_length(btrim(value, E' \t\n\r\f\x0B')) > 40
            then null
        when btrim(value, E' \t\n\r\f\x0B') !~ '^[+-]?[0-9]+(\.[0-9]{1,6})?$'
            then null
        when
            btrim(value, E' \t\n\r\f\x0B')::numeric >= -62135596800
            and btrim(value, E' \t\n\r\f\x0B')::numeric < 253402300800
            then (
                timestamp '1970-01-01'
                + make_interval(
                    days => div(btrim(value, E' \t\n\r\f\x0B')::numeric, 86400)::integer,
                    secs => mod(btrim(value, E' \t\n\r\f\x0B')::numeric, 86400)::double precision
                )
            ) at time zone 'UTC'
    end
$$;

comment on function elt.epoch_seconds_value(text) is
    'Reads a point in time in seconds since 1970-01-01 00:00 UTC: digits with an optional sign and up to 6 decimal places. White space around it is allowed. Null for anything else, and outside the years 1 to 9999.';
