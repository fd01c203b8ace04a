-- reads:    elt.publish, elt.publish_change
-- used by:  elt.refresh_sources, elt.merge_load, elt.rebuild_source, elt.take_back
create or replace function elt.add_publish_change(
    publish_id bigint, table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    insert into elt.publish_change as change (
        publish_id, table_name, rows_inserted, rows_updated, rows_deleted, finished_at, seconds
    )
    select
        publish.publish_id,
        table_name,
        rows_inserted,
        rows_updated,
        rows_deleted,
        clock_timestamp(),
        extract(
            epoch from clock_timestamp() - coalesce(
                (
                    select max(before.finished_at)
                    from elt.publish_change as before
                    where before.publish_id = publish.publish_id
                ),
                publish.started_at
            )
        )
    from elt.publish
    where publish.publish_id = add_publish_change.publish_id
    on conflict on constraint publish_change_pkey do update
    set
        rows_inserted = change.rows_inserted + excluded.rows_inserted,
        rows_updated = change.rows_updated + excluded.rows_updated,
        rows_deleted = change.rows_deleted + excluded.rows_deleted,
        finished_at = excluded.finished_at,
        seconds = change.seconds + excluded.seconds
$$;

comment on function elt.add_publish_change(bigint, text, bigint, bigint, bigint) is
    'Records what a publish just did to a table, and how long that took. Adds to what the publish did to the table before.';
