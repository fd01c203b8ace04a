-- reads:    elt.filled_table, elt.distribution_column, elt.load, elt.source, elt.live_load
-- used by:  elt.prepare_part; elt load and other commands that publish
-- careful:  small loads are published faster without preparation. How many rows are large is a setting that a database
--           or a role may have: alter database NAME set elt.rows_to_prepare = 1000000
create or replace function elt.table_to_prepare(load_ids bigint[])
returns table (table_name text, filled regclass, core_query regclass, reads_one_source boolean)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        filled_table.table_name,
        filled_table.filled,
        filled_table.core_query_name::regclass,
        cardinality(filled_table.sources) = 1
    from elt.filled_table
    inner join pg_catalog.pg_partitioned_table on filled_table.filled = pg_partitioned_table.partrelid
    where
        pg_partitioned_table.partstrat = 'h'
        -- The workers compare their shards side by side.
        and elt.distribution_column(filled_table.filled) is null
        and exists (
            select 1
            from elt.load
            where load.load_id = any(load_ids) and load.source = any(filled_table.sources)
        )
        and not exists (
            select 1
            from elt.source
            where source.source = any(filled_table.sources) and source.mode <> 'replace'
        )
        and exists (
            select 1
            from elt.load
            left join elt.live_load on load.load_id = live_load.load_id
            where
                load.source = any(filled_table.sources)
                and (live_load.load_id is not null or load.load_id = any(load_ids))
                and load.rows_staged >= coalesce(nullif(current_setting('elt.rows_to_prepare', true), '')::bigint, 200000)
        )
    order by filled_table.core_query_name
$$;

comment on function elt.table_to_prepare(bigint[]) is
    'Returns the partitioned core tables, with their core queries, whose rows are prepared before these loads are published.';
