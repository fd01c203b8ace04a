-- reads:    elt.filled_table
-- used by:  elt load and others that publish, after the commit
-- careful:  with its owner's rights: nobody else's statistics would count. Of tables that core queries fill,
--           and no others
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
    where
        filled_table.table_name = analyze_change.table_name
        -- A tenth of the rows, as for autovacuum.
        and rows_changed >= greatest(pg_class.reltuples / 10, 1);
    if changed is null then
        return false;
    end if;
    execute format('analyze %s', changed);
    return true;
end
$$;

comment on function elt.analyze_change(text, bigint) is
    'Collects statistics of a core table, where a publish changed so many rows that they are others now. Says whether it did.';

revoke execute on function elt.analyze_change(text, bigint) from public;
