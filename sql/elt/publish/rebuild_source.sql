-- reads:    elt.load, elt.source, elt.require_mode, elt.filled_table, elt.bring_core, elt.create_partitions, elt.replace_rows, elt.source_core
-- used by:  elt.publish_loads
-- careful:  the rows are built in a temporary table first, so that only the rows of core that differ are written
create or replace function elt.rebuild_source(publish_id bigint, source text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    load_ids bigint[];
    load_mode text;
    target record;
    change record;
    load_number bigint;
begin
    perform elt.require_mode(rebuild_source.source);
    select
        array_agg(load.load_id order by load.load_id),
        min(source_of.mode)
    into load_ids, load_mode
    from elt.load
    inner join elt.source as source_of on load.source = source_of.source
    where load.source = rebuild_source.source and load.live_publish_id is not null;

    delete from elt.earlier_row
    where earlier_row.load_id = any(load_ids);
    for target in
        select filled_table.*
        from elt.filled_table
        where rebuild_source.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        execute format(
            'create temporary table elt_rebuilt (like %s including all) on commit drop', target.filled
        );
        foreach load_number in array load_ids loop
            update elt.live_pointer
            set load_id = load_number, publish_id = rebuild_source.publish_id
            where live_pointer.source = rebuild_source.source;
            perform elt.bring_core(
                'pg_temp.elt_rebuilt', target.core_query_name, load_mode, load_number, target.table_name
            );
        end loop;
        perform elt.create_partitions(target.filled, 2);
        change := elt.replace_rows(target.filled, 'pg_temp.elt_rebuilt', true);
        perform elt.add_publish_change(
            publish_id, target.table_name, change.rows_inserted, change.rows_updated, change.rows_deleted
        );
        drop table pg_temp.elt_rebuilt;
    end loop;

    update elt.load
    set
        live_publish_id = rebuild_source.publish_id,
        core_sha256 = (
            select source_core.core_sha256
            from elt.source_core
            where source_core.source = rebuild_source.source
        )
    where load.load_id = any(load_ids);
end
$$;

comment on function elt.rebuild_source(bigint, text) is
    'Rebuilds the core tables of an append or merge source from all its live loads, the oldest first, with the current core queries. All these loads must be in staging.';
