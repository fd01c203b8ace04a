-- reads:    PostgreSQL's catalogue
-- used by:  elt.changes_query, elt.take_back
create or replace function elt.first_key_column(target regclass)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select quote_ident(pg_attribute.attname)
    from pg_catalog.pg_index
    inner join pg_catalog.pg_attribute
        on pg_index.indrelid = pg_attribute.attrelid and pg_index.indkey[0] = pg_attribute.attnum
    where pg_index.indrelid = target and pg_index.indisprimary
$$;

comment on function elt.first_key_column(regclass) is
    'Returns the first column of the primary key of a table, quoted where necessary. It is null only where an outer join found no row.';
