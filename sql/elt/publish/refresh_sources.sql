-- reads:    elt.filled_table, elt.is_prepared, elt.use_prepared, elt.drop_prepared, elt.bring_core, elt.add_publish_change, elt.note_rows_before
-- used by:  elt.make_live, elt.purge_load
-- careful:  for sources of mode replace only. Their core queries read no sources of other modes (elt.mode_problem)
create or replace function elt.refresh_sources(publish_id bigint, sources text[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    target record;
    change record;
begin
    for target in
        select filled_table.*
        from elt.filled_table
        where filled_table.sources && refresh_sources.sources
        order by filled_table.core_query_name
    loop
        if elt.is_prepared(target.table_name) then
            change := elt.use_prepared(target.table_name, target.filled);
        else
            perform elt.drop_prepared(target.table_name);
            change := elt.bring_core(
                target.filled, target.core_query_name, 'replace', null, target.table_name
            );
        end if;
        perform elt.add_publish_change(
            publish_id, target.table_name, change.rows_inserted, change.rows_updated, change.rows_deleted
        );
        perform elt.note_rows_before(publish_id, target.filled, target.table_name, target.sources);
    end loop;
end
$$;

comment on function elt.refresh_sources(bigint, text[]) is
    'Updates every table that is filled from these sources from its core query and records the changes.';
