-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.boolean_value(value text)
returns boolean
language sql
immutable
parallel safe
as $$
    select case lower(btrim(value, E' \t\n\r\f\x0B'))
        when 'true' then true
        when 'yes' then true
        when 'y' then true
        when 'false' then false
        when 'no' then false
        when 'n' then false
    end
$$;

comment on function elt.boolean_value(text) is
    'Reads a truth value: true, yes or y, and false, no or n, in any case. White space around it is allowed. Null for anything else.';
