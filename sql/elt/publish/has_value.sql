-- reads:    elt.is_same
-- used by:  elt.key_condition
-- careful:  immutable, because on Citus a DELETE may only call such functions. That is true for all columns but times
--           with a time zone, whose text depends on the session. Not inlined, so that the planner sees one call
create or replace function elt.has_value(stored anyelement, key text)
returns boolean
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select elt.is_same(to_jsonb(stored) #>> '{}', key)
$$;

comment on function elt.has_value(anyelement, text) is
    'Whether a column of a core table has the value of a key (elt.is_same). Dates are compared as ISO dates.';
