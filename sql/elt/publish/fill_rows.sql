-- reads:    elt.core_columns, elt.live_load, elt.load
-- used by:  elt.bring_core
-- careful:  PostgreSQL can run a query in parallel if its rows go into a new table, but not if they go into an existing
--           one. For many rows, the extra copy through a new table is faster
create or replace function elt.fill_rows(target regclass, core_query regclass)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    parts record := elt.core_columns(target, core_query);
    is_large boolean := exists (
        select 1
        from elt.live_load
        inner join elt.load on live_load.load_id = load.load_id
        where load.rows_staged > 200000
    );
    rows_inserted bigint;
begin
    if is_large then
        execute format(
            'create temporary table elt_incoming on commit drop as select %s from %s',
            parts.column_list, core_query
        );
        core_query := 'pg_temp.elt_incoming'::regclass;
    end if;
    execute format('insert into %s (%2$s) select %2$s from %3$s', target, parts.column_list, core_query);
    get diagnostics rows_inserted = row_count;
    if is_large then
        drop table pg_temp.elt_incoming;
        -- For the rules, which run next.
        execute format('analyze %s', target);
    end if;
    return rows_inserted;
end
$$;

comment on function elt.fill_rows(regclass, regclass) is
    'Inserts all rows of a core query into its table, which must be empty, and returns their number.';
