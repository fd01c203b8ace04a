-- reads:    elt.publish, elt.rule_result, elt.current_view, elt.check_rule, elt.violation_limit, elt.effective_level
-- used by:  elt check
create or replace function elt.run_rules()
returns table (
    rule text,
    level text,
    violation_count bigint,
    sample jsonb,
    description text,
    at_most text,
    violation_limit bigint,
    violations_before bigint
)
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    with latest as (
        select max(publish.publish_id) as publish_id
        from elt.publish
        where publish.state = 'published'
    ),

    rules as (
        select
            current_view.name::regclass as view,
            split_part(current_view.name, '.', 2) as rule,
            current_view.header ->> 'level' as level,
            current_view.header ->> 'at most' as at_most,
            current_view.header ->> 'holds if' as holds_if
        from elt.current_view
        where current_view.layer = 'quality'
    )

    select
        rules.rule,
        elt.effective_level(rules.level, found.violation_count, allowed.violation_limit) as level,
        found.violation_count,
        found.sample,
        obj_description(rules.view, 'pg_class') as description,
        rules.at_most,
        allowed.violation_limit,
        earlier.violation_count as violations_before
    from rules
    cross join latest
    left join elt.rule_result as earlier on latest.publish_id = earlier.publish_id and rules.rule = earlier.rule
    cross join lateral elt.check_rule(rules.view, rules.holds_if) as found
    cross join lateral elt.violation_limit(
        rules.at_most, found.violation_count, earlier.violation_count
    ) as allowed (violation_limit)
    order by level asc, rules.rule asc
$$;

comment on function elt.run_rules() is
    'Runs all rules on the data that the transaction sees. Returns level, number of violations, the first five of them with their origin, the description and the limit of each rule. "Before" is the latest publish.';
