-- reads:    elt.publish, elt.rule_result, elt.standing_result, elt.run_rules_but
-- used by:  elt.publish_loads, elt.purge_load, elt.purge_key
create or replace function elt.close_publish(publish_id bigint, sources text[])
returns void
language plpgsql
volatile
set search_path = ''
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

    insert into elt.rule_result (publish_id, rule, level, violation_count, sample)
    select
        close_publish.publish_id,
        found.rule,
        found.level,
        found.violation_count,
        found.sample
    from elt.run_rules_but(standing) as found;

    update elt.publish
    set finished_at = clock_timestamp()
    where publish.publish_id = close_publish.publish_id;
end
$$;

comment on function elt.close_publish(bigint, text[]) is
    'Ends a publish of these sources: runs the rules that read something of them, and lets the latest results of the others stand.';
