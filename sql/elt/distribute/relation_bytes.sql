-- reads:    PostgreSQL's catalogue, elt.distribution_column
-- used by:  elt.cluster_finding; elt migrate --dry-run
create or replace function elt.relation_bytes(relation regclass)
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    bytes bigint;
begin
    execute format(
        'select sum(%s(parts.oid))::bigint
        from (
            select $1 as oid
            union
            select tree.relid from pg_partition_tree($1) as tree
        ) as parts',
        case when elt.distribution_column(relation) is null then 'pg_total_relation_size' else 'citus_total_relation_size' end
    )
    into bytes
    using relation;
    return bytes;
end
$$;

comment on function elt.relation_bytes(regclass) is
    'Returns the size of a table and its partitions with indexes, on Citus on all workers together.';
