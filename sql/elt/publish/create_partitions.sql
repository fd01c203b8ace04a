-- reads:    elt.partition_name, elt.distribution_column
-- used by:  elt.bring_core, elt.rebuild_source
-- careful:  `create table ... partition of` would lock the table against readers. A new table that is attached while it
--           is empty takes SHARE UPDATE EXCLUSIVE, as analyze does, and scans nothing
create or replace function elt.create_partitions(target regclass, modulus integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    parent record;
    partition_name text;
begin
    select
        pg_class.relnamespace::regnamespace as schema_name,
        pg_class.relowner::regrole as owner,
        ' tablespace ' || quote_ident(pg_tablespace.spcname) as placed
    into parent
    from pg_catalog.pg_class
    left join pg_catalog.pg_tablespace on pg_class.reltablespace = pg_tablespace.oid
    where
        pg_class.oid = target
        and pg_class.relkind = 'p'
        and not exists (
            select 1
            from pg_catalog.pg_inherits
            where pg_inherits.inhparent = target
        );
    if not found then
        return;
    end if;
    if elt.distribution_column(target) is not null then
        -- The shards of each partition are filled side by side already.
        modulus := 1;
    end if;
    for remainder in 0..modulus - 1 loop
        partition_name := format('%s.%I', parent.schema_name, elt.partition_name(target, remainder));
        execute format(
            'create table %s (like %s including all excluding comments excluding identity excluding statistics)%s',
            partition_name, target, parent.placed
        );
        execute format('alter table %s owner to %s', partition_name, parent.owner);
        execute format(
            'alter table %s attach partition %s for values with (modulus %s, remainder %s)',
            target, partition_name, modulus, remainder
        );
    end loop;
end
$$;

comment on function elt.create_partitions(regclass, integer) is
    'Creates the partitions of a table that is partitioned by hash and has none. A no-op for other tables.';

revoke execute on function elt.create_partitions(regclass, integer) from public;
