-- reads:    elt.source, elt.filled_table, elt.core_columns, elt.override_live, elt.create_partitions,
--           elt.merge_steps, elt.source_core
-- used by:  elt.make_live
-- careful:  the result is that of elt.merge_load for one load after the other. The core query runs once for each load,
--           because it may keep one row per key; its plan is made once. The table is changed once
create or replace function elt.merge_batch(publish_id bigint, source text, load_ids bigint[])
returns table (table_name text, rows_inserted bigint, rows_updated bigint, rows_deleted bigint)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- Compiling does not pay for a few rows each time.
set jit = off
as $$
declare
    target record;
    parts record;
    load_number bigint;
    foreign_load_id bigint;
    incoming text := 'pg_temp.elt_incoming';
begin
    delete from elt.earlier_row
    where earlier_row.load_id = any(load_ids);
    perform elt.override_live(load_ids);

    rows_deleted := 0;
    for target in
        select filled_table.*
        from elt.filled_table
        where merge_batch.source = any(filled_table.sources)
        order by filled_table.core_query_name
    loop
        table_name := target.table_name;
        parts := elt.core_columns(target.filled, target.core_query_name::regclass);
        execute format(
            'create temporary table elt_incoming on commit drop as
            select %s, null::bigint as _merged_load_id from %s with no data',
            parts.column_list, target.core_query_name
        );
        execute format(
            'prepare elt_bring as
            insert into pg_temp.elt_incoming
            select %s, current_setting(''elt.merged_load_id'')::bigint
            from %s',
            parts.column_list, target.core_query_name
        );
        foreach load_number in array load_ids loop
            perform set_config('elt.merged_load_id', load_number::text, true);
            execute 'execute elt_bring';
        end loop;
        execute 'deallocate elt_bring';
        execute format(
            'select min(_merged_load_id) from %s where _load_id is distinct from _merged_load_id', incoming
        )
        into foreign_load_id;
        if foreign_load_id is not null then
            raise exception 'core query "%" has rows whose _load_id is not that of load %',
                target.core_query_name, foreign_load_id
                using
                    errcode = 'invalid_parameter_value',
                    hint = 'Let the core query select staged._load_id. elt rollback needs it to find the rows of a load.';
        end if;
        perform elt.create_partitions(target.filled, 2);
        if parts.key_list is null then
            execute format(
                'insert into %s (%2$s) select %2$s from pg_temp.elt_incoming', target.filled, parts.column_list
            );
            get diagnostics rows_inserted = row_count;
            rows_updated := 0;
        else
            select merged.*
            into rows_inserted, rows_updated
            from elt.merge_steps(target.filled, target.core_query_name::regclass, target.table_name) as merged;
        end if;
        drop table pg_temp.elt_incoming;
        return next;
    end loop;

    perform set_config('elt.merged_load_id', '', true);
    delete from elt.live_override
    where live_override.load_id = any(load_ids);
    insert into elt.live_pointer (source, load_id, publish_id)
    values (merge_batch.source, load_ids[cardinality(load_ids)], merge_batch.publish_id)
    on conflict on constraint live_pointer_pkey do update
    set load_id = excluded.load_id, publish_id = excluded.publish_id;
    update elt.load
    set
        state = 'published',
        live_publish_id = merge_batch.publish_id,
        core_sha256 = (
            select source_core.core_sha256
            from elt.source_core
            where source_core.source = merge_batch.source
        ),
        rolled_back_at = null
    where load.load_id = any(load_ids);
end
$$;

comment on function elt.merge_batch(bigint, text, bigint[]) is
    'Makes several loads of an append or merge source live, the oldest first: merges the rows of all into core at once. They are later than every live load of the source, and none has corrected records. Returns what changed in each table.';
