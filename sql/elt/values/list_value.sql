-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.list_value(value jsonb)
returns jsonb
language sql
immutable
parallel safe
as $$
    select case coalesce(jsonb_typeof(value), 'null')
        when 'array' then value
        when 'null' then '[]'::jsonb
        else jsonb_build_array(value)
    end
$$;

comment on function elt.list_value(jsonb) is
    'Returns the value if it is a list, a list of one for a single value, and an empty list for a missing value.';
