-- reads:    elt.core_columns, elt.part_condition, elt.prepared_name, elt.core_state, elt.prepared_part
-- used by:  elt.prepare_part
-- careful:  the check implies the bounds of the partition, so that attaching it scans nothing. If wal_level = minimal, the
--           server writes no WAL for the rows, because the table is created in the same transaction. The rows come in
--           the order of the key, so that the primary key is built fastest afterwards
create or replace function elt.prepare_partition(
    table_name text, target regclass, core_query regclass, part integer, parts integer
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    columns record := elt.core_columns(target, core_query);
    relation text := elt.prepared_name(target, part);
    rows_inserted bigint;
begin
    execute format(
        'create table %s (
            like %s including defaults including constraints including generated including storage
        )',
        relation, target
    );
    execute format(
        'insert into %s (%2$s) select %2$s from %3$s as incoming where %4$s',
        relation, columns.column_list, core_query, elt.part_condition(target, part, parts, 'incoming.')
    );
    get diagnostics rows_inserted = row_count;
    -- Checking all rows in one scan takes less time than checking each as it is inserted.
    execute format(
        'alter table %s add primary key (%s), add constraint part_check check (%s)',
        relation, columns.key_list, elt.part_condition(target, part, parts, '')
    );
    insert into elt.prepared_part (
        relation, table_name, part, parts, is_partition, core_state, rows_inserted, rows_updated, rows_deleted
    )
    values (
        relation, table_name, part, parts, true, elt.core_state(table_name), rows_inserted, 0, 0
    );
end
$$;

comment on function elt.prepare_partition(text, regclass, regclass, integer, integer) is
    'Creates and fills a future partition of a core table that has no partitions yet.';
