-- reads:    elt.date_as_iso
-- used by:  elt.day_first_as_iso, elt.month_first_as_iso, elt.year_first_as_iso
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           The callers have checked the form of the value
create or replace function elt.parts_as_iso(
    value text, year_place integer, month_place integer, day_place integer
)
returns text
language sql
immutable
parallel safe
as $$
    select elt.date_as_iso(
        split_part(
            split_part(translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1), '-', year_place
        ),
        split_part(
            split_part(translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1), '-', month_place
        ),
        split_part(
            split_part(translate(btrim(value, E' \t\n\r\f\x0B'), './T,', '--  '), ' ', 1), '-', day_place
        ),
        ltrim(
            substr(
                btrim(value, E' \t\n\r\f\x0B'),
                length(split_part(translate(btrim(value, E' \t\n\r\f\x0B'), 'T,', '  '), ' ', 1)) + 1
            ),
            'T ,'
        )
    )
$$;

comment on function elt.parts_as_iso(text, integer, integer, integer) is
    'Converts a date of three numbers, separated by points, slashes or hyphens, to ISO text. The places of year, month and day count from 1. A time may follow.';
