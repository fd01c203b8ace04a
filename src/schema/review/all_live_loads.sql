-- $1 jsonb: header of a core query. Its source, if that has mode append or merge: its live loads that are in
-- staging, the oldest first, how many are not, and the primary key of the table that it fills. Else no row.
select
    source.source,
    (
        select coalesce(array_agg(load.load_id order by load.load_id), '{}')
        from elt.load
        where
            load.source = source.source
            and load.live_publish_id is not null
            and load.staging_dropped_at is null
    ) as load_ids,
    (
        select count(*)
        from elt.load
        where
            load.source = source.source
            and load.live_publish_id is not null
            and load.staging_dropped_at is not null
    ) as loads_gone,
    elt.header_key($1::jsonb - 'grain') as key
from elt.source
where
    source.mode <> 'replace'
    and source.source = any(
        select unnest(core_query.sources)
        from elt.core_query
        where core_query.fills = $1::jsonb ->> 'fills'
    )
order by source.source
limit 1;
