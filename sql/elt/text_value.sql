-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.text_value(value text)
returns text
language sql
immutable
parallel safe
as $$
    select nullif(btrim(value, E' \t\n\r\f\v'), '')
$$;

comment on function elt.text_value(text) is
    'The text without ASCII white space at its edges; null when nothing is left.';
