-- reads:    elt.bigint_value
-- used by:  core queries of tables whose columns are 32 bits wide
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.integer_value(value text)
returns integer
language sql
immutable
parallel safe
as $$
    select case
        when elt.bigint_value(value) between -2147483648 and 2147483647
            then elt.bigint_value(value)::integer
    end
$$;

comment on function elt.integer_value(text) is
    'As elt.bigint_value, but also null for numbers that do not fit into 32 bits.';
