-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.bigint_value(value text)
returns bigint
language sql
immutable
parallel safe
as $$
    select case
        when btrim(value, E' \t\n\r\f\v') ~ '^[+-]?[0-9]{1,18}$'
            then btrim(value, E' \t\n\r\f\v')::bigint
    end
$$;

comment on function elt.bigint_value(text) is
    'The integer that the text says: an optional sign and at most 18 digits, white space around it allowed; null for anything else.';
