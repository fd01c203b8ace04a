-- reads:    elt.core_columns, elt.require_origin, elt.load
-- used by:  elt.bring_core
-- careful:  older versions stored the rows of a replayed load in the replaying load too. Those rows are in the table
--           already, so only the rows after them are inserted
create or replace function elt.append_rows(target regclass, core_query regclass, load_id bigint)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    parts record := elt.core_columns(target, core_query);
    after_row bigint;
    rows_inserted bigint;
begin
    select load.replay_after_row
    into after_row
    from elt.load
    where load.load_id = append_rows.load_id;
    execute format(
        'create temporary table elt_incoming on commit drop as select %s from %s%s',
        parts.column_list,
        core_query,
        case when after_row is not null then format(' where _row > %s', after_row) else '' end
    );
    perform elt.require_origin('pg_temp.elt_incoming', core_query, load_id);
    execute format(
        'insert into %s (%2$s) select %2$s from pg_temp.elt_incoming', target, parts.column_list
    );
    get diagnostics rows_inserted = row_count;
    drop table pg_temp.elt_incoming;
    return rows_inserted;
end
$$;

comment on function elt.append_rows(regclass, regclass, bigint) is
    'Inserts the rows of a load into a table without a primary key and returns their number.';
