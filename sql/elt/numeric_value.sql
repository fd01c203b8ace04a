-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.numeric_value(value text)
returns numeric
language sql
immutable
parallel safe
as $$
    select case
        when
            btrim(value, E' \t\n\r\f\x0B')
            ~ '^[+-]?([0-9]{1,100}(\.[0-9]{0,100})?|\.[0-9]{1,100})([eE][+-]?[0-9]{1,2})?$'
            then btrim(value, E' \t\n\r\f\x0B')::numeric
    end
$$;

comment on function elt.numeric_value(text) is
    'The number that the text says: digits, with a point and a power of ten (e5) if need be, white space around it allowed; null for anything else.';
