-- reads:    elt.core_columns, elt.later_loads
-- used by:  elt.bring_core
-- careful:  touches only the rows of the load, so that the cost depends on the size of the load. The previous versions
--           of rows that it changes are kept in elt.earlier_row, under table_name
create or replace function elt.merge_rows(
    target regclass,
    core_query regclass,
    load_id bigint,
    table_name text,
    out rows_inserted bigint,
    out rows_updated bigint
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- Dates are kept as text in a format that does not depend on the session.
set datestyle = iso
set intervalstyle = postgres
-- Compiling pays only for large partitions, and this one may have a few rows.
set jit = off
as $$
declare
    parts record := elt.core_columns(target, core_query);
    rows_written bigint;
    -- Corrected records are as old as their file, so rows of later files are kept.
    later_loads bigint[] := elt.later_loads(load_id);
begin
    -- A temporary table has statistics. Without them the planner does not know which partition the
    -- query reads, and would scan all of core for a large load.
    execute format(
        'create temporary table elt_incoming on commit drop as select %s from %s',
        parts.column_list, core_query
    );
    analyze pg_temp.elt_incoming;
    perform elt.require_origin('pg_temp.elt_incoming', core_query, load_id);

    rows_updated := 0;
    if parts.have_data is not null then
        execute format(
            'insert into elt.earlier_row (load_id, table_name, earlier)
            select $1, $2, %s
            from pg_temp.elt_incoming as incoming
            inner join %s as have on %s
            where row(%s) is distinct from row(%s) and have._load_id <> all(%L::bigint[])',
            parts.image, target, parts.key_matches, parts.have_data, parts.incoming_data, later_loads
        )
        using load_id, table_name;
        get diagnostics rows_updated = row_count;
    end if;
    execute format(
        'insert into %1$s as have (%2$s)
        select %2$s
        from pg_temp.elt_incoming
        on conflict (%3$s) %4$s',
        target,
        parts.column_list,
        parts.key_list,
        case
            when parts.have_data is null then 'do nothing'
            else format(
                'do update set %s where row(%s) is distinct from row(%s) and have._load_id <> all(%L::bigint[])',
                parts.updates,
                parts.have_data,
                replace(parts.incoming_data, 'incoming.', 'excluded.'),
                later_loads
            )
        end
    );
    get diagnostics rows_written = row_count;
    rows_inserted := rows_written - rows_updated;

    drop table pg_temp.elt_incoming;
end
$$;

comment on function elt.merge_rows(regclass, regclass, bigint, text) is
    'Merges the rows of a load into a table with a primary key: inserts new keys, updates rows that differ and deletes none. Returns the number of rows inserted and updated.';
