-- reads:    PostgreSQL's catalogue
-- used by:  elt.analyze_change, elt.relation
-- careful:  autovacuum updates the number of each partition, but that of the partitioned table only changes when it is
--           analyzed by command
create or replace function elt.row_estimate(relation regclass)
returns bigint
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(sum(greatest(pg_class.reltuples, 0)), 0)::bigint
    from (
        select relation as oid
        union
        select tree.relid
        from pg_partition_tree(relation) as tree
    ) as parts
    inner join pg_catalog.pg_class on parts.oid = pg_class.oid
    where pg_class.relkind <> 'p'
$$;

comment on function elt.row_estimate(regclass) is
    'Returns the estimated number of rows of a table and of its partitions, from the statistics of PostgreSQL.';
