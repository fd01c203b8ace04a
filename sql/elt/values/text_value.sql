-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           E'\v' would be the letter v: a vertical tab is \x0B
create or replace function elt.text_value(value text)
returns text
language sql
immutable
parallel safe
as $$
    select nullif(btrim(value, E' \t\n\r\f\x0B'), '')
$$;

comment on function elt.text_value(text) is
    'Returns the text without ASCII white space at its edges. Null if nothing is left.';
