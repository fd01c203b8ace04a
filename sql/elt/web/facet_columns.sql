-- reads:    PostgreSQL's catalogue and statistics, elt.upstream
-- used by:  elt serve
-- careful:  a table that was never analyzed has none. A column of a view is found in the tables that the view reads, by
--           its name and type, because a view has no statistics
create or replace function elt.facet_columns(relation regclass)
returns setof text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with relations as (
        select facet_columns.relation::oid as oid
        union
        select read_relation::oid as oid
        from elt.upstream(facet_columns.relation) as read_relation
    ),

    -- Tables with their partitions, which may be analyzed without the whole.
    tables as (
        select relations.oid
        from relations
        union
        select pg_inherits.inhrelid as oid
        from relations
        inner join pg_catalog.pg_inherits on relations.oid = pg_inherits.inhparent
    ),

    -- A negative number of distinct values is a share of the rows.
    counted as (
        select
            pg_attribute.attname,
            pg_attribute.atttypid,
            pg_class.reltuples as row_count,
            case
                when pg_stats.n_distinct < 0 then -pg_stats.n_distinct * pg_class.reltuples
                else pg_stats.n_distinct
            end as value_count
        from tables
        inner join pg_catalog.pg_class on tables.oid = pg_class.oid and pg_class.relkind in ('r', 'p')
        inner join pg_catalog.pg_namespace on pg_class.relnamespace = pg_namespace.oid
        inner join pg_catalog.pg_attribute on pg_class.oid = pg_attribute.attrelid
        inner join pg_catalog.pg_stats
            on
                pg_namespace.nspname = pg_stats.schemaname
                and pg_class.relname = pg_stats.tablename
                and pg_attribute.attname = pg_stats.attname
    )

    select pg_attribute.attname::text
    from pg_catalog.pg_attribute
    inner join pg_catalog.pg_type on pg_attribute.atttypid = pg_type.oid
    left join counted on pg_attribute.attname = counted.attname and pg_attribute.atttypid = counted.atttypid
    where
        pg_attribute.attrelid = facet_columns.relation
        and pg_attribute.attnum > 0
        and pg_type.typcategory in ('S', 'B', 'N', 'E')
        and pg_attribute.attname not like '\_%'
    group by pg_attribute.attnum, pg_attribute.attname
    having
        bool_or(pg_type.typcategory = 'B')
        or (max(counted.value_count) between 1.5 and 20 and max(counted.value_count) * 2 <= max(counted.row_count))
    order by pg_attribute.attnum
$$;

comment on function elt.facet_columns(regclass) is
    'Returns the columns of a table or view that have few different values: booleans, and others from the statistics of PostgreSQL. The page of the table counts these values.';
