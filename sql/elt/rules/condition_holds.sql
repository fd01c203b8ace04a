-- reads:    elt.column_is
-- used by:  elt.check_rule, elt check
-- careful:  elt migrate refuses a header that this function cannot read. Text that cannot be read counts as false, so
--           that the rule runs. In PL/pgSQL, a session plans it only once
create or replace function elt.condition_holds(condition text)
returns boolean
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return (
        select coalesce(bool_and(elt.column_is(parts.words[1], parts.words[2], parts.words[3])), false)
        from regexp_split_to_table(condition, '\s+and\s+') as term (content)
        cross join lateral regexp_match(
            term.content, '^\s*([^.\s]+)\.(\S+)\s+is\s+(\S+)\s*$'
        ) as parts (words)
    );
end
$$;

comment on function elt.condition_holds(text) is
    'Whether the condition "holds if" of a rule''s header is known to be true for the live loads: "SOURCE.COLUMN is PROPERTY", several joined by "and". The properties are those of elt.column_is.';
