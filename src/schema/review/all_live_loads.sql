-- $1 jsonb: header of a core query.
-- If its source has mode append or merge, one row: the live loads in staging, the oldest first, the number of live
-- loads that are not in staging, and the primary key of the table that the query fills.
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
