-- used by:  elt.apply_limits, elt.run_rules
create or replace function elt.effective_level(level text, violation_count bigint, violation_limit bigint)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(level, case when violation_count > violation_limit then 'error' else 'warning' end)
$$;

comment on function elt.effective_level(text, bigint, bigint) is
    'Level of the result of a rule: the level of its header or, of a rule with a limit, error if it has more violations, and warning otherwise.';
