-- reads:    elt.distribution_column
-- used by:  elt.replace_rows
-- careful:  a table that is created from a query is filled in parallel, one that exists is not. On Citus, a join with a
--           temporary table would fetch all rows of core, so that the table gets the columns and the shards of its
--           target. The caller drops it. One publish runs at a time, so that the name is free
create or replace function elt.create_work_table(name text, target regclass, column_list text, query text)
returns regclass
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    distribution_column text := elt.distribution_column(target);
    work_table text := format('staging.%I', name);
begin
    if distribution_column is null then
        execute format('create temporary table %I on commit drop as %s', name, query);
        return format('pg_temp.%I', name)::regclass;
    end if;
    execute format('create unlogged table %s as select %s from %s with no data', work_table, column_list, target);
    execute 'select create_distributed_table($1, $2, colocate_with => $3)'
    using work_table::regclass, distribution_column, target::text;
    execute format('insert into %s %s', work_table, query);
    execute format('analyze %s', work_table);
    return work_table::regclass;
end
$$;

comment on function elt.create_work_table(text, regclass, text, text) is
    'Creates a table of the rows of a query, where they can be compared with a core table: a temporary one, or one that is distributed like the core table. column_list are the columns of the query as a select from the core table.';

revoke execute on function elt.create_work_table(text, regclass, text, text) from public;
