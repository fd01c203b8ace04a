-- reads:    elt.prepared_part
-- used by:  elt.sweep, elt.refresh_sources, elt load
-- careful:  without the tables, a publish computes the rows itself. Runs with its owner's rights, like elt.prepare_part
create or replace function elt.drop_prepared(table_name text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    prepared record;
begin
    for prepared in
        select prepared_part.relation
        from elt.prepared_part
        where drop_prepared.table_name is null or prepared_part.table_name = drop_prepared.table_name
    loop
        execute format('drop table if exists %s', prepared.relation);
        delete from elt.prepared_part
        where prepared_part.relation = prepared.relation;
    end loop;
end
$$;

comment on function elt.drop_prepared(text) is
    'Drops what was prepared for a core table, or for all if table_name is null, and will not be published.';

revoke execute on function elt.drop_prepared(text) from public;
