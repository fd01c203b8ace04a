-- reads:    elt.publish, elt.rule_result, elt.current_view, elt.violation_limit, elt.effective_level
-- used by:  elt.close_publish
-- careful:  runs after all violations are counted. Results that were kept from an earlier publish are compared again,
--           because the relation of their limit may have changed, and so may the violations before
create or replace function elt.apply_limits(publish_id bigint)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    with latest as (
        select max(publish.publish_id) as publish_id
        from elt.publish
        where publish.state = 'published' and publish.publish_id < apply_limits.publish_id
    ),

    limits as (
        select
            rule_result.rule,
            current_view.header ->> 'level' as level,
            current_view.header ->> 'at most' as at_most,
            earlier.violation_count as violations_before,
            elt.violation_limit(
                current_view.header ->> 'at most', rule_result.violation_count, earlier.violation_count
            ) as violation_limit
        from latest
        inner join elt.rule_result on rule_result.publish_id = apply_limits.publish_id
        inner join elt.current_view
            on current_view.layer = 'quality' and current_view.name = 'quality.' || rule_result.rule
        left join elt.rule_result as earlier
            on latest.publish_id = earlier.publish_id and rule_result.rule = earlier.rule
    )

    update elt.rule_result
    set
        level = elt.effective_level(limits.level, rule_result.violation_count, limits.violation_limit),
        at_most = limits.at_most,
        violation_limit = limits.violation_limit,
        violations_before = limits.violations_before
    from limits
    where rule_result.publish_id = apply_limits.publish_id and rule_result.rule = limits.rule
$$;

comment on function elt.apply_limits(bigint) is
    'Compares the violations of a publish with the limits of the rules, and records limit and level.';

revoke execute on function elt.apply_limits(bigint) from public;
