-- reads:    elt.filled_table
-- used by:  elt.purge_key, elt.retained_from
create or replace function elt.core_has_columns(source text, names text[])
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        bool_and(
            array(
                select pg_attribute.attname::text
                from pg_catalog.pg_attribute
                where
                    pg_attribute.attrelid = filled_table.filled
                    and pg_attribute.attnum > 0
                    and not pg_attribute.attisdropped
            ) @> core_has_columns.names
        ),
        false
    )
    from elt.filled_table
    where core_has_columns.source = any(filled_table.sources)
$$;

comment on function elt.core_has_columns(text, text[]) is
    'Whether every core table filled from a source has columns with these names.';
