-- reads:    elt.parts_as_iso
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           Days and months of two digits are the most common, and need no regular expression
create or replace function elt.day_first_as_iso(value text)
returns text
language sql
immutable
parallel safe
as $$
    select case
        when
            translate(value, '123456789', '000000000') in (
                '00.00.0000', '00.00.0000 00:00', '00.00.0000 00:00:00',
                '00/00/0000', '00/00/0000 00:00', '00/00/0000 00:00:00',
                '00-00-0000', '00-00-0000 00:00', '00-00-0000 00:00:00'
            )
            then
                substr(value, 7, 4)
                || '-'
                || substr(value, 4, 2)
                || '-'
                || left(value, 2)
                || substr(value, 11)
        when
            btrim(value, E' \t\n\r\f\x0B') ~ (
                '^[0-9]{1,2}(\.[0-9]{1,2}\.|/[0-9]{1,2}/|-[0-9]{1,2}-)([0-9]{4}|[0-9]{2})'
                || '([T ,]+[0-9].*)?$'
            )
            then elt.parts_as_iso(value, 3, 2, 1)
    end
$$;

comment on function elt.day_first_as_iso(text) is
    'Converts a date written day first, such as 5.1.2024, 05/01/24 or 5-1-2024, to ISO text. A time may follow (9:05, 9:05:30 PM). Null for any other text. Does not check that the day and the time exist.';
