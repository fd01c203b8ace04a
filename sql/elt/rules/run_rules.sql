-- reads:    elt.current_view, elt.check_rule
-- used by:  elt check
create or replace function elt.run_rules()
returns table (
    rule text,
    level text,
    violation_count bigint,
    sample jsonb,
    description text
)
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select
        split_part(rules.name, '.', 2),
        rules.level,
        found.violation_count,
        found.sample,
        obj_description(rules.name::regclass, 'pg_class')
    from (
        select
            current_view.name,
            current_view.header ->> 'level' as level,
            current_view.header ->> 'holds if' as holds_if
        from elt.current_view
        where current_view.layer = 'quality'
        order by
            current_view.header ->> 'level',
            current_view.name
    ) as rules
    cross join lateral elt.check_rule(rules.name::regclass, rules.holds_if) as found
$$;

comment on function elt.run_rules() is
    'Runs all rules on the data that the transaction sees. Returns level, number of violations, the first five of them with their origin, and the description of each rule.';
