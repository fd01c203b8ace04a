-- reads:    PostgreSQL's catalogue, elt.distribution_column
-- used by:  elt.analyze_change, elt.relation
-- careful:  autovacuum updates the number of each partition, but that of the partitioned table only changes when it is
--           analyzed by command. The statistics of a distributed table are on the workers
create or replace function elt.row_estimate(relation regclass)
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    row_count bigint;
    parts regclass[] := array(
        select relation
        union
        select tree.relid
        from pg_partition_tree(relation) as tree
    );
begin
    if elt.distribution_column(relation) is null then
        select sum(greatest(pg_class.reltuples, 0))
        into row_count
        from pg_catalog.pg_class
        where pg_class.oid = any(parts) and pg_class.relkind <> 'p';
    else
        execute
            'select sum(case when success then result::bigint end) from run_command_on_workers($1)'
        into row_count
        using (
            select format(
                'select coalesce(sum(greatest(reltuples, 0)), 0)::bigint
                from pg_catalog.pg_class
                where relkind = ''r'' and relnamespace = %L::regnamespace
                and regexp_replace(relname, ''_[0-9]+$'', '''') = any(%L::text[])',
                min(pg_class.relnamespace::regnamespace::text),
                array_agg(pg_class.relname)
            )
            from pg_catalog.pg_class
            where pg_class.oid = any(parts)
        );
    end if;
    return coalesce(row_count, 0);
end
$$;

comment on function elt.row_estimate(regclass) is
    'Returns the estimated number of rows of a table and of its partitions, from the statistics of PostgreSQL. On Citus, of all its shards.';
