-- grain:    one row per load and table that its publish changed
-- reads:    elt.load, elt.publish, elt.publish_change
-- used by:  elt loads, elt serve
-- careful:  a publish may make several loads live. Its changes are then shown for each of them, and
--           other_load_count says so
create or replace view elt.load_change as
select
    load.load_id,
    publish_change.publish_id,
    publish_change.table_name,
    publish_change.rows_inserted,
    publish_change.rows_updated,
    publish_change.rows_deleted,
    (
        select count(*)
        from elt.load as other
        where other.publish_id = load.publish_id and other.load_id <> load.load_id
    ) as other_load_count
from elt.load
inner join elt.publish on load.publish_id = publish.publish_id
inner join elt.publish_change on publish.publish_id = publish_change.publish_id
where publish.state = 'published';

comment on view elt.load_change is
    'What the publish that first made a load live changed in each table.';
comment on column elt.load_change.load_id is 'Number of the load.';
comment on column elt.load_change.publish_id is 'Publish.';
comment on column elt.load_change.table_name is 'Schema and table.';
comment on column elt.load_change.rows_inserted is 'Number of rows inserted.';
comment on column elt.load_change.rows_updated is 'Number of rows updated.';
comment on column elt.load_change.rows_deleted is 'Number of rows deleted.';
comment on column elt.load_change.other_load_count is
    'Number of other loads that the same publish made live. The changes are those of all of them.';
