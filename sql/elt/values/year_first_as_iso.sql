-- reads:    elt.parts_as_iso
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           Days and months of two digits are the most common, and need no regular expression
create or replace function elt.year_first_as_iso(value text)
returns text
language sql
immutable
parallel safe
as $$
    select case
        when
            translate(value, '123456789', '000000000') in (
                '0000/00/00', '0000/00/00 00:00', '0000/00/00 00:00:00',
                '0000.00.00', '0000.00.00 00:00', '0000.00.00 00:00:00',
                '0000-00-00', '0000-00-00 00:00', '0000-00-00 00:00:00'
            )
            then
                translate(left(value, 10), './', '--')
                || substr(value, 11)
        when
            btrim(value, E' \t\n\r\f\x0B') ~ (
                '^[0-9]{4}(\.[0-9]{1,2}\.|/[0-9]{1,2}/|-[0-9]{1,2}-)[0-9]{1,2}'
                || '([T ,]+[0-9].*)?$'
            )
            then elt.parts_as_iso(value, 1, 2, 3)
    end
$$;

comment on function elt.year_first_as_iso(text) is
    'Converts a date written year first, such as 2024/1/5, 2024.01.05 or 2024-1-5, to ISO text. A time may follow (9:05, 9:05:30 PM). Null for any other text. Does not check that the day and the time exist.';
