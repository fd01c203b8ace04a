-- reads:    elt.create_partitions, elt.fill_rows, elt.replace_rows, elt.merge_rows, elt.append_rows, elt.require_origin
-- used by:  elt.refresh_sources, elt.merge_load, elt.rebuild_source
-- careful:  plain DML on the table itself, so that readers see the old rows or the new rows and never wait. On Citus,
--           exists without limit would fetch all rows from the workers
create or replace function elt.bring_core(
    target regclass,
    core_query regclass,
    mode text,
    load_id bigint,
    table_name text,
    out rows_inserted bigint,
    out rows_updated bigint,
    out rows_deleted bigint
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    is_empty boolean;
    has_key boolean := exists (
        select 1
        from pg_catalog.pg_index
        where pg_index.indrelid = target and pg_index.indisprimary
    );
begin
    rows_updated := 0;
    rows_deleted := 0;
    perform elt.create_partitions(target, 2);
    execute format('select not exists (select 1 from %s limit 1)', target) into is_empty;
    case
        when mode = 'append' and not has_key then
            rows_inserted := elt.append_rows(target, core_query, load_id);
        when is_empty then
            rows_inserted := elt.fill_rows(target, core_query);
            if mode <> 'replace' then
                perform elt.require_origin(target, core_query, load_id);
            end if;
        when mode = 'replace' then
            select replaced.*
            into rows_inserted, rows_updated, rows_deleted
            from elt.replace_rows(target, core_query, false) as replaced;
        else
            select merged.*
            into rows_inserted, rows_updated
            from elt.merge_rows(target, core_query, load_id, table_name) as merged;
    end case;
end
$$;

comment on function elt.bring_core(regclass, regclass, text, bigint, text) is
    'Updates a core table from its core query according to the mode of the source: replace makes the table equal to the query, merge and append add the rows of the load. Returns the number of rows inserted, updated and deleted. table_name is the name under which changed rows are kept.';
