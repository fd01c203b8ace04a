-- reads:    elt.filled_table, elt.live_load, elt.load, elt.publish_change, elt.core_sha256
-- used by:  elt.prepare_partition, elt.prepare_changes, elt.is_prepared
create or replace function elt.core_state(table_name text)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select format(
        'loads %s; publish %s; core queries %s',
        (
            select string_agg(
                -- A purge deletes staged rows of a load.
                format('%s without %s rows', load.load_id, load.rows_purged), ', ' order by load.load_id
            )
            from elt.filled_table
            inner join elt.live_load on live_load.source = any(filled_table.sources)
            inner join elt.load on live_load.load_id = load.load_id
            where filled_table.table_name = core_state.table_name
        ),
        (
            select max(publish_change.publish_id)
            from elt.publish_change
            where publish_change.table_name = core_state.table_name
        ),
        elt.core_sha256()
    )
$$;

comment on function elt.core_state(text) is
    'Describes what determines the rows of a core table after a publish: the live loads of its sources, the latest publish that changed it, and the core queries. If the text is the same, so are the rows.';
