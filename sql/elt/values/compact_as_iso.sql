-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.compact_as_iso(value text)
returns text
language sql
immutable
parallel safe
as $$
    select case
        when btrim(value, E' \t\n\r\f\x0B') ~ '^[0-9]{8}$'
            then
                left(btrim(value, E' \t\n\r\f\x0B'), 4)
                || '-'
                || substr(btrim(value, E' \t\n\r\f\x0B'), 5, 2)
                || '-'
                || right(btrim(value, E' \t\n\r\f\x0B'), 2)
        when btrim(value, E' \t\n\r\f\x0B') ~ '^[0-9]{8}[T ]?[0-9]{6}$'
            then
                left(btrim(value, E' \t\n\r\f\x0B'), 4)
                || '-'
                || substr(btrim(value, E' \t\n\r\f\x0B'), 5, 2)
                || '-'
                || substr(btrim(value, E' \t\n\r\f\x0B'), 7, 2)
                || ' '
                || left(right(btrim(value, E' \t\n\r\f\x0B'), 6), 2)
                || ':'
                || left(right(btrim(value, E' \t\n\r\f\x0B'), 4), 2)
                || ':'
                || right(btrim(value, E' \t\n\r\f\x0B'), 2)
    end
$$;

comment on function elt.compact_as_iso(text) is
    'Converts a date of eight digits, such as 20240105, to ISO text. A time of six digits may follow (20240105093000, 20240105T093000). Null for any other text. Does not check that the day and the time exist.';
