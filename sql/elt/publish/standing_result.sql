-- reads:    elt.publish, elt.rule_result, elt.current_view, elt.object_use
-- used by:  elt.close_publish
-- careful:  a result is kept if the rule reads only staging of other sources, the core tables filled from it, and the
--           live pointer. Everything else that a rule may read may have changed: records of the engine, tables that
--           users change, functions that do not depend on their arguments alone
create or replace function elt.standing_result(publish_id bigint, sources text[])
returns table (rule text, level text, violation_count bigint, sample jsonb, run_publish_id bigint)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive latest as (
        select max(publish.publish_id) as publish_id
        from elt.publish
        where publish.state = 'published' and publish.publish_id < standing_result.publish_id
    ),

    core_queries as materialized (
        select
            current_view.name::regclass::oid as oid,
            to_regclass(current_view.header ->> 'fills')::oid as fills
        from elt.current_view
        where current_view.layer = 'core' and current_view.header ? 'fills'
    ),

    reads as (
        select
            split_part(current_view.name, '.', 2) as rule,
            to_regclass(current_view.name)::oid as oid
        from elt.current_view
        where current_view.layer = 'quality'
        union
        select
            reads.rule,
            further.oid
        from reads
        cross join lateral (
            select object_use.used_id as oid
            from elt.object_use
            where
                object_use.object_id = reads.oid
                and object_use.class_id = 'pg_catalog.pg_class'::regclass
                and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
            union all
            select core_queries.oid
            from core_queries
            where core_queries.fills = reads.oid
        ) as further
    ),

    may_have_changed as (
        select distinct reads.rule
        from reads
        inner join pg_catalog.pg_class on reads.oid = pg_class.oid
        where
            (
                pg_class.relkind <> 'v'
                and pg_class.oid not in ('elt.live_pointer'::regclass, 'elt.live_override'::regclass)
                and pg_class.oid not in (
                    select core_queries.fills
                    from core_queries
                    where core_queries.fills is not null
                )
                and (
                    pg_class.relnamespace <> 'staging'::regnamespace
                    or pg_class.relname::text = any(sources)
                )
            )
            or exists (
                select 1
                from elt.object_use
                inner join pg_catalog.pg_proc on object_use.used_id = pg_proc.oid
                where
                    object_use.object_id = reads.oid
                    and object_use.class_id = 'pg_catalog.pg_class'::regclass
                    and object_use.used_class_id = 'pg_catalog.pg_proc'::regclass
                    and pg_proc.provolatile <> 'i'
                    -- The first reads only the live loads. The second is stable only so that it can be inlined.
                    and pg_proc.oid not in (
                        'elt.column_is(text, text, text)'::regprocedure,
                        'elt.seen_date_value(text, boolean)'::regprocedure
                    )
            )
    ),

    reads_staging as (
        select distinct reads.rule
        from reads
        inner join pg_catalog.pg_class on reads.oid = pg_class.oid
        where pg_class.relnamespace = 'staging'::regnamespace
    )

    select
        rule_result.rule,
        rule_result.level,
        rule_result.violation_count,
        rule_result.sample,
        coalesce(rule_result.run_publish_id, rule_result.publish_id)
    from latest
    inner join elt.publish as before on latest.publish_id = before.publish_id
    inner join elt.publish as this on this.publish_id = standing_result.publish_id
    inner join elt.rule_result on latest.publish_id = rule_result.publish_id
    inner join reads_staging on rule_result.rule = reads_staging.rule
    where
        before.sql_sha256 = this.sql_sha256
        and rule_result.rule not in (
            select may_have_changed.rule
            from may_have_changed
        )
$$;

comment on function elt.standing_result(bigint, text[]) is
    'Returns the results of the previous publish that are still valid for this publish of these sources, because nothing that the rules read has changed.';
