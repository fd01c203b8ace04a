-- reads:    elt.publish, elt.rule_result, elt.current_view, elt.standing_result, elt.check_rule,
--           elt.check_earlier_loads, elt.apply_limits
-- used by:  elt.publish_loads, elt.purge_load, elt.purge_key
create or replace function elt.close_publish(publish_id bigint, sources text[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    standing text[];
begin
    with stands as (
        insert into elt.rule_result (publish_id, rule, level, violation_count, sample, run_publish_id)
        select
            close_publish.publish_id,
            standing_result.rule,
            standing_result.level,
            standing_result.violation_count,
            standing_result.sample,
            standing_result.run_publish_id
        from elt.standing_result(close_publish.publish_id, sources) as standing_result
        returning rule_result.rule
    )

    select coalesce(array_agg(stands.rule), '{}')
    into standing
    from stands;

    insert into elt.rule_result (publish_id, rule, level, violation_count, sample, seconds)
    select
        close_publish.publish_id,
        split_part(current_view.name, '.', 2),
        -- elt.apply_limits decides about rules with a limit.
        coalesce(current_view.header ->> 'level', 'warning'),
        found.violation_count,
        found.sample,
        found.seconds
    from elt.current_view
    cross join lateral elt.check_rule(
        current_view.name::regclass, current_view.header ->> 'holds if'
    ) as found
    where
        current_view.layer = 'quality'
        and split_part(current_view.name, '.', 2) <> all(standing);
    perform elt.check_earlier_loads(close_publish.publish_id, standing);
    perform elt.apply_limits(close_publish.publish_id);

    update elt.publish
    set finished_at = clock_timestamp()
    where publish.publish_id = close_publish.publish_id;
end
$$;

comment on function elt.close_publish(bigint, text[]) is
    'Ends a publish of these sources: runs the rules that read data of these sources and keeps the latest results of the other rules.';
