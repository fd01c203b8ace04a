-- reads:    PostgreSQL's catalogue
-- used by:  elt.read_preview, elt.count_preview
create or replace function elt.listed_columns(relation regclass, key text[])
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        array_agg(
            pg_attribute.attname::text
            order by array_position(key, pg_attribute.attname::text), pg_attribute.attnum
        ),
        '{}'
    )
    from pg_catalog.pg_attribute
    where
        pg_attribute.attrelid = relation
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
        and pg_attribute.attname not like '\_%'
$$;

comment on function elt.listed_columns(regclass, text[]) is
    'Returns the columns of a relation, those of the key first, without those that only tell where a row came from.';
