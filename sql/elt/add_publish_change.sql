-- reads:    elt.publish_change
-- used by:  elt.refresh_sources, elt.merge_load, elt.rebuild_source, elt.take_back
create or replace function elt.add_publish_change(
    publish_id bigint, table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint
)
returns void
language sql
volatile
set search_path = ''
as $$
    insert into elt.publish_change as change (
        publish_id, table_name, rows_inserted, rows_updated, rows_deleted
    )
    values (publish_id, table_name, rows_inserted, rows_updated, rows_deleted)
    on conflict on constraint publish_change_pkey do update
    set
        rows_inserted = change.rows_inserted + excluded.rows_inserted,
        rows_updated = change.rows_updated + excluded.rows_updated,
        rows_deleted = change.rows_deleted + excluded.rows_deleted
$$;

comment on function elt.add_publish_change(bigint, text, bigint, bigint, bigint) is
    'Writes down what a publish did to a table, beside what it did to it before.';
