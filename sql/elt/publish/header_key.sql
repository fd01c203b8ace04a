-- reads:    PostgreSQL's catalogue
-- used by:  elt views diff --rows
create or replace function elt.header_key(header jsonb)
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
            select array_agg(coalesce(named.name[1], named.name[2]) order by named.place)
            from regexp_matches(
                substring(
                    header ->> 'grain'
                    from '\(((?:[a-z_][a-z0-9_]*|"[^"]+")(?:, *(?:[a-z_][a-z0-9_]*|"[^"]+"))*)\)'
                ),
                '"([^"]+)"|([a-z_][a-z0-9_]*)',
                'g'
            ) with ordinality as named (name, place)
        )
    )
$$;

comment on function elt.header_key(jsonb) is
    'Returns the key columns of a view: the primary key of the table that it fills, or the columns in parentheses in its grain, such as: one row per (a, b). Null if there are none. header is the header of its file.';
