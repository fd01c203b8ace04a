-- grain:    one row per publish of elt purge
-- reads:    elt.publish, elt.publish_change
-- used by:  elt serve
-- careful:  a purge of a load that was not live needs no publish: only its load says so. Which loads lost rows is in
--           elt.load (rows_purged, rejects_purged); it is not known by which purge
create or replace view elt.purge_status as
select
    publish.publish_id,
    publish.started_at,
    publish.published_by,
    coalesce(sum(publish_change.rows_deleted), 0)::bigint as rows_deleted,
    coalesce(sum(publish_change.rows_updated), 0)::bigint as rows_updated,
    coalesce(
        array_agg(publish_change.table_name order by publish_change.table_name) filter (
            where publish_change.rows_deleted + publish_change.rows_updated > 0
        ),
        '{}'
    ) as tables
from elt.publish
left join elt.publish_change on publish.publish_id = publish_change.publish_id
where publish.cause = 'purge'
group by publish.publish_id;

comment on view elt.purge_status is 'Purges that changed live data, with what they removed from core.';
comment on column elt.purge_status.publish_id is 'Publish of the purge.';
comment on column elt.purge_status.started_at is 'When it started.';
comment on column elt.purge_status.published_by is 'Database role that purged.';
comment on column elt.purge_status.rows_deleted is 'Number of rows removed from core tables.';
comment on column elt.purge_status.rows_updated is
    'Number of rows of core tables that got the values of an earlier load again.';
comment on column elt.purge_status.tables is 'Core tables that lost or changed rows.';
