-- reads:    elt.filled_table, elt.row_estimate
-- used by:  elt load and other commands that publish, after the commit
-- careful:  runs with its owner's rights, because only the owner may analyze a table. Only tables that core queries
--           fill are analyzed. Autovacuum analyzes partitions, but never the partitioned table
create or replace function elt.analyze_change(table_name text, rows_changed bigint)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    changed regclass;
begin
    select filled_table.filled
    into changed
    from elt.filled_table
    inner join pg_catalog.pg_class on filled_table.filled = pg_class.oid
    cross join elt.row_estimate(filled_table.filled) as row_estimate
    where
        filled_table.table_name = analyze_change.table_name
        and (
            -- A tenth of the rows, the same threshold as autovacuum's.
            rows_changed >= greatest(row_estimate / 10, 1)
            -- Small changes of a partitioned table, which autovacuum has noticed in the partitions.
            or (pg_class.relkind = 'p' and abs(row_estimate - pg_class.reltuples) > greatest(row_estimate / 10, 1))
        );
    if changed is null then
        return false;
    end if;
    execute format('analyze %s', changed);
    return true;
end
$$;

comment on function elt.analyze_change(text, bigint) is
    'Collects statistics of a core table if a publish changed a large share of its rows. Returns whether it did.';

revoke execute on function elt.analyze_change(text, bigint) from public;
