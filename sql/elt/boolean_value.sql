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
        when 'false' then false
        when 'no' then false
    end
$$;

comment on function elt.boolean_value(text) is
    'Whether the text says true or yes, or else false or no, in any case, white space around it allowed; null for anything else.';
