-- reads:    elt.publish_load, elt.load, elt.source, elt.filled_table, elt.retained_load, elt.has_replaced_rows
-- used by:  elt.core_at, elt.first_publish, elt diff --export
-- careful:  a source of mode replace is shown with one load, and its core queries see the loads of all their sources. Of
--           an append or merge source, the loads from the first one that differs are undone, and merged again
create or replace function elt.loads_at(publish_id bigint, table_name text)
returns table (load_id bigint, source text, action text, is_missing boolean)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with loads as (
        select
            load.load_id,
            load.source,
            load.live_publish_id is not null as is_live,
            load.staging_dropped_at is not null as is_dropped,
            coalesce(
                (
                    select noted.is_live
                    from elt.publish_load as noted
                    where noted.load_id = load.load_id and noted.publish_id <= loads_at.publish_id
                    order by noted.publish_id desc
                    limit 1
                ),
                false
            ) as was_live
        from elt.filled_table
        inner join elt.load on load.source = any(filled_table.sources)
        where filled_table.table_name = loads_at.table_name and load.state in ('published', 'purged')
    ),

    first_that_differs as (
        select min(loads.load_id) as load_id
        from loads
        where loads.is_live <> loads.was_live
    ),

    actions as (
        select
            loads.load_id,
            loads.source,
            'shown' as action,
            loads.is_dropped as is_missing
        from loads
        inner join elt.source on loads.source = source.source
        where loads.was_live and source.mode = 'replace'
        union all
        select
            loads.load_id,
            loads.source,
            'hidden' as action,
            false as is_missing
        from loads
        inner join elt.source on loads.source = source.source
        where loads.is_live and not loads.was_live and source.mode = 'replace'
        union all
        select
            loads.load_id,
            loads.source,
            'undone' as action,
            elt.has_replaced_rows(loads.source) and retained_load.load_id is null as is_missing
        from loads
        inner join elt.source on loads.source = source.source
        cross join first_that_differs
        left join elt.retained_load on loads.load_id = retained_load.load_id
        where loads.is_live and source.mode <> 'replace' and loads.load_id >= first_that_differs.load_id
        union all
        select
            loads.load_id,
            loads.source,
            'merged' as action,
            loads.is_dropped as is_missing
        from loads
        inner join elt.source on loads.source = source.source
        cross join first_that_differs
        where loads.was_live and source.mode <> 'replace' and loads.load_id >= first_that_differs.load_id
    )

    select
        actions.load_id,
        actions.source,
        actions.action,
        actions.is_missing
    from actions
    cross join first_that_differs
    where first_that_differs.load_id is not null
    order by actions.load_id, actions.action desc
$$;

comment on function elt.loads_at(bigint, text) is
    'Returns what must be done with loads to compute the rows that a core table had after a publish: shown or hidden (of a source of mode replace), undone or merged. is_missing: the rows that this needs are no longer in staging. No rows if the table has the same loads now.';
