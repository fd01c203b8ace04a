-- reads:    elt.prepared_part, elt.apply_changes, elt.partition_name
-- used by:  elt.refresh_sources
-- careful:  attaching takes SHARE UPDATE EXCLUSIVE on the core table, and scans nothing, because the check implies the
--           bounds. No other session has seen the tables, so that renaming and altering them waits for nothing
create or replace function elt.use_prepared(
    table_name text,
    target regclass,
    out rows_inserted bigint,
    out rows_updated bigint,
    out rows_deleted bigint
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    prepared record;
    schema_name text := (select relnamespace::regnamespace::text from pg_catalog.pg_class where oid = target);
    partition text;
    key_name text;
    is_filled boolean := false;
    statistics_target text := current_setting('default_statistics_target');
begin
    rows_inserted := 0;
    rows_updated := 0;
    rows_deleted := 0;
    for prepared in
        delete from elt.prepared_part
        where prepared_part.table_name = use_prepared.table_name
        returning *
    loop
        rows_inserted := rows_inserted + prepared.rows_inserted;
        rows_updated := rows_updated + prepared.rows_updated;
        rows_deleted := rows_deleted + prepared.rows_deleted;
        if not prepared.is_partition then
            perform elt.apply_changes(
                target,
                prepared.relation::regclass,
                prepared.rows_inserted + prepared.rows_updated > 0,
                prepared.rows_deleted > 0
            );
            execute format('drop table %s', prepared.relation);
            continue;
        end if;
        partition := elt.partition_name(target, prepared.part);
        select pg_constraint.conname
        into strict key_name
        from pg_catalog.pg_constraint
        where pg_constraint.conrelid = prepared.relation::regclass and pg_constraint.contype = 'p';
        execute format('alter table %s rename constraint %I to %I', prepared.relation, key_name, partition || '_pkey');
        execute format('alter table %s rename to %I', prepared.relation, partition);
        execute format(
            'alter table %s attach partition %s.%I for values with (modulus %s, remainder %s)',
            target, schema_name, partition, prepared.parts, prepared.part
        );
        execute format('alter table %s.%I drop constraint part_check', schema_name, partition);
        is_filled := true;
    end loop;
    if is_filled then
        -- For the rules, which run next, a sample is enough. After the publish, the table is analyzed fully
        -- (elt.analyze_change).
        perform set_config('default_statistics_target', '10', true);
        execute format('analyze %s', target);
        perform set_config('default_statistics_target', statistics_target, true);
    end if;
end
$$;

comment on function elt.use_prepared(text, regclass) is
    'Attaches the prepared partitions of a core table, or applies the prepared changes. Returns the number of rows inserted, updated and deleted.';
