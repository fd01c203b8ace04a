-- reads:    elt.bigint_value
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.seen_bigint_value(value text, is_integer boolean)
returns bigint
language sql
immutable
parallel safe
as $$
    select case when is_integer then value::bigint else elt.bigint_value(value) end
$$;

comment on function elt.seen_bigint_value(text, boolean) is
    'As elt.bigint_value, but faster if all values are known to be integers: elt.column_is(..., ''integer'').';
