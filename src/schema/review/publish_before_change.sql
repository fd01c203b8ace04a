-- $1 text[]: core tables
-- $2 bigint: a publish
-- The publish before the latest one, up to this one, that changed which loads of the tables' sources are live; null if
-- which loads were live is not recorded from there on.
with changes as (
    select max(publish_load.publish_id) as publish_id
    from elt.filled_table
    inner join elt.load on load.source = any(filled_table.sources)
    inner join elt.publish_load on load.load_id = publish_load.load_id
    where filled_table.table_name = any($1::text[]) and publish_load.publish_id <= $2
)

select max(publish.publish_id) as publish_id
from elt.publish
cross join changes
where
    publish.state = 'published'
    and publish.publish_id < changes.publish_id
    and publish.publish_id >= (
        select min(publish_load.publish_id)
        from elt.publish_load
    );
