-- reads:    elt.load, elt.source, elt.filled_table, elt.bring_core, elt.source_core
-- used by:  elt.make_live, elt.take_back
-- careful:  elt load has checked before that core fits the mode (elt.mode_problem)
create or replace function elt.merge_load(publish_id bigint, load_id bigint)
returns table (table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    merged record;
    target record;
begin
    select
        source.source,
        source.mode
    into strict merged
    from elt.load
    inner join elt.source on load.source = source.source
    where load.load_id = merge_load.load_id;

    insert into elt.live_pointer (source, load_id, publish_id)
    values (merged.source, merge_load.load_id, merge_load.publish_id)
    on conflict on constraint live_pointer_pkey do update
    set load_id = excluded.load_id, publish_id = excluded.publish_id;

    delete from elt.earlier_row
    where earlier_row.load_id = merge_load.load_id;
    for target in
        select filled_table.*
        from elt.filled_table
        where merged.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        table_name := target.table_name;
        select brought.*
        into rows_inserted, rows_updated, rows_deleted
        from elt.bring_core(
            target.filled, target.core_query_name, merged.mode, merge_load.load_id, target.table_name
        ) as brought;
        return next;
    end loop;

    update elt.load
    set
        state = 'published',
        live_publish_id = merge_load.publish_id,
        core_sha256 = (
            select source_core.core_sha256
            from elt.source_core
            where source_core.source = merged.source
        ),
        rolled_back_at = null
    where load.load_id = merge_load.load_id;
end
$$;

comment on function elt.merge_load(bigint, bigint) is
    'Makes a load of an append or merge source live: moves the live pointer of the source to it and merges its rows into core. Returns what changed in each table.';
