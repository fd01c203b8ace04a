-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           Double precision counts the seconds of one day to the microsecond, but not those since
--           1970
create or replace function elt.epoch_milliseconds_value(value text)
returns timestamptz
language sql
immutable
parallel safe
as $$
    select case
        when octet_length(btrim(value, E' \t\n\r\f\x0B')) > 40
            then null
        when btrim(value, E' \t\n\r\f\x0B') !~ '^[+-]?[0-9]+(\.[0-9]{1,3})?$'
            then null
        when
            btrim(value, E' \t\n\r\f\x0B')::numeric >= -62135596800000
            and btrim(value, E' \t\n\r\f\x0B')::numeric < 253402300800000
            then (
                timestamp '1970-01-01'
                + make_interval(
                    days => div(btrim(value, E' \t\n\r\f\x0B')::numeric, 86400000)::integer,
                    secs => (
                        mod(btrim(value, E' \t\n\r\f\x0B')::numeric, 86400000) / 1000
                    )::double precision
                )
            ) at time zone 'UTC'
    end
$$;

comment on function elt.epoch_milliseconds_value(text) is
    'Reads a point in time in milliseconds since 1970-01-01 00:00 UTC: digits with an optional sign and up to 3 decimal places. White space around it is allowed. Null for anything else, and outside the years 1 to 9999.';
