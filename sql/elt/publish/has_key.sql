-- reads:    elt.is_same
-- used by:  elt.purge_key
create or replace function elt.has_key(document jsonb, key jsonb)
returns boolean
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select bool_and(elt.is_same(document ->> part.name, part.value))
    from jsonb_each_text(key) as part (name, value)
$$;

comment on function elt.has_key(jsonb, jsonb) is
    'Whether an object has all values of a key at its top level. The key is an object of names and values.';
