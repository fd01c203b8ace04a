-- reads:    nothing
-- used by:  core queries, elt.instant_value
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           More than six decimal places would be rounded, so only zeros may follow the sixth. The
--           last day of the month is computed only for the 29th, 30th and 31st
create or replace function elt.local_timestamp_value(value text)
returns timestamp
language sql
immutable
parallel safe
as $$
    select case
        when
            btrim(value, E' \t\n\r\f\x0B') !~ (
                '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
                || '[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6}0{0,3})?)?$'
            )
            then null
        when left(btrim(value, E' \t\n\r\f\x0B'), 4) = '0000'
            then null
        when
            substr(btrim(value, E' \t\n\r\f\x0B'), 9, 2)::integer <= 28
            or substr(btrim(value, E' \t\n\r\f\x0B'), 9, 2)::integer <= extract(
                day from
                make_date(
                    left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer,
                    substr(btrim(value, E' \t\n\r\f\x0B'), 6, 2)::integer,
                    1
                )
                + interval '1 month - 1 day'
            )
            then make_timestamp(
                left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 6, 2)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 9, 2)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 12, 2)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 15, 2)::integer,
                ('0' || substr(btrim(value, E' \t\n\r\f\x0B'), 18))::double precision
            )
    end
$$;

comment on function elt.local_timestamp_value(text) is
    'Reads a date and time without a zone: YYYY-MM-DD and HH:MM, optionally with seconds of up to six decimal places. White space around it is allowed. Null for anything else, including a day that does not exist and a text with a zone.';
