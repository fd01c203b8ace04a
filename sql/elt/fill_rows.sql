-- reads:    elt.core_columns
-- used by:  elt.bring_core
create or replace function elt.fill_rows(target regclass, core_query regclass)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
    parts record := elt.core_columns(target, core_query);
    rows_inserted bigint;
begin
    execute format('insert into %s (%2$s) select %2$s from %3$s', target, parts.column_list, core_query);
    get diagnostics rows_inserted = row_count;
    return rows_inserted;
end
$$;

comment on function elt.fill_rows(regclass, regclass) is
    'Inserts all that a core query says into its table, which has to be empty, and says how many rows.';
