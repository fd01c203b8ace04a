-- reads:    elt.core_query, elt.refresh_core
-- used by:  elt.publish_loads, elt.purge_load
create or replace function elt.refresh_sources(publish_id bigint, sources text[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
    core_query record;
    change record;
begin
    for core_query in
        select core_query_of.name::regclass as name, core_query_of.fills::regclass as fills
        from elt.core_query as core_query_of
        where core_query_of.sources && refresh_sources.sources
        order by core_query_of.name
    loop
        change := elt.refresh_core(core_query.fills, core_query.name);
        insert into elt.publish_change (
            publish_id, table_name, rows_inserted, rows_updated, rows_deleted
        )
        select
            refresh_sources.publish_id,
            format('%I.%I', pg_class.relnamespace::regnamespace, pg_class.relname),
            change.rows_inserted,
            change.rows_updated,
            change.rows_deleted
        from pg_catalog.pg_class
        where pg_class.oid = core_query.fills;
    end loop;
end
$$;

comment on function elt.refresh_sources(bigint, text[]) is
    'Brings every table that is made of these sources to what its core query says, and writes down what that changed.';
