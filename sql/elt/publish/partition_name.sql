-- reads:    PostgreSQL's catalogue
-- used by:  elt.create_partitions, elt.use_prepared
create or replace function elt.partition_name(target regclass, part bigint)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select left(pg_class.relname, 50) || '_part_' || part
    from pg_catalog.pg_class
    where pg_class.oid = target
$$;

comment on function elt.partition_name(regclass, bigint) is
    'Returns the name of a partition of a core table, in the schema of the table.';
