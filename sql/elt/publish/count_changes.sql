-- reads:    a table of changes
-- used by:  elt.replace_rows, elt.prepare_changes
create or replace function elt.count_changes(
    changes regclass, out rows_inserted bigint, out rows_updated bigint, out rows_deleted bigint
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format(
        'select
            count(*) filter (where elt_is_new),
            count(*) filter (where not elt_is_new and not elt_is_gone),
            count(*) filter (where elt_is_gone)
        from %s',
        changes
    )
    into rows_inserted, rows_updated, rows_deleted;
end
$$;

comment on function elt.count_changes(regclass) is
    'Returns how many rows a table of changes (elt.changes_query) inserts, updates and deletes.';
