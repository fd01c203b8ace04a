-- $1 text: schema and name of a relation.
-- Its size and its direct readers in this database; no row if it does not exist. The row count is an estimate.
-- Reads no view of the engine, because this runs before those are applied.
with live as (
    select
        pg_class.oid,
        pg_class.relkind
    from pg_catalog.pg_class
    where pg_class.oid = to_regclass($1)
),

-- The relation itself, and the partitions of a partitioned table. pg_partition_tree has no views.
parts as (
    select live.oid
    from live
    union
    select tree.relid
    from live
    cross join lateral pg_catalog.pg_partition_tree(live.oid) as tree
)

select
    (
        select sum(greatest(pg_class.reltuples, 0))::bigint
        from parts
        inner join pg_catalog.pg_class on parts.oid = pg_class.oid
        -- After analyze, a partitioned table has the number of all its rows too.
        where pg_class.relkind <> 'p'
    ) as rows,
    (
        select sum(pg_catalog.pg_total_relation_size(parts.oid))::bigint
        from parts
    ) as bytes,
    (
        select count(*) - 1
        from parts
    ) as partitions,
    array(
        select distinct format('%I.%I', reader_schema.nspname, reader.relname) as name
        from pg_catalog.pg_depend
        inner join pg_catalog.pg_rewrite on pg_depend.objid = pg_rewrite.oid
        inner join pg_catalog.pg_class as reader on pg_rewrite.ev_class = reader.oid
        inner join pg_catalog.pg_namespace as reader_schema on reader.relnamespace = reader_schema.oid
        where
            pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
            and pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
            and pg_depend.refobjid = live.oid
            and reader.oid <> live.oid
        order by name
    ) as read_by
from live;
