-- reads:    PostgreSQL's catalogue
-- used by:  elt.prepare_partition, elt.prepare_changes
-- careful:  names are cut to what PostgreSQL allows
create or replace function elt.prepared_name(target regclass, part integer)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select format('%I.%I', pg_class.relnamespace::regnamespace, left(pg_class.relname, 40) || '_prepared_' || part)
    from pg_catalog.pg_class
    where pg_class.oid = target
$$;

comment on function elt.prepared_name(regclass, integer) is
    'Returns the schema and name of the table that is prepared for one part of a core table.';
