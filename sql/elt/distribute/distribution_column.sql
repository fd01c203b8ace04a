-- reads:    the catalogue of Citus, if there is one
-- used by:  the functions that treat distributed tables in another way
create or replace function elt.distribution_column(target regclass)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    column_name text;
begin
    if to_regclass('pg_catalog.pg_dist_partition') is not null then
        execute
            'select column_to_column_name(logicalrelid, partkey)
            from pg_catalog.pg_dist_partition
            where logicalrelid = $1 and partmethod = ''h'''
        into column_name
        using target;
    end if;
    return column_name;
end
$$;

comment on function elt.distribution_column(regclass) is
    'Returns the column by which Citus distributes a table over its workers. Null if the table is not distributed, or if the database has no Citus.';
