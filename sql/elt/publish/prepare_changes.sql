-- reads:    elt.changes_query, elt.count_changes, elt.part_condition, elt.prepared_name, elt.core_state, elt.prepared_part
-- used by:  elt.prepare_part
-- careful:  if the table has as many partitions as there are parts, each part reads its own partition, in the order of
--           the key. Otherwise it selects its keys from the whole table. A core query over one source mostly returns the
--           order of the key too, which the planner cannot use, but sorting sorted rows and merging both sides takes less
--           time than hashing one of them
create or replace function elt.prepare_changes(
    table_name text, target regclass, core_query regclass, reads_one_source boolean, part integer, parts integer
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    relation text := elt.prepared_name(target, part);
    partition regclass;
    change record;
begin
    select pg_class.oid::regclass
    into partition
    from pg_catalog.pg_inherits
    inner join pg_catalog.pg_class on pg_inherits.inhrelid = pg_class.oid
    where
        pg_inherits.inhparent = target
        and pg_get_expr(pg_class.relpartbound, pg_class.oid)
        = format('FOR VALUES WITH (modulus %s, remainder %s)', parts, part);
    if reads_one_source then
        perform set_config('enable_hashjoin', 'off', true);
    end if;
    execute format(
        'create table %s as %s',
        relation,
        elt.changes_query(
            target,
            core_query,
            false,
            elt.part_condition(target, part, parts, 'incoming.'),
            case
                when partition is not null then format('select * from %s', partition)
                else format(
                    'select * from %s as have where %s',
                    target, elt.part_condition(target, part, parts, 'have.')
                )
            end
        )
    );
    perform set_config('enable_hashjoin', 'on', true);
    execute format('analyze %s', relation);
    change := elt.count_changes(relation::regclass);
    insert into elt.prepared_part (
        relation, table_name, part, parts, is_partition, core_state, rows_inserted, rows_updated, rows_deleted
    )
    values (
        relation,
        table_name,
        part,
        parts,
        false,
        elt.core_state(table_name),
        change.rows_inserted,
        change.rows_updated,
        change.rows_deleted
    );
end
$$;

comment on function elt.prepare_changes(text, regclass, regclass, boolean, integer, integer) is
    'Compares one part of the keys of a core table with its core query and keeps the rows that differ in a table.';
