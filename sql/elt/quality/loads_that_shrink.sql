-- grain:    one row per core table that the running publish shrinks too much, and source that limits it
-- level:    error
-- reads:    elt.publish, elt.publish_change, elt.live_load, elt.source, elt.load
-- careful:  an unfinished publish is visible only in its own transaction, so elt check finds nothing here. In a table
--           without a primary key, a changed row is one deleted and one inserted row and does not count. A function
--           returns the sources that fill a table, because planning elt.filled_table takes longer than everything else
create or replace view quality.loads_that_shrink as
with shrunk as (
    select
        publish_change.publish_id,
        publish_change.table_name,
        publish_change.rows_before,
        case
            when exists (
                select 1
                from pg_catalog.pg_index
                where pg_index.indrelid = to_regclass(publish_change.table_name) and pg_index.indisprimary
            ) then publish_change.rows_deleted
            else publish_change.rows_deleted - publish_change.rows_inserted
        end as rows_deleted
    from elt.publish
    inner join elt.publish_change on publish.publish_id = publish_change.publish_id
    where
        publish.finished_at is null
        and publish.cause = 'load'
        and publish_change.rows_before is not null
)

select
    load.load_id as _load_id,
    source.source,
    shrunk.table_name,
    shrunk.rows_before,
    shrunk.rows_deleted,
    source.max_shrink
from shrunk
cross join lateral elt.sources_of(array[shrunk.table_name]) as filled (source)
inner join elt.live_load on shrunk.publish_id = live_load.publish_id and filled.source = live_load.source
inner join elt.source on live_load.source = source.source
inner join elt.load on live_load.load_id = load.load_id
where
    source.mode = 'replace'
    and not load.allows_shrink
    and shrunk.rows_deleted > source.max_shrink * shrunk.rows_before;

comment on view quality.loads_that_shrink is
    'Loads that would delete a larger share of a core table than elt.source.max_shrink allows. Check whether the file is complete. If it is, load it again with --allow-shrink, or set elt.source.max_shrink in a migration (1 allows everything). If a file holds only what is new, elt.source.mode must be append or merge.';
