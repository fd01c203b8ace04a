-- reads:    elt.filled_table, PostgreSQL's catalogue
-- used by:  elt.replace_files, elt.roll_back
-- careful:  a table without a primary key, or whose key has _load_id, has the rows of each load side by side
create or replace function elt.has_replaced_rows(source text)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(bool_or(
        pg_index.indrelid is not null
        and pg_attribute.attnum <> all(pg_index.indkey::int2[])
    ), false)
    from elt.filled_table
    inner join pg_catalog.pg_attribute
        on filled_table.filled = pg_attribute.attrelid and pg_attribute.attname = '_load_id'
    left join pg_catalog.pg_index
        on filled_table.filled = pg_index.indrelid and pg_index.indisprimary
    where has_replaced_rows.source = any(filled_table.sources)
$$;

comment on function elt.has_replaced_rows(text) is
    'Whether rows of a load of an append or merge source can take the place of rows of earlier loads.';
