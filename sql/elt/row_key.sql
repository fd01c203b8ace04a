-- reads:    PostgreSQL's catalogue
-- used by:  elt views diff --rows
create or replace function elt.row_key(header jsonb, relation regclass)
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (
            select array_agg(pg_attribute.attname::text order by key_column.place)
            from pg_catalog.pg_index
            cross join lateral unnest(pg_index.indkey::int2[]) with ordinality as key_column (attnum, place)
            inner join pg_catalog.pg_attribute
                on pg_index.indrelid = pg_attribute.attrelid and key_column.attnum = pg_attribute.attnum
            where pg_index.indrelid = to_regclass(header ->> 'fills') and pg_index.indisprimary
        ),
        (
            select array_agg(named.name order by named.place)
            from regexp_split_to_table(
                substring(header ->> 'grain' from '\(([a-z_][a-z0-9_]*(?:, *[a-z_][a-z0-9_]*)*)\)'), ', *'
            ) with ordinality as named (name, place)
            having bool_and(
                exists (
                    select 1
                    from pg_catalog.pg_attribute
                    where
                        pg_attribute.attrelid = relation
                        and pg_attribute.attname = named.name
                        and pg_attribute.attnum > 0
                        and not pg_attribute.attisdropped
                )
            )
        )
    )
$$;

comment on function elt.row_key(jsonb, regclass) is
    'Columns that tell the rows of a view apart: the primary key of the table that it fills, or what its grain names in brackets, as in: one row per (a, b). Null where there are none. The header is that of its file.';
