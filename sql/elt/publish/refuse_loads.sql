-- reads:    elt.load, elt.publish, elt.rule_result
-- used by:  elt load, after it rolled a publish back
-- careful:  runs with its owner's rights, like elt.publish_loads
create or replace function elt.refuse_loads(
    load_ids bigint[], cause text, elt_version text, findings jsonb
)
returns bigint
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    with refusal as (
        insert into elt.publish (state, cause, elt_version, finished_at)
        values ('refused', cause, elt_version, now())
        returning publish.publish_id
    ),

    results as (
        insert into elt.rule_result (
            publish_id, rule, level, violation_count, sample, seconds, at_most, violation_limit, violations_before
        )
        select
            refusal.publish_id,
            found.rule,
            found.level,
            found.violation_count,
            found.sample,
            found.seconds,
            found.at_most,
            found.violation_limit,
            found.violations_before
        from refusal
        cross join jsonb_to_recordset(findings) as found (
            rule text, level text, violation_count bigint, sample jsonb, seconds double precision, at_most text,
            violation_limit bigint, violations_before bigint
        )
    ),

    loads as (
        update elt.load
        set
            state = 'refused',
            publish_id = refusal.publish_id,
            finished_at = now(),
            error = 'a rule of level error found rows'
        from refusal
        where load.load_id = any(load_ids) and load.state = 'staged'
    )

    select refusal.publish_id
    from refusal
$$;

comment on function elt.refuse_loads(bigint[], text, text, jsonb) is
    'Records that loads were refused, and the violations that the rules found. Their rows stay in staging for inspection.';

revoke execute on function elt.refuse_loads(bigint[], text, text, jsonb) from public;
